"""The flip fact: the smallest single change of one fact that would put another path first.

A change is an improvement that work can bring about (`become` words, from a known lower value), or the
answer to a question (`found` words, from an unknown one). Every path that uses the fact is scored anew under
the change, with the consequences that the registry names (three members reached: no joint branch needed). Its
size is how far it moves the new first path against the present one, with a surcharge where the new path is
not feasible yet. The smallest change wins, ties in the order of the registry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from coverage_engine.frames.coding import Coding, number
from coverage_engine.frames.dialect import Lazy, levelled, small, sure, worded
from coverage_engine.recommend.definitions import MILLION, Fact, PathBook, PathDefinition, Words, facts_of
from coverage_engine.recommend.scoring import contribution, extremes, feasible, moved_key, path_of, rank_key
from coverage_engine.recommend.wording import value_word

_SENTENCES = {
    "become": Words("若{words}，改为路径{path}", "if {words}: path {path}"),
    "found": Words("若查明{words}，改为路径{path}", "if it is found that {words}: path {path}"),
}
_NEVER = 2**62
# A relation that is only to be found out counts one log-odds more than a change within a relation; one that
# must first be made comes after everything else.
_ASCERTAINED_RELATION, _MADE_RELATION = MILLION, 100 * MILLION


@dataclass(frozen=True)
class Change:
    """One conceivable change: facts take the values of `settled`, from known lower ones or from unknown."""

    fact: Fact
    settled: Mapping[str, bool | int]
    from_unknown: bool
    words: Words

    @property
    def value(self) -> bool | int:
        """The new value of the fact itself."""
        return self.settled[self.fact.key]


def changes(book: PathBook, threshold: int) -> list[Change]:
    """Every change that the registry has words for, in the order of the registry."""
    return [change for fact in book.facts.values() for change in _changes_of(fact, book, threshold)]


def flips(
    frame: Lazy, book: PathBook, threshold: int, lang: str = "zh", happening: Sequence[int] | None = None
) -> Lazy:
    """Columns `enterprise_id` and `flip_fact` (null where no single change suffices).

    `frame` holds the facts with all scores and ranking keys (`scored`, `ranked`); `happening` are the changes
    that can happen to anybody (`happening_to`), if that is known.
    """
    possible = changes(book, threshold)
    coding = _coding(book, possible)
    plain = {
        at: _plain(change, at, book, coding) for at, change in enumerate(possible) if _is_plain(change, book)
    }
    keys = [f"key_of_{path.number}" for path in book.paths]
    moves = (_open_move(possible[at], book).alias(f"move_{at}") for at in plain)
    moved = levelled(frame.select("enterprise_id", "path_1", "path_2", "key_1", "key_2", *keys, *moves))
    quick = levelled(moved.select("enterprise_id", nw.min_horizontal(*plain.values()).alias("flip")))
    others = happening_to(frame, book, threshold) if happening is None else happening
    entangled = [levelled(_sized(frame, possible[at], at, book, coding)) for at in others]
    sized = nw.concat([quick.filter(nw.col("flip") < _NEVER), *entangled])
    smallest = sized.group_by("enterprise_id").agg(nw.col("flip").min())
    sentence = nw.col("flip") - coding.decode("size") * coding.weights["size"]
    turning = smallest.select("enterprise_id", sentence.alias("flip"))
    sentences = {
        coding.number(size=0, change=at, path=path.number): _sentence(change, path, lang)
        for at, change in enumerate(possible)
        for path in book.paths
    }
    return worded(levelled(turning), "flip", sentences, "flip_fact").select("enterprise_id", "flip_fact")


def openings(book: PathBook, threshold: int) -> dict[int, nw.Expr]:
    """Of the changes of more than one weight of one path, by their numbers, whether they can happen."""
    possible = {at: each for at, each in enumerate(changes(book, threshold)) if not _is_plain(each, book)}
    return {at: _open_to(change).alias(f"open_{at}") for at, change in possible.items()}


def happening_to(frame: Lazy, book: PathBook, threshold: int) -> list[int]:
    """The numbers of these changes that can happen to any enterprise."""
    possible = openings(book, threshold)
    counts = small(frame.select(*(holds.cast(nw.Int64).sum() for holds in possible.values()))).row(0)
    return [at for at, count in zip(possible, counts, strict=True) if count]


def _sentence(change: Change, path: PathDefinition, lang: str) -> str:
    template = _SENTENCES["found" if change.from_unknown else "become"].of(lang)
    return template.format(words=change.words.of(lang), path=path.number)


def _changes_of(fact: Fact, book: PathBook, threshold: int) -> Iterator[Change]:
    if fact.kind == "flag":
        if fact.become:
            yield _change(fact, True, False, fact.become)
        if fact.turns_out:
            yield _change(fact, True, True, fact.turns_out)
        if fact.turns_out_not:
            yield _change(fact, False, True, fact.turns_out_not)
        return
    plus = threshold if fact.plus else 0
    for level in _levels(fact, book):
        for words, unknown in ((fact.become, False), (fact.turns_out, True)):
            if words and (unknown or level >= fact.become_from):
                zh, en = (
                    words.of(lang).format(value=value_word(fact, level, plus, lang)) for lang in ("zh", "en")
                )
                yield _change(fact, level, unknown, Words(zh, en))


def _change(fact: Fact, value: bool | int, from_unknown: bool, words: Words) -> Change:
    settled: dict[str, bool | int] = {fact.key: value}
    for consequence in fact.consequences:
        if value >= consequence.start:
            settled[consequence.fact] = consequence.value
    return Change(fact, settled, from_unknown, words)


def _levels(fact: Fact, book: PathBook) -> list[int]:
    pieces = (piece for path in book.paths for piece in path.evidence if piece.fact == fact)
    return sorted({step.start for piece in pieces for step in piece.steps})


def _is_plain(change: Change, book: PathBook) -> bool:
    """Whether the change concerns one weight of one path and no condition."""
    pieces = sum(piece.fact.key in change.settled for path in book.paths for piece in path.evidence)
    conditions = (fact.key for path in book.paths for each in path.conditions for fact in each.facts)
    return pieces == 1 and not set(change.settled) & set(conditions)


def _coding(book: PathBook, possible: Sequence[Change]) -> Coding:
    """Size, change and new first path in one number: the smallest change first, then in their order."""
    spread = max(high - low for low, high in map(extremes, book.paths))
    return Coding(
        "flip",
        (
            number("size", 2 * spread + _MADE_RELATION, "what the weights can move two paths"),
            number("change", len(possible)),
            number("path", max(path.number for path in book.paths), "a path of the book"),
        ),
    )


def _plain(change: Change, at: int, book: PathBook, coding: Coding) -> nw.Expr:
    """As `_sized`, for a change of one weight: its path overtakes the first, or as the first falls behind.

    How far it moves stands in `move_…` with its number (`_open_move`).
    """
    path = _moved_path(change, book)
    move, first = nw.col(f"move_{at}"), nw.col("path_1") == path.number
    key = moved_key(nw.col(f"key_of_{path.number}"), move)
    falls = first & (key < nw.col("key_2"))
    rises = ~first & (nw.col(f"key_of_{path.number}") > 0) & (key > nw.col("key_1"))
    turned = (coding.encode(size=move.abs(), change=at, path=to) for to in (path.number, nw.col("path_2")))
    rising, falling = turned
    return nw.when(falls).then(falling).otherwise(nw.when(rises).then(rising).otherwise(nw.lit(_NEVER)))


def _open_move(change: Change, book: PathBook) -> nw.Expr:
    """How far a change of one weight moves its path; null where it cannot happen."""
    return nw.when(_open_to(change)).then(_move(_moved_path(change, book), change))


def _moved_path(change: Change, book: PathBook) -> PathDefinition:
    return next(path for path in book.paths if change.fact in facts_of(path))


def _sized(frame: Lazy, change: Change, at: int, book: PathBook, coding: Coding) -> Lazy:
    """Size, number and new first path of one change in the integer `flip`, where it turns the ranking."""
    affected = [path for path in book.paths if any(fact.key in change.settled for fact in facts_of(path))]
    moved = levelled(
        frame.filter(_open_to(change)).with_columns(
            *(_move(path, change).alias(f"move_{path.number}") for path in affected)
        )
    )
    keyed = moved.with_columns(
        *(_new_key(path, change).alias(f"new_{path.number}") for path in affected)
    ).with_columns(_top(affected, book).alias("top"))
    turned = keyed.with_columns(path_of(nw.col("top")).alias("first"))
    new_relation = nw.any_horizontal(
        *((nw.col("first") == p.number) & (nw.col(f"key_of_{p.number}") == 0) for p in affected),
        ignore_nulls=True,
    )
    surcharge = _ASCERTAINED_RELATION if change.from_unknown else _MADE_RELATION
    size = _shift(affected) + nw.when(new_relation).then(nw.lit(surcharge)).otherwise(nw.lit(0))
    differs = (nw.col("top") > 0) & (nw.col("first") != nw.col("path_1"))
    packed = coding.encode(size=size, change=at, path=nw.col("first"))
    return turned.filter(differs).select("enterprise_id", packed)


def _top(affected: Sequence[PathDefinition], book: PathBook) -> nw.Expr:
    """The greatest ranking key after the change."""
    keys = (f"new_{path.number}" if path in affected else f"key_of_{path.number}" for path in book.paths)
    return nw.max_horizontal(*(nw.col(key) for key in keys))


def _shift(affected: Sequence[PathDefinition]) -> nw.Expr:
    """How far the new first path moves against the old one; a path that is not affected does not move."""
    return (_moved(nw.col("first"), affected) - _moved(nw.col("path_1"), affected)).abs()


def _open_to(change: Change) -> nw.Expr:
    """Whether it can happen to the firm: from unknown or a known lower value, and what it needs is there."""
    value = nw.col(change.fact.key)
    if change.from_unknown:
        opened = value.is_null()
    else:
        opened = (~value if change.fact.kind == "flag" else value < change.value).fill_null(False)
    return opened & sure(nw.col(change.fact.needs)) if change.fact.needs else opened


def _move(path: PathDefinition, change: Change) -> nw.Expr:
    """How far the change moves the score of a path."""
    steps = [
        nw.lit(piece.weight_of(change.settled[piece.fact.key])).cast(nw.Int64) - contribution(piece)
        for piece in path.evidence
        if piece.fact.key in change.settled
    ]
    return nw.sum_horizontal(*steps) if steps else nw.lit(0).cast(nw.Int64)


def _new_key(path: PathDefinition, change: Change) -> nw.Expr:
    conditions = {fact.key for condition in path.conditions for fact in condition.facts}
    holds = nw.col(f"feasible_{path.number}")
    if conditions & set(change.settled):
        holds = feasible(path, change.settled)
    return rank_key(path, nw.col(f"score_{path.number}") + nw.col(f"move_{path.number}"), holds)


def _moved(number: nw.Expr, affected: Sequence[PathDefinition]) -> nw.Expr:
    moved = nw.lit(0).cast(nw.Int64)
    for path in affected:
        moved = nw.when(number == path.number).then(nw.col(f"move_{path.number}")).otherwise(moved)
    return moved
