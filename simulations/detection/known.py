"""Recorded plays as the plays that a node knows: what copies are made of, and are found among."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import Play as Compared
from consensus.anomaly.copies.play import PlayId, play_of
from consensus.anomaly.traces import Floats, Traces
from consensus.encoding import tagged_digest
from consensus.evidence import Evidence
from consensus.identifiers import EntryId
from consensus.judgement import judge
from simulations.detection.people import Play
from simulations.detection.windows import traces_in

MARGIN_US = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class KnownPlay:
    """A whole recorded play."""

    person: str
    """Who played it."""
    piece: str
    """What."""
    compared: Compared
    """As it is compared."""
    errors_ms: Floats
    """[moments of the chart] NaN where it was not hit."""


def known_play(play: Play, number: int) -> KnownPlay:
    """A recorded play as others know it; `number` tells it from the person's other plays."""
    chart, events = play.recording.chart, play.recording.events
    session = EntryId(tagged_digest("recorded play", play.person, play.piece, number))
    log = Evidence(session, 0, chart.duration_us + MARGIN_US, events, ())
    compared = replace(play_of(chart, log, judge(chart, log), 0), author=play.person)
    return KnownPlay(play.person, play.piece, compared, traces_in(play.recording).moment_errors_ms)


def library_of(known: Sequence[KnownPlay]) -> Library:
    """All of them in a library."""
    library = Library()
    for play in known:
        library.add(play.compared)
    return library


def ids_of(person: str, known: Sequence[KnownPlay]) -> Set[PlayId]:
    """What one person played."""
    return {play.compared.id for play in known if play.person == person}


def errors_of_others(
    known: Sequence[KnownPlay], left_out: Set[PlayId], window: Traces, start_us: int
) -> Floats:
    """[other plays, moments of the window] Errors of known plays in the same part of the chart."""
    others = [play for play in known if play.compared.id not in left_out]
    count = len(window.moment_starts_us)
    if not others:
        return np.empty((0, count))
    at = window.moment_starts_us[0] + start_us
    first = int(np.searchsorted(others[0].compared.key.starts_us, at))
    return np.array([play.errors_ms[first : first + count] for play in others])
