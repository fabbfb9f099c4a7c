"""The tables of a Plan, described once: what planners are handed and what outside checks read."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, table

FINDINGS_TABLE: Table = table(
    """
    code text stable code, e.g. credit_code.check_digit
    severity text error | warning | note
    file text file name
    sheet text sheet name
    cell text Excel cell such as D1042, or the row or column range
    found text what stands there
    wanted text what is wanted
    remedy text how to mend it, in Chinese
    ledger text kind of ledger
    row id 1-based row, null for sheet-wide findings
    """
)

PLAN_TABLES: dict[str, Table] = {
    "enterprises": table(
        """
    enterprise_id id enterprise
    credit_code text 统一社会信用代码
    name text 企业名称
    division_code text county code, or city code
    city text name of the city
    county text name of the county, null where only the city is known
    coverage_state text CoverageState
    verified text Answer: stands in 智慧团建 with members (a hollow one does not verify)
    obligation text Obligation
    ground text duties that make it so, e.g. R13;R17
    missing_facts text ledger columns that would decide, cheapest first, ; between
    member_margin count league_members minus the threshold of three
    tiers text Tier words, ; between
    priority count points
    priority_rank id 1 = first among the targets planned for, null if not a target
    city_code text city
    county_code text county
    non_public text Answer
    scope_reason text why out of scope, null if in scope
    eligible text Answer: in scope and three members or more
    duty_bound text Answer: eligible and (Party organisation or society member)
    is_target flag listed as a target
    ground_text text the clauses in words
    priority_reasons text points with their reasons
    employees count staff
    young_employees count young staff
    league_members count League members
    party text EstablishedForm
    union flag trade union
    league_form text claimed form
    league_kind text kind, claimed or from 智慧团建
    league_name text claimed name
    verified_name text full name in 智慧团建
    youth_organisation flag youth organisation
    operating text Operating
    industry_code text GB/T 4754
    section text section letter
    sector text internet | courier | creative | null
    registration_text text as written
    control text Control
    above_scale flag above scale
    top_hundred_rank id rank on the list
    top_hundred_year id year of the list
    park_id id park
    park text name of the park
    place text building or market
    longitude real WGS-84
    latitude real WGS-84
    location text given | approximate
    """
        + WHERE
        + """
    hollow text Answer: the organisation in 智慧团建 has no members; null where none is found
    system_members count members of that organisation in 智慧团建, of several the most
    covered_by text what covers it whether in scope or not: CoverageState without out_of_scope
    """
    ),
    "duties": table(
        """
    enterprise_id id enterprise
    duty text R13 ...
    applies text Answer
    met text Answer
    """
    ),
    "recommendations": table(
        """
    enterprise_id id target
    rank id 1-3, by score or by the rule chosen (fastest, surest)
    path id number of the path, see the table paths
    path_key text key of the path
    score count log-odds in millionths
    probability real expected chance of success
    probability_low real with unknown facts at their worst and model doubt
    probability_high real with unknown facts at their best and model doubt
    lead_unit text responsible unit
    reasons text at most three, each at most 60 characters, ; between
    runner_up_gap count score of this path minus the next, in millionths (below 0 where a rule puts it first)
    flip_fact text smallest single change that would put another path first
    expected_young real chance of success x young employees, null if these are not known
    staff_hours count hours that the path takes
    days count days until the path's last step
    work_order id 1 = first to be worked on by the rule chosen; null beyond rank 1
    """
    ),
    "reasons": table(
        """
    enterprise_id id target
    path id number of the path, see the table paths
    step id 0 = base, then by weight
    fact text named fact
    value text its value as the planner reads it
    contribution count signed step in millionths; base + steps = score
    ledger text kind of ledger
    cell text file, sheet and cell of the deciding fact, e.g. 企业台账!D1042
    clause text clause of the notice
    text text the reason as a sentence
    """
    ),
    "evaluations": table(
        """
    enterprise_id id target
    path id number of the path, see the table paths
    feasible flag whether the relation exists; null cannot tell
    score count log-odds in millionths, null if not feasible
    why_not text why it is not feasible or cannot be told
    """
    ),
    "actions": table(
        """
    enterprise_id id target
    path id recommended path
    step id 1..
    action text what is to be done
    responsible text unit
    document text document to prepare
    due day date
    division_code text county of the target
    bundle text what one action serves many targets, e.g. the park; null if alone
    """
    ),
    "paths": table(
        """
    path id number of the path: 1 to 11 as in Annex 6, a province's own from 12
    path_key text key of the path, as in recommendations
    title text full title in Chinese
    title_en text full title in English
    short_title text short title in Chinese, for maps
    short_title_en text short title in English, for maps
    clause text clause that names the path
    shape text shape of its symbol on maps
    colour text colour of its symbol on maps, #rrggbb
    letter_joint flag letters to counterparts are joint notices; null where none are written
    letter_title text title of these letters
    letter_basis text what these letters rest on
    letter_duties text what counterparts are asked to do, ; between
    """
    ),
    "choices": table(
        """
    enterprise_id id target
    paths text paths that cannot be set aside, ; between
    size count how many these are
    wide flag too many to choose from: ask first
    ask_first text the unknown fact that would move these paths most; null if not wide or nothing is unknown
    calibrated flag thresholds calibrated on past attempts; else the expert's intervals
    """
    ),
    "bundles": table(
        """
    path id number of the path, see the table paths
    counterpart text who is called once: the park, headquarters, superior union ...
    lead_unit text responsible unit
    targets count targets that the call serves
    first count of these with this path first
    expected real expected foundings among them if every one is tried this way
    expected_young real young employees of these
    first_expected real expected foundings among the targets with this path first; nobody counts twice
    first_young real young employees of these
    staff_hours count hours by the path's content, one call for all
    call_order id 1 = most expected foundings
    """
    ),
    "bundle_places": table(
        """
    path id number of the path, see the table paths
    counterpart text who is called once
    division_code text county of the targets, or city where only that is known
    targets count targets in this county that the call serves
    first count of these with this path first
    expected real expected foundings among them if every one is tried this way
    expected_young real young employees of these
    first_expected real expected foundings among the targets with this path first
    first_young real young employees of these
    """
    ),
    "bundle_targets": table(
        """
    path id number of the path, see the table paths
    counterpart text who is called once
    enterprise_id id target that the call serves
    probability real expected chance of success on this path
    first flag whether it is the target's first path
    young_employees count young staff, null if not known
    lead_unit text responsible unit
    staff_hours count hours by the path's content
    """
    ),
    "joint_groups": table(
        """
    group_id id joint branch proposed, numbered from 1
    group_name text name for lists, by its seat
    enterprise_id id firm with one or two League members
    name text its name
    seat flag the firm that the others are near to
    league_members count League members of the firm
    group_members count of the whole group, three or more
    metres count geodesic distance to the seat; null where only the building is known
    place text building or market that it shares with the seat, null if none
    partners text the other firms of the group, as reasons name them
    partner_id id the one of them that is named first: the seat, or the nearest to it
    """
    ),
    "coverage": table(
        """
    division_code text division
    division text name
    level text province | city | county
    category text denominator: operating | eligible | duty_bound, or tier:<tier>
    denominator_low count firms surely in the denominator
    denominator_high count plus firms that may be
    own_low count surely own organisation and surely in the denominator
    own_high count possibly own organisation
    joint_low count surely own or jointly covered
    joint_high count possibly own or jointly covered
    verified count own or joint and found in 智慧团建 with members
    uncovered_low count surely in the denominator and surely neither own nor joint
    unknown count in the denominator or possibly so, with unknown coverage
    rate_low real lowest rate (own) that the unknowns allow, null if the denominator may be empty
    rate_high real highest rate (own)
    joint_rate_low real lowest rate (own + joint)
    joint_rate_high real highest rate (own + joint)
    must count enterprises whose obligation is must_establish
    should count should_establish
    undetermined count undetermined
    targets count targets
    set_aside count rows turned back at the door that lie here; each is within every range as one firm more
    point real estimate of the rate (own), null where nothing is known or the county is not
    point_low real low end of its 95 % interval
    point_high real high end
    joint_point real estimate of the rate (own + joint)
    joint_point_low real low end of its 95 % interval
    joint_point_high real high end
    hollow count own or joint, and the organisation has no members in 智慧团建; not in verified
    own_hollow count of these with an organisation of their own
    """
    ),
    "counted": table(
        """
    enterprise_id id enterprise that counts, or may count, in a denominator
    category text denominator: operating | eligible | duty_bound, or tier:<tier>
    inside text Answer: yes, or unknown where it may count
    own text Answer: has an organisation of its own
    covered text Answer: own or jointly covered
    """
    ),
    "county_estimates": table(
        """
    division_code text county
    division text name
    category text denominator: duty_bound | eligible | operating
    known count firms surely in the denominator whose coverage is known
    known_gap count of these neither own nor joint
    gap_smoothed real smoothed gap rate for drawing and ranking (never in annexes), null if not to be told
    gap_low real low end of its 90 % interval, all firms in doubt covered or outside
    gap_high real high end, all firms in doubt uncovered
    hot_z real Getis-Ord Gi* of the smoothed rates
    hot_p real its two-sided p over dealt-out maps
    hot text hot | cold | none at a false-discovery rate of 5 %
    """
    ),
    "links": table(
        """
    enterprise_id id enterprise whose relation is told
    other_id id the enterprise at the other end
    kind text headquarters | branch_office | leader | associated: what the other is to the enterprise
    """
    ),
    "parks": table(
        """
    park_id id park
    name text name
    level text level
    kind text kind
    division_code text division
    city text city
    county text county
    administration flag administration
    party flag Party organisation of the park
    work_committee flag League work committee of the park
    youth_home flag youth home
    enterprises count enterprises in it, this and every other count null where no enterprise names the park
    non_public count of these surely non-public and operating
    above_scale count of these above scale
    employees count staff (known values), null where not one is known
    young_employees count young staff (known values), likewise
    league_members count League members (known values), likewise
    with_party count with a Party organisation
    eligible count with three members or more
    own count with an organisation of their own
    joint count jointly covered
    verified count covered and found in 智慧团建 with members
    uncovered_duty count must or should establish
    unknown count coverage not known
    rate_low real (own + joint) / non-public, lowest
    rate_high real the same, highest
    longitude real WGS-84
    latitude real WGS-84
    location text given | approximate
    """
        + WHERE
        + """
    possible_covered count enterprises perhaps non-public, covered or perhaps so
    possible_bare count enterprises perhaps non-public, bare or perhaps so
    employees_known count non-public enterprises whose staff are known
    young_employees_known count those whose young staff are known
    league_members_known count those whose League members are known
    hollow count covered, and the organisation has no members in 智慧团建; not in verified
    """
    ),
    "societies": table(
        """
    society_id id society
    society text name
    kind text kind
    level text level
    enterprise_id id member enterprise
    appraisal flag takes part in this year's awards
    """
        + WHERE
    ),
    "findings": FINDINGS_TABLE,
}

COVERAGE_KEYS: tuple[str, ...] = ("division_code", "division", "level", "category")
COVERAGE_FIGURES: tuple[str, ...] = tuple(
    column.name for column in PLAN_TABLES["coverage"] if column.name not in COVERAGE_KEYS
)
"""The counts and rates of the table `coverage`, in its order."""
