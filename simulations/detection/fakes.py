"""All attacks on a window, each by an attacker of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.evidence import KeyEvent
from game.bots.book import BOTS, Bot, perform
from game.bots.recording import Recording
from simulations.detection.liveness import Liveness, liveness_of
from simulations.detection.people import Play
from simulations.detection.windows import Window, window_of

SCRIPTS: Final = (
    "exact",
    "gaussian",
    "uniform",
    "ar1",
    "one_over_f",
    "ar1_one_over_f",
    "human",
    "fitted",
)
"""Attacks without anybody's timing: those that tapping and drums are tried with."""


@dataclass(frozen=True, slots=True)
class Made:
    """A window's events, and who made them."""

    attack: str
    """HUMAN or the name of a bot."""
    events: Sequence[KeyEvent]
    """What was pressed."""
    liveness: Liveness | None = None
    """How riffs were answered, where any were asked."""


def fakes_of(
    window: Window, kind: str, fellows: Sequence[Play], notes: int, rng: Random
) -> Iterator[Made]:
    """Every attack on a window of `notes` notes, with parameters of its own.

    `fellows` are other people's plays of the piece, for attacks that need two.
    """
    for bot in BOTS:
        if kind != "mania" and bot.name not in SCRIPTS:
            continue
        sources = _sources(window, fellows, notes, bot, rng)
        if len(sources) < bot.sources:
            continue
        seed = rng.getrandbits(64)
        chart = window.recording.chart
        events = perform(bot, chart, sources, window.window_us, Random(seed))
        attacker = bot.make(Random(seed))  # the same one that performed
        yield Made(bot.name, events, liveness_of(attacker, chart.keys, rng))


def _sources(
    window: Window, fellows: Sequence[Play], notes: int, bot: Bot, rng: Random
) -> list[Recording]:
    """The window itself and, where two are needed, somebody else's play of the same notes."""
    sources = [window.recording][: bot.sources]
    if bot.sources == 2 and fellows:
        other = window_of(rng.choice(fellows), window.first, notes)
        if other is not None:
            sources.append(other.recording)
    return sources
