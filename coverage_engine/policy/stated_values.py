"""Policy values in the words of duties and facts: `{league_members_threshold}` says the number in force.

A duty whose words say a value that a planner's own file laid over cites the clause of that value beside its
own: the notice alone would be misquoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from coverage_engine.content import meant
from coverage_engine.errors import PolicyError
from coverage_engine.policy.definitions import Duty, PolicyValue

_NAMED = re.compile(r"\{(\w+)\}")


def stating(text: str, values: Mapping[str, PolicyValue]) -> str:
    """A text with the value of each `{key}` in it.

    Raises:
        PolicyError: there is no value of that key.
    """

    def number(match: re.Match[str]) -> str:
        """The value in the place of its key."""
        if (key := match[1]) not in values:
            guess = f"，您是不是要写 {near}？" if (near := meant(key, values)) else "。"
            raise PolicyError(
                f"“{text}”里没有这样的参数：{key}", f"可用的见 data/policy/notice_2019_17.toml{guess}"
            )
        return str(values[key].value)

    return _NAMED.sub(number, text)


def duty_stating(duty: Duty, values: Mapping[str, PolicyValue], shipped: str) -> Duty:
    """A duty with the values that its words name; those of another file than `shipped` are cited too.

    Raises:
        PolicyError: its words name a value that there is not.
    """
    texts = (duty.title, duty.title_en, duty.condition)
    title, title_en, condition = (stating(text, values) for text in texts)
    named = dict.fromkeys(_NAMED.findall("".join(texts)))
    laid = (values[key].clause for key in named if values[key].file != shipped)
    clause = "；".join(dict.fromkeys((duty.clause, *laid)))
    return replace(duty, title=title, title_en=title_en, condition=condition, clause=clause)
