"""Trust as tables and sentences for people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from popd.cli.nearby_words import clean

if TYPE_CHECKING:
    from consensus.trust.freshness import Said
    from consensus.trust.personhood import Personhood

MAX_ROWS: Final = 40
"""More than a screen is for --json."""
MAX_VOICES: Final = 12
MAX_RATES: Final = 8
"""Columns that a screen has room for."""
ALONE: Final = 0.2
"""Up to this likeness somebody says mostly what nobody else says."""


def show_proximity(observer: str, scores: Mapping[str, float], people: int) -> None:
    """How near people are, the nearest first."""
    table = _table(f"Near to {clean(observer)}", ("person", "proximity"))
    for name, score in list(scores.items())[:MAX_ROWS]:
        table.add_row(Text(clean(name)), f"{score:.6f}")
    _console().print(table)
    _tell_rest(len(scores), "people")
    _console().print(f"{people - len(scores):,} of {people:,} are out of reach, or not trusted.")


def show_personhood(found: Mapping[str, Mapping[str, float]]) -> None:
    """How real people are, the surest first."""
    table = _table("Real, single people?", ("person", "different people", "belief", "stratum"))
    ordered = sorted(found.items(), key=lambda pair: (-pair[1]["n_eff"], pair[0]))
    for name, figures in ordered[:MAX_ROWS]:
        shown = (f"{figures['n_eff']:.2f}", f"{figures['belief']:.3f}", f"{figures['stratum']:.2f}")
        table.add_row(Text(clean(name)), *shown)
    _console().print(table)
    _tell_rest(len(ordered), "people")


def explain_personhood(
    names: Sequence[str], said: "Said", of: str, person: "Personhood", now_ms: int
) -> None:
    """Why somebody is believed to be real as far as they are."""
    from consensus.trust.freshness import ties_of
    from consensus.trust.similarity import acquaintances
    from consensus.trust.voices import voices_of

    ties = ties_of(said, len(names), now_ms)
    known = acquaintances(ties.source, ties.target, len(names))
    voices = voices_of(ties, known, names.index(of))
    weight = sum(voice.weight for voice in voices)
    is_one = len(voices) == 1
    who = "1 person acknowledges" if is_one else f"{len(voices):,} people acknowledge"
    counted = "It counts" if is_one else "They count"
    console = _console()
    console.print(
        Text(
            f"{clean(of)}: {who} them; faded with time, and counted once a month, that makes "
            f"{weight:.2f}. {counted} as {person.n_eff:.2f} different people: belief "
            f"{person.belief:.3f}, stratum {person.stratum:.2f}."
        )
    )
    table = _table("", ("by", "fresh", "says what others say", "counts"))
    for voice in voices[:MAX_VOICES]:
        shown = (f"{voice.weight:.2f}", f"{voice.alike:.0%}", f"{voice.counted:.3f}")
        table.add_row(Text(clean(names[voice.source])), *shown)
    if voices:
        console.print(table)
        _tell_rest(len(voices), "acknowledgers", MAX_VOICES)
        alone = sum(voice.alike <= ALONE for voice in voices)
        knows = "knows" if alone == 1 else "know"
        console.print(f"{alone:,} of them {knows} people whom the others don't.")
    else:
        console.print("Whoever is acknowledged by nobody counts as nobody yet.")


def show_clusters(found: Mapping[str, Any]) -> None:
    """Clusters, the rates between them, and who joins them."""
    console, clusters = _console(), found["clusters"]
    if not clusters:
        console.print("Nobody is tied to anybody yet.")
        return
    shown = clusters[:MAX_RATES]
    columns = [clean(one["name"]) for one in shown]
    table = _table("1 JAM of these is worth to ...", ("cluster", "people", *columns))
    for number, one in enumerate(shown):
        rates = found["rates"][number][: len(shown)]
        words = ("-" if rate is None else f"{rate:.3f}" for rate in rates)
        table.add_row(Text(clean(one["name"])), f"{one['size']:,}", *words)
    console.print(table)
    _tell_rest(len(clusters), "clusters", MAX_RATES)
    named = {one["id"]: clean(one["name"]) for one in clusters}
    bridges = _table("Who joins them", ("person", "without them gone", "valued in"))
    for bridge in found["bridges"][:MAX_VOICES]:
        places = ", ".join(named.get(one, "a small cluster") for one in bridge["clusters"])
        bridges.add_row(Text(clean(bridge["name"])), f"{bridge['weight']:.0%}", Text(places))
    if found["bridges"]:
        console.print(bridges)
    else:
        console.print("Nobody is valued in more than one of them.")


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=Text(title) if title else None, title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(Text(name), justify="right" if number else "left", overflow="fold")
    return table


def _tell_rest(people: int, what: str, shown: int = MAX_ROWS) -> None:
    if people > shown:
        _console().print(f"… and {people - shown:,} more {what}; --json lists all.")


def _console() -> Console:
    return Console(highlight=False)
