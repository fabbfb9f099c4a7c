"""Joint branches by an exact solver (HiGHS): what the quick way is held against."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

THREE, LIMIT = 3, 6


def exact(members, near, seconds):
    """Firms covered by HiGHS and its proven upper bound: each firm joins one seat that it is near to."""
    count = len(members)
    pairs = [(firm, seat) for seat in range(count) for firm in (seat, *near[seat])]
    size = len(pairs)
    rows, columns, values, low, high = [], [], [], [], []

    def constrain(terms, least, most):
        rows.extend([len(low)] * len(terms))
        columns.extend(column for column, _ in terms)
        values.extend(value for _, value in terms)
        low.append(least)
        high.append(most)

    own = {seat: at for at, (firm, seat) in enumerate(pairs) if firm == seat}
    for firm in range(count):
        constrain([(at, 1) for at, pair in enumerate(pairs) if pair[0] == firm], 0, 1)
    for seat in range(count):
        team = [(at, firm) for at, (firm, around) in enumerate(pairs) if around == seat]
        total = [(at, members[firm] - (THREE if firm == seat else 0)) for at, firm in team]
        constrain(total, 0, np.inf)
        constrain([(at, 1 - (LIMIT if firm == seat else 0)) for at, firm in team], -np.inf, 0)
        for at, firm in team:
            if firm != seat:
                constrain([(at, 1), (own[seat], -1)], -np.inf, 0)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(low), size))
    found = milp(
        -np.ones(size),
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0.001},
    )
    covered = 0 if found.x is None else round(-found.fun)
    return covered, int(np.floor(-found.mip_dual_bound + 1e-6))
