"""Whatever bot of the book is called, on whatever chart: one keyboard could have played it."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import Evidence, KeyEvent, check_evidence
from consensus.identifiers import EntryId
from consensus.judgement import Judgement, judge_notes
from game.bots.book import BOTS, Bot, bot_named, perform
from game.bots.exact import Exact
from game.bots.human_like import HumanLike
from game.bots.recording import Recording

WINDOW_US = 60_000_000
NAMES = [
    "exact", "gaussian", "uniform", "ar1", "one_over_f", "ar1_one_over_f", "human", "fitted",
    "copy", "copy_rate", "copy_mirror", "resampled", "resampled_blocks", "timewarp", "splice",
    "assisted", "retimed_best", "riff_table", "riff_reaction",
]  # fmt: skip
every_bot = pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)


def check_possible(events: Sequence[KeyEvent], keys: int, window_us: int) -> None:
    check_evidence(Evidence(EntryId(bytes(32)), 0, window_us, tuple(events), ()))
    assert all(event.lane < keys for event in events)
    down: set[int] = set()
    for event in events:
        assert event.is_press == (event.lane not in down)
        down ^= {event.lane}


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    keys = draw(st.integers(1, 18))
    places = st.tuples(st.integers(0, 400), st.integers(0, keys - 1))
    notes = draw(st.dictionaries(places, st.sampled_from((0, 0, 30_000, 700_000)), max_size=80))
    return Chart(
        "",
        "",
        keys,
        (TimingPoint(0, 500_000),),
        tuple(Note(at * 25_000, lane, held) for (at, lane), held in sorted(notes.items())),
    )


def test_the_book_holds_every_attacker_of_the_specification():
    assert [bot.name for bot in BOTS] == NAMES
    assert all(bot_named(name).name == name for name in NAMES)


@every_bot
@settings(max_examples=12)
@given(charts(), st.integers(0, 2**32))
def test_any_bot_plays_any_chart_as_one_keyboard_could(bot: Bot, chart: Chart, seed: int):
    sources = [
        Recording(chart, HumanLike().play(chart, 9_000_000, Random(seed + i))) for i in range(2)
    ]
    if chart.notes and any(event.is_press for event in sources[0].events):
        events = perform(bot, chart, sources, 9_000_000, Random(seed))
        check_possible(events, chart.keys, 9_000_000)


@every_bot
def test_the_same_seed_gives_the_same_play_and_another_seed_another(bot: Bot, song, recorded):
    sources = [recorded(1), recorded(2)]
    first, again, other = (perform(bot, song, sources, WINDOW_US, Random(s)) for s in (5, 5, 6))
    assert first == again
    assert first != other


@every_bot
@pytest.mark.parametrize("seed", range(3))
def test_every_bot_plays_well_enough_to_be_paid(bot: Bot, seed: int, song, recorded):
    events = perform(bot, song, [recorded(1), recorded(2)], WINDOW_US, Random(seed))
    assert Judgement(judge_notes(song.notes, events), (), 0).accuracy_ppm > 700_000


@every_bot
def test_a_chart_without_notes_is_played_in_silence(bot: Bot):
    empty = Chart("", "", 4, (TimingPoint(0, 500_000),), ())
    silent = [Recording(empty, ())] * 2
    if bot.name != "fitted":
        assert perform(bot, empty, silent, WINDOW_US, Random(1)) == ()


@every_bot
def test_too_few_recordings_are_refused_in_words(bot: Bot, song):
    if bot.sources:
        with pytest.raises(ValueError, match=f"{bot.name} needs .*recording"):
            perform(bot, song, [], WINDOW_US, Random(1))


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no bot 'superb'; there are exact, gaussian"):
        bot_named("superb")


def test_nobody_can_be_fitted_to_silence(song):
    with pytest.raises(ValueError, match="nobody to fit"):
        perform(bot_named("fitted"), song, [Recording(song, ())], WINDOW_US, Random(1))


def test_a_recording_of_another_chart_is_refused(song, make_chart):
    other = make_chart(2, 30)
    played = Recording(other, Exact().play(other, WINDOW_US, Random(1)))
    with pytest.raises(ValueError, match="record a play of this chart"):
        perform(bot_named("copy"), song, [played], WINDOW_US, Random(1))


@every_bot
def test_parameters_and_clients_differ_from_draw_to_draw(bot: Bot):
    made = [bot.make(Random(seed)) for seed in range(40)]
    assert len({repr(attacker) for attacker in made}) > 20
    grids_us = {attacker.grid_us for attacker in made}
    assert {0, 1_000} < grids_us
    assert max(grids_us) <= 10_000
