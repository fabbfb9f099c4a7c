"""The sentences of an explanation, Chinese and English side by side."""

from __future__ import annotations

_PHRASES: dict[str, tuple[str, str]] = {
    "not_found": ("没有找到企业“{wanted}”。{near}", "No enterprise “{wanted}”. {near}"),
    "not_found_remedy": (
        "请写台账中的企业全称或18位统一社会信用代码。",
        "give the full name in the ledger or the 18-character credit code.",
    ),
    "similar": ("相近的有：{names}。", "Similar: {names}."),
    "enterprise": ("企业：{name}（{code}）　{place}", "Enterprise: {name} ({code}), {place}"),
    "hollow": (
        "系统里没有团员，是空壳，不作核验。",
        "It has no members there: hollow, and verifies nothing.",
    ),
    "state": ("覆盖状态：{state}　智慧团建核验：{verified}", "State: {state}; found in 智慧团建: {verified}"),
    "scope": ("不在范围：{reason}", "Out of scope: {reason}"),
    "tiers": ("建团重点：{tiers}", "Tiers: {tiers}"),
    "priority": ("优先分：{points}，排第{rank}　{told}", "Priority: {points} points, rank {rank} ({told})"),
    "not_listed": ("建团目标：{reason}", "Target: {reason}"),
    "obligation": ("应建要求：{obligation}", "Obligation: {obligation}"),
    "ground": ("　依据：{ground}", "  Ground: {ground}"),
    "missing": ("　待核实的事实：{missing}", "  Facts to verify: {missing}"),
    "duty": (
        "　{duty} {title}　适用：{applies}，已做到：{met}",
        "  {duty} {title}: applies {applies}, met {met}",
    ),
    "comma": ("、", ", "),
    "no_paths": ("不是建团目标，不评估建团路径。", "Not a target: no paths are evaluated."),
    "paths": ("各条路径（对数几率，正为利、负为弊）", "Every path (log-odds, + for, - against)"),
    "path": ("路径{number} {title}", "Path {number} {title}"),
    "scored": (
        "  {title}：{score}，成功概率{chance}（{low}～{high}）",
        "  {title}: {score}, chance {chance} ({low} to {high})",
    ),
    "untold": (
        "  {title}：待核实（{why}）；若可行为{score}",
        "  {title}: cannot tell ({why}); {score} if feasible",
    ),
    "infeasible": ("  {title}：不可行，{why}", "  {title}: not feasible, {why}"),
    "base": ("基准　", "base: "),
    "cell": ("　〔{cell}〕", "  [{cell}]"),
    "unknown": (
        "      待核实：{fact}（{low}～{high}）",
        "      to verify: {fact} ({low} to {high})",
    ),
    "first": ("首选：路径{path}", "First: path {path}"),
    "runner_up": ("次选：路径{path}，相差{gap}", "Runner-up: path {path}, gap {gap}"),
    "flip": ("改变首选的最小变化：{flip}", "Smallest change that turns it: {flip}"),
    "no_flip": ("没有哪一项单独变化会改变首选。", "No single change turns it."),
    "none_feasible": ("没有可行的路径，原因见上。", "No path is feasible; the reasons stand above."),
    "ask_first": (
        "先问清：{fact}。路径{paths}一时分不出高下，问清这一项最能定下来。",
        "Ask first: {fact}. Paths {paths} cannot be told apart; this fact would move them most.",
    ),
    "open_paths": (
        "路径{paths}一时分不出高下，台账里已没有可再问的事实，可由经办人定。",
        "Paths {paths} cannot be told apart, and no ledger fact is left to ask.",
    ),
    "joint_branch": ("建议编入：{group}", "Proposed joint branch: {group}"),
    "cases": (
        "相似的过去工作（按现在台账上的事实比）",
        "Past attempts alike (by the facts of the ledgers now)",
    ),
    "no_ledger": (
        "  没有建团成果台账，还不能与过去的工作比较。",
        "  No ledger of past attempts, so there is nothing to compare with.",
    ),
    "no_cases": (
        "  建团成果台账里没有已经结束的工作。",
        "  The ledger of past attempts holds none that has ended.",
    ),
    "case": (
        "  {name}（{place}）：路径{path}，{days}，{result}",
        "  {name} ({place}): path {path}, {days}, {result}",
    ),
    "until": ("至", " to "),
    "alike": ("；相同：{facts}", "; alike: {facts}"),
    "unlike": ("；不同：{facts}", "; unlike: {facts}"),
    "relations": ("周边关系", "Neighbourhood"),
    "no_relations": ("  台账中没有关联信息。", "  No ledger ties it to anything."),
    "relation": ("  {relation}：{name}{said}", "  {relation}: {name}{said}"),
    "others": (
        "    其他分支{total}家，其中已覆盖{covered}家",
        "    {total} other establishments, {covered} covered",
    ),
    "near": (
        "  邻近企业：{total}家，其中已覆盖{covered}家：{names}",
        "  Neighbours: {total}, {covered} covered: {names}",
    ),
    "said": ("（{said}）", " ({said})"),
}


def phrase(key: str, lang: str, **names: object) -> str:
    """One sentence with its names filled in."""
    chinese, english = _PHRASES[key]
    return (english if lang == "en" else chinese).format(**names)
