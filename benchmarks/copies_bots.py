"""The bots that start from recordings, held against the recordings that they start from."""

from collections.abc import Iterable
from functools import cache
from random import Random
from typing import Final

from benchmarks.common import Row, at_least, informs, progress
from benchmarks.copies_people import DATA, Recorded, recorded_plays
from consensus.anomaly.copies.library import Library, Nearest
from consensus.anomaly.copies.play import play_of
from consensus.chart import Chart
from consensus.evidence import Evidence
from consensus.identifiers import EntryId
from consensus.judgement import judge
from game.bots.book import BOTS, Bot, perform
from game.bots.recording import Recording
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.window import events_between

WINDOW_US: Final = 120_000_000
ROUNDS: Final = 24
COPIERS: Final = ("copy", "copy_rate", "copy_mirror", "splice", "timewarp")
"""What they play is a known play, or pieces of some; others only take its numbers."""
CHARTS: Final = ("Aegleseeker", "MAGiCVLGiRL_ZVPH")


@cache
def _read(name: str) -> tuple[Chart, Recording]:
    path = DATA / "replays_mania" / name
    chart = chart_from_osu(next(path.parent.glob("*.osu")).read_bytes())
    return chart, Recording(chart, replay_from_osr(path.read_bytes(), chart.keys).events)


def window_of(name: str, start_us: int) -> Recording:
    """A part of a recorded play, on that part of its chart as if it were a chart of its own."""
    chart, whole = _read(name)
    events = events_between(whole.events, start_us, start_us + WINDOW_US)
    return Recording(chart.cut(start_us, WINDOW_US), events)


def caught_bots() -> Iterable[Row]:
    """By bot, the share of its plays that are told as copies."""
    plays = recorded_plays()
    library = Library()
    for number, one in enumerate(plays):
        chart, whole = _read(one.name)
        length_us = chart.duration_us + 1_000_000
        log = Evidence(EntryId(bytes(32)), number, length_us, whole.events, ())
        library.add(play_of(chart, log, judge(chart, log), 0))
    for bot in BOTS:
        if bot.sources:
            progress(f"playing as {bot.name}")
            found = list(_played(bot, plays, library))
            share = sum(one is not None and one.kind != "none" for one in found) / len(found)
            name = f"caught_bot_{bot.name}"
            is_copier = bot.name in COPIERS
            yield (
                at_least(name, share, 0.95, "share") if is_copier else informs(name, share, "share")
            )


def _played(bot: Bot, plays: list[Recorded], library: Library) -> Iterable[Nearest | None]:
    rng = Random(bot.name)
    for turn in range(ROUNDS):
        names = [one.name for one in plays if one.chart == CHARTS[turn % 2]]
        chosen = rng.sample(names, bot.sources)
        latest_us = _read(chosen[0])[0].duration_us - WINDOW_US
        start_us = rng.randrange(max(1, latest_us))
        sources = [window_of(name, start_us) for name in chosen]
        chart = sources[0].chart
        events = perform(bot, chart, sources, WINDOW_US, rng)
        log = Evidence(EntryId(bytes([1]) * 32), 0, WINDOW_US, events, ())
        yield library.nearest(play_of(chart, log, judge(chart, log), 0))
