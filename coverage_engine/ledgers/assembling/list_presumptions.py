"""What is presumed of all rows of lists: places and constants, each ground once over all lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_engine.ledgers.kinds import reading_words
from coverage_engine.ledgers.tables.place_texts import place_words
from coverage_engine.ledgers.tables.row_places import Presumed
from coverage_engine.ledgers.tables.sheets import Layout

_FEW = 3


def of_lists(layouts: Sequence[Layout], places: Mapping[int, Sequence[Presumed]]) -> list[dict[str, object]]:
    """Entries of the snapshot table `presumptions`: places by ground, then constants by field and ground."""
    return [*_of_places(layouts, places), *_of_constants(layouts)]


# ---------------------------------------------------------------------------------------------- private


def _of_places(
    layouts: Sequence[Layout], places: Mapping[int, Sequence[Presumed]]
) -> list[dict[str, object]]:
    named = {layout.source: layout for layout in layouts}
    by_code: dict[str, list[tuple[Layout, int]]] = {}
    for source, presumed in sorted(places.items()):
        for each in presumed:
            by_code.setdefault(each.code, []).append((named[source], each.rows))
    words, grounds = reading_words()["presumed"]["place"], place_words()["grounds"]
    return [
        {
            "subject": f"place:{ground}",
            "source": None,
            "message": words.format(
                lists=_lists([layout for layout, _ in members]),
                count=sum(rows for _, rows in members),
                ground=grounds[ground],
            ),
        }
        for code, members in by_code.items()
        for ground in [code.removeprefix("division.").removeprefix("from_").removeprefix("refined_by_")]
    ]


def _of_constants(layouts: Sequence[Layout]) -> list[dict[str, object]]:
    by_fact: dict[tuple[str, str, str, str], list[Layout]] = {}
    for layout in layouts:
        for fact in layout.list_facts:
            assert layout.kind is not None
            header = layout.kind.column(fact.key).header
            by_fact.setdefault((fact.key, header, fact.word, fact.ground), []).append(layout)
    words, grounds = reading_words()["presumed"]["constant"], place_words()["grounds"]
    return [
        {
            "subject": f"constant:{key}",
            "source": None,
            "message": words.format(
                lists=_lists(members),
                count=sum(layout.rows.height for layout in members),
                header=header,
                word=word,
                ground=grounds[ground],
            ),
        }
        for (key, header, word, ground), members in by_fact.items()
    ]


def _lists(layouts: Sequence[Layout]) -> str:
    """Lists by file and sheet, the first few of them."""
    first = "、".join(f"{layout.raw.file} 的“{layout.raw.sheet}”" for layout in layouts[:_FEW])
    return first + (f"等 {len(layouts)} 张表" if len(layouts) > _FEW else "")
