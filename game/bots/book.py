"""All attackers by name: what each needs, and one with parameters drawn anew whenever asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.ar1 import Ar1
from game.bots.ar1_one_over_f import Ar1OneOverF
from game.bots.assisted import Assisted
from game.bots.carrying import carried
from game.bots.copied import Copied
from game.bots.copied_mirror import CopiedMirror
from game.bots.copied_rate import CopiedRate
from game.bots.exact import Exact
from game.bots.fitted import Fitted
from game.bots.gaussian import Gaussian
from game.bots.human_like import HumanLike
from game.bots.one_over_f import OneOverF
from game.bots.recording import Recording
from game.bots.resampled import Resampled
from game.bots.resampled_blocks import ResampledBlocks
from game.bots.retimed_best import RetimedBest
from game.bots.riff_reaction import RiffReaction
from game.bots.riff_table import RiffTable
from game.bots.splice import Splice
from game.bots.strokes import Forger, Player
from game.bots.timewarp import Timewarp
from game.bots.uniform import Uniform

Attacker: TypeAlias = Player | Forger


@dataclass(frozen=True, slots=True)
class Bot:
    """An attacker that anybody can call by name."""

    name: str
    """What to call it."""
    sources: int
    """How many recordings it needs: 0, 1 or 2."""
    how: str
    """How it works, in a sentence."""
    cost: str
    """What it costs who uses it, in a sentence."""
    make: Callable[[Random], Attacker]
    """One with its parameters drawn from the ranges in its file."""


BOTS: Final = (
    Bot(
        "exact",
        0,
        "Presses every note at its very microsecond, or a constant later.",
        "Nothing.",
        Exact.drawn,
    ),
    Bot(
        "gaussian",
        0,
        "Misses every note by its own throw from a bell curve of 2 to 25 ms.",
        "Nothing.",
        Gaussian.drawn,
    ),
    Bot(
        "uniform",
        0,
        "Misses every moment by its own throw: uniform, triangular or Laplace.",
        "Nothing.",
        Uniform.drawn,
    ),
    Bot(
        "ar1",
        0,
        "Misses every moment by a part of the error before and a new throw.",
        "A line more than independent throws.",
        Ar1.drawn,
    ),
    Bot(
        "one_over_f",
        0,
        "Drifts like 1/f^a, as people do over minutes.",
        "A Fourier transform.",
        OneOverF.drawn,
    ),
    Bot(
        "ar1_one_over_f",
        0,
        "Remembers the error before and drifts like 1/f^a.",
        "An afternoon with the literature.",
        Ar1OneOverF.drawn,
    ),
    Bot(
        "human",
        0,
        "Errs like an imagined person: memory, drift, habits of fingers, misses.",
        "A day with the literature.",
        HumanLike.drawn,
    ),
    Bot(
        "fitted",
        1,
        "Is a model of the person who played a recording, with new chance.",
        "One recording, and some weeks with the literature.",
        Fitted.drawn,
    ),
    Bot(
        "copy",
        1,
        "Plays a known play again, shifted, with up to 8 ms of noise.",
        "One recording, which every block publishes.",
        Copied.drawn,
    ),
    Bot(
        "copy_rate",
        1,
        "Plays a known play again, its errors and holds up to a tenth larger or smaller.",
        "One recording, of this chart or of the same music at another rate.",
        CopiedRate.drawn,
    ),
    Bot(
        "copy_mirror",
        1,
        "Plays a known play again with left and right exchanged within chords.",
        "One recording, of this chart or of its mirror image.",
        CopiedMirror.drawn,
    ),
    Bot(
        "resampled",
        1,
        "Gives every note the error and hold of some other note of a known play.",
        "One recording.",
        Resampled.drawn,
    ),
    Bot(
        "resampled_blocks",
        1,
        "Lays stretches of 8 to 32 moments of a known play end to end.",
        "One recording.",
        ResampledBlocks.drawn,
    ),
    Bot(
        "timewarp",
        1,
        "Was played on the slowed chart and sped up: all that is human shrinks.",
        "An easy play, and a tool to slow songs.",
        Timewarp.drawn,
    ),
    Bot(
        "splice",
        2,
        "Changes between two people's plays where the music rests.",
        "Two recordings.",
        Splice.drawn,
    ),
    Bot(
        "assisted",
        1,
        "Is a person whose presses a program pulls towards the notes.",
        "Playing, and a program between keyboard and game.",
        Assisted.drawn,
    ),
    Bot(
        "retimed_best",
        1,
        "Is a person's play whose misses and worst presses were put right afterwards.",
        "Playing, and an editor.",
        RetimedBest.drawn,
    ),
    Bot(
        "riff_table",
        0,
        "Plays like an imagined person and answers riffs from a table made beforehand.",
        "Nothing more than the play, or a witness that gives nonces away.",
        RiffTable.drawn,
    ),
    Bot(
        "riff_reaction",
        0,
        "Plays like an imagined person and answers riffs live, 150 to 900 ms after the nonce.",
        "A program that runs while the session does.",
        RiffReaction.drawn,
    ),
)


def bot_named(name: str) -> Bot:
    """The bot of that name; raises ValueError where there is none."""
    for bot in BOTS:
        if bot.name == name:
            return bot
    names = ", ".join(bot.name for bot in BOTS)
    raise ValueError(f"there is no bot {name!r}; there are {names}")


def perform(
    bot: Bot, chart: Chart, sources: Sequence[Recording], window_us: int, rng: Random
) -> tuple[KeyEvent, ...]:
    """A play of `chart` by the bot, with parameters drawn by `rng`; riffs are not asked for.

    Recordings of the same music with as many moments (faster, slower, mirrored) are carried onto
    the chart. Raises ValueError when there are too few recordings, or none that fits.
    """
    if len(sources) < bot.sources:
        raise ValueError(f"{bot.name} needs {_recordings(bot.sources)}, not {len(sources)}")
    attacker = bot.make(rng)
    if isinstance(attacker, Player):
        return attacker.play(chart, window_us, rng)
    on_chart = [carried(source, chart) for source in sources[: bot.sources]]
    return attacker.forge(on_chart, window_us, rng)


def _recordings(count: int) -> str:
    return "a recording" if count == 1 else f"{count} recordings"
