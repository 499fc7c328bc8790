"""The rates as tables for people."""

from collections.abc import Iterable, Iterator, Sequence
from math import isnan
from typing import Final

from benchmarks.common import Row
from benchmarks.detectors_rates import (
    ALARMS,
    CONCERNED,
    CONDITIONS,
    LONGEST,
    MODEL,
    SHIPPED,
    SHIPPED_LIMIT,
    Cell,
    Reactions,
    Subject,
)
from game.bots.book import BOTS
from simulations.detection.comparison import MEASURES, OUTLIERS
from simulations.detection.dataset import HUMAN
from simulations.detection.evaluation import Rate
from simulations.detection.trials import NOTES

TITLES: Final = {
    "alone": "ALONE: the play by itself.",
    "known": "KNOWN: beside all other recorded plays of the piece, sources of forgeries too.",
    "riffs": (
        "RIFFS: the play by itself, and the riffs of its session. "
        "(Others than these answer none: all caught.)"
    ),
}
FEWEST_FOR_RARE: Final = 1_000
NAME_WIDTH: Final = 17
LABEL_WIDTH: Final = 30
WIDE: Final = 13
NARROW: Final = 5
SHORT: Final = {
    MODEL: "model",
    "lag-1 memory": "lag-1",
    "frame time": "frame",
    "unstable rate low": "UR low",
    "unstable rate high": "UR high",
    "mean event interval": "interval",
    "similarity": "similar",
    "isolation forest": "isolation",
    "local outlier factor": "LOF",
}
NOTES_BELOW: Final = """\
Caught, in percent; beside it the 95 % interval, had other people been recorded (bootstrap over
people, threshold and rate anew each time). No model has seen the people whom it is asked about.
 * RIFFS: recorded people were asked no riffs, so false alarms are those of the detectors alone;
   that people answer riffs is not shown here. Attacks that answer none are caught by the law.
 * The attacks are those that were thought of, with parameters from the ranges in their files;
   nothing is claimed about others. The models learned from most of them, made from other people.
 * KNOWN is claimed of plays that the node knows; a copy of an unknown play is as in ALONE.
 * Who plays and is helped a little (assisted, retimed_best) is hardly told from who is not: under
   KNOWN they are found because the play that was helped is known here, which in life it is not.
 * All of them played one of five pieces, nearly all one of two; their clients are simulated anew,
   for people and attacks alike. Others may be accused more often, or less."""


def table(
    subject: Subject,
    cells: Sequence[Cell],
    simpler: Sequence[Cell],
    by_reaction: Sequence[Reactions],
    extra: Iterable[tuple[str, Subject, Sequence[Cell]]],
    claims: Iterable[Row],
) -> Iterator[str]:
    """The lines of all tables."""
    yield from _people("mania", subject, cells)
    for condition in CONDITIONS:
        yield ""
        yield from _condition(condition, cells)
    yield ""
    yield from _reactions(by_reaction)
    yield ""
    yield from _simpler(cells, simpler)
    for kind, other, found in extra:
        yield ""
        yield from _people(kind, other, found)
        yield from _scripts(found)
    yield ""
    yield NOTES_BELOW
    yield ""
    yield from _claims(claims)


def _people(kind: str, subject: Subject, cells: Iterable[Cell]) -> Iterator[str]:
    yield f"PEOPLE: {kind}, {len(subject.people)} people."
    yield f"{'notes':<{LABEL_WIDTH}}" + "".join(f"{notes:>{WIDE}}" for notes in NOTES)
    counts = [subject.windows_of_people(notes) for notes in NOTES]
    yield f"{'windows':<{LABEL_WIDTH}}" + "".join(f"{count:>{WIDE}}" for count in counts)
    for condition in CONDITIONS[:2]:
        found = _by_notes(cells, condition, HUMAN, SHIPPED)
        accused = [subject.people_above(condition, notes, SHIPPED_LIMIT) for notes in NOTES]
        label = f"% over {SHIPPED_LIMIT + 0.5:,.0f}, {condition}"
        yield f"{label:<{LABEL_WIDTH}}" + "".join(f"{_interval(rate):>{WIDE}}" for rate in found)
        label = f"people it happened to, {condition}"
        yield f"{label:<{LABEL_WIDTH}}" + "".join(f"{count:>{WIDE}}" for count in accused)
    for at in ALARMS:
        limits = [subject.limit("alone", notes, at) for notes in NOTES]
        label = f"threshold at {at}, alone"
        yield f"{label:<{LABEL_WIDTH}}" + "".join(
            f"{_thousands(limit):>{WIDE}}" for limit in limits
        )
    if min(counts) < FEWEST_FOR_RARE:
        yield f"With fewer than {FEWEST_FOR_RARE:,} windows, the threshold at 0.1 % is the maximum."


def _condition(condition: str, cells: Sequence[Cell]) -> Iterator[str]:
    yield TITLES[condition]
    yield (
        f"{'':<{NAME_WIDTH}}{'at 1 % false alarms':^{WIDE * 5}}"
        f"  |{'at 0.1 %':^{NARROW * 5}}  |{'as shipped':^{NARROW * 5}}"
    )
    wide = "".join(f"{notes:>{WIDE}}" for notes in NOTES)
    narrow = "".join(f"{notes:>{NARROW}}" for notes in NOTES)
    yield f"{'attack':<{NAME_WIDTH}}{wide}  |{narrow}  |{narrow}"
    concerned = [name for name in _named(cells) if name in CONCERNED[condition]]
    yield from (_attack(condition, name, cells) for name in concerned)


def _attack(condition: str, name: str, cells: Sequence[Cell]) -> str:
    first = [_interval(rate) for rate in _by_notes(cells, condition, name, "1 %")]
    rare, shipped = (
        "".join(
            f"{_percent(rate.value):>{NARROW}}" for rate in _by_notes(cells, condition, name, at)
        )
        for at in ("0.1 %", SHIPPED)
    )
    wide = "".join(f"{said:>{WIDE}}" for said in first)
    return f"{name:<{NAME_WIDTH}}{wide}  |{rare}  |{shipped}"


def _reactions(found: Iterable[Reactions]) -> Iterator[str]:
    yield "riff_reaction BY REACTION TIME: sessions that fail the riffs; windows caught in all."
    caught = f"caught, {LONGEST} notes, 1 %"
    yield f"{'mean reaction':<{NAME_WIDTH}}{'fails':>8}{caught:>26}{'of':>8}"
    for each in found:
        label = f"{each.from_ms} to {each.to_ms} ms"
        yield (
            f"{label:<{NAME_WIDTH}}{_percent(each.unanswered):>8}"
            f"{_percent(each.caught):>26}{each.sessions:>8}"
        )


def _simpler(cells: Iterable[Cell], simpler: Iterable[Cell]) -> Iterator[str]:
    yield f"SIMPLER DETECTORS on the same windows: {LONGEST} notes, 1 % false alarms."
    names = (MODEL, *MEASURES, *OUTLIERS)
    heads = "".join(f"{head:>10}" for head in ("alone", "known", *(SHORT[name] for name in names)))
    yield f"{'attack':<{NAME_WIDTH}}{heads}"
    found = {
        (cell.condition, cell.attack): cell.rate.value
        for cell in (*cells, *simpler)
        if cell.notes == LONGEST and cell.at == "1 %"
    }
    for attack in _named(cells):
        rates = [found.get((name, attack), float("nan")) for name in ("alone", "known", *names)]
        yield f"{attack:<{NAME_WIDTH}}" + "".join(f"{_percent(rate):>10}" for rate in rates)
    yield "`model` is ALONE without the hard limits, which some people break as well."
    yield "Unstable rate, interval and similarity are what players' tools look at; known plays help"
    yield "`known` and `similar` alone."


def _scripts(cells: Iterable[Cell]) -> Iterator[str]:
    yield f"{'caught as shipped, alone':<{LABEL_WIDTH}}" + "".join(
        f"{notes:>{WIDE}}" for notes in NOTES
    )
    for name in _named(cells):
        rates = _by_notes(cells, "alone", name, SHIPPED)
        yield f"{name:<{LABEL_WIDTH}}" + "".join(f"{_interval(rate):>{WIDE}}" for rate in rates)


def _claims(rows: Iterable[Row]) -> Iterator[str]:
    yield f"CLAIMS ({LONGEST} notes, 1 % false alarms; people at the shipped threshold)"
    for row in rows:
        sign = "<=" if "flagged" in row.name else ">="
        goal = "" if row.goal is None else f"{sign} {row.goal:<6g}"
        verdict = "" if row.goal is None else "holds" if row.holds else "FAILS"
        yield f"{row.name:<34}{row.value:>10.4f}  {goal} {verdict}"


def _named(cells: Iterable[Cell]) -> list[str]:
    """The attacks that were tried, in the order of the book."""
    tried = {cell.attack for cell in cells}
    return [bot.name for bot in BOTS if bot.name in tried]


def _by_notes(cells: Iterable[Cell], condition: str, attack: str, at: str) -> list[Rate]:
    nothing = Rate(float("nan"), float("nan"), float("nan"))
    found = {
        cell.notes: cell.rate
        for cell in cells
        if (cell.condition, cell.attack, cell.at) == (condition, attack, at)
    }
    return [found.get(notes, nothing) for notes in NOTES]


def _percent(share: float) -> str:
    if isnan(share):
        return "-"
    percent = 100 * share
    return f"{percent:.1f}" if 0 < percent < 9.95 else f"{percent:.0f}"


def _interval(rate: Rate) -> str:
    if isnan(rate.value) or isnan(rate.low):
        return _percent(rate.value)
    return f"{_percent(rate.value)} {f'{100 * rate.low:.0f}-{100 * rate.high:.0f}':>7}"


def _thousands(limit: float) -> str:
    return "-" if isnan(limit) else f"{limit:,.0f}"
