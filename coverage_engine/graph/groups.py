"""Groups: the tree of branch offices under a headquarters, and the cycles that a group must not have."""

from __future__ import annotations

import networkx as nx
import polars as pl

from coverage_engine.model.snapshot import Snapshot


def group_tree(snapshot: Snapshot, headquarters_id: int) -> nx.DiGraph:
    """Headquarters and branch offices below it, through offices that are headquarters themselves.

    Nodes `headquarters:id`, `enterprise:id` and `office:number` (in no 企业台账) with `kind`, `name` and
    `depth`; edges from the directing to the directed. A cycle closes on a node already there and is not
    followed again.

    Raises:
        KeyError: no such headquarters in the snapshot.
    """
    names = _names(snapshot["headquarters"], "headquarters_id")
    if headquarters_id not in names:
        raise KeyError(headquarters_id)
    firms = _names(snapshot["enterprises"], "enterprise_id")
    offices, headed, unlisted = _offices(snapshot), _headed(snapshot), _unlisted(snapshot)
    tree = nx.DiGraph()
    tree.add_node(
        f"headquarters:{headquarters_id}", kind="headquarters", name=names[headquarters_id], depth=0
    )
    waiting = [(headquarters_id, f"headquarters:{headquarters_id}", 0)]
    entered = {headquarters_id}
    while waiting:
        current, node, depth = waiting.pop(0)
        for office in offices.get(current, []):
            below = f"enterprise:{office}"
            if below not in tree:
                tree.add_node(below, kind="enterprise", name=firms.get(office, ""), depth=depth + 1)
            tree.add_edge(node, below)
            for lower in headed.get(office, []):
                if lower not in entered:
                    entered.add(lower)
                    waiting.append((lower, below, depth + 1))
        for number, name in unlisted.get(current, []):
            tree.add_node(f"office:{number}", kind="office", name=name, depth=depth + 1)
            tree.add_edge(node, f"office:{number}")
    return tree


def group_cycles(snapshot: Snapshot) -> list[tuple[int, ...]]:
    """Headquarters that stand under themselves through their offices: each cycle once, smallest id first."""
    directed = nx.DiGraph()
    offices, headed = _offices(snapshot), _headed(snapshot)
    for upper, below in offices.items():
        for office in below:
            directed.add_edges_from((upper, lower) for lower in headed.get(office, []))
    cycles = []
    for cycle in nx.simple_cycles(directed):
        first = cycle.index(min(cycle))
        cycles.append(tuple(cycle[first:] + cycle[:first]))
    return sorted(cycles)


def _names(table: pl.DataFrame, key: str) -> dict[int, str]:
    return dict(table.select(key, pl.col("name").fill_null("")).iter_rows())


def _offices(snapshot: Snapshot) -> dict[int, list[int]]:
    pairs = snapshot["branch_offices"].select("headquarters_id", "enterprise_id").unique().sort(pl.all())
    offices: dict[int, list[int]] = {}
    for headquarters, office in pairs.iter_rows():
        offices.setdefault(headquarters, []).append(office)
    return offices


def _unlisted(snapshot: Snapshot) -> dict[int, list[tuple[int, str]]]:
    """The offices that no 企业台账 has, numbered, by headquarters."""
    offices: dict[int, list[tuple[int, str]]] = {}
    rows = snapshot["unlisted_offices"].select("headquarters_id", "name").sort(pl.all())
    for number, (headquarters, name) in enumerate(rows.iter_rows()):
        offices.setdefault(headquarters, []).append((number, name))
    return offices


def _headed(snapshot: Snapshot) -> dict[int, list[int]]:
    """Enterprise to the headquarters that it is."""
    known = snapshot["headquarters"].drop_nulls("enterprise_id").select("enterprise_id", "headquarters_id")
    headed: dict[int, list[int]] = {}
    for enterprise, headquarters in known.sort(pl.all()).iter_rows():
        headed.setdefault(enterprise, []).append(headquarters)
    return headed
