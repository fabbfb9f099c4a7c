"""What the hand-written peers of the plan core are told: weights and conditions of `paths/`, the distance.

Read from the same content as the product, by other means; no line of the product is used. Weights are
integers: millionths of log-odds. `metres` is the definition of a distance that the peers of path 11 share.
"""

import json
import tomllib
from pathlib import Path

MILLION = 1_000_000
UNTOLD = -(2**31)
CONTENT = Path(__file__).parents[2] / "paths"


class Told:
    """The eleven paths, the words of the trades, and what was handed in."""

    def __init__(self, file):
        told = json.loads(Path(file).read_text("utf-8"))
        self.kinds, self.threshold = frozenset(told["kinds"]), told["threshold"]
        kinds = {key: fact["kind"] for key, fact in toml("facts.toml").items()} | plain_kinds()
        self.paths = [path_of(toml(file.name), kinds) for file in sorted(CONTENT.glob("[01]*.toml"))]
        self.radius = toml("11_flexible_gathering.toml")["settings"]["radius_metres"]["value"]
        trades = toml("trades.toml")
        self.trades = {**trades["sections"], **trades["sectors"]}

    def absent(self, kind):
        """What a missing link means, as a code: no (0) where the ledger was handed in, else unknown (1)."""
        return 0 if kind in self.kinds else 1


def toml(name):
    return tomllib.loads((CONTENT / name).read_text("utf-8"))


def plain_kinds():
    """The kinds of the facts that stand in a column of the firm and that paths may name."""
    file = CONTENT.parent / "data" / "facts" / "enterprises.toml"
    facts = tomllib.loads(file.read_text("utf-8"))["fact"]
    return {fact["key"]: fact["path"].get("kind", fact["kind"]) for fact in facts if "path" in fact}


def path_of(content, kinds):
    """Number, base, conditions and evidence: a flag as (fact, (no, unknown, yes)), else (fact, steps)."""
    evidence = []
    for piece in content["evidence"]:
        if kinds[piece["fact"]] == "flag":
            weights = (millionths(piece["when_false"]), 0, millionths(piece["when_true"]))
            evidence.append((piece["fact"], "flag", weights))
        else:
            steps = [(step["from"], millionths(step["weight"])) for step in piece["steps"]]
            evidence.append((piece["fact"], "steps", steps))
    conditions = [(tuple(each["any"]), each.get("allow_unknown", False)) for each in content["conditions"]]
    return {
        "number": content["number"], "base": millionths(content["base"]),
        "conditions": conditions, "evidence": evidence,
    }  # fmt: skip


def millionths(weight):
    return round(weight * MILLION)


# Coordinates in ten-millionths of a degree, scales in nanometres to a unit, from the series of the ellipsoid.


def cosine(latitude):
    angle = latitude * 0.017453292519943295
    square = angle * angle
    told = 1.0
    for pair in range(18, 0, -2):
        told = 1.0 - square * told * (1.0 / (pair * (pair - 1)))
    return told


def scales(latitude):
    """Nanometres to a unit of latitude and of longitude, before they are made whole."""
    told = cosine(latitude)
    twice = told * told * 2.0 - 1.0
    fourth = twice * twice * 2.0 - 1.0
    north = 111_132.954 - twice * 559.822 + fourth * 1.175
    square = told * told
    third = told * (square * 4.0 - 3.0)
    fifth = told * (square * square * 16.0 - square * 20.0 + 5.0)
    east = told * 111_412.84 - third * 93.5 + fifth * 0.118
    return north * 100.0 + 0.5, east * 100.0 + 0.5
