"""A path is measured by its beats alone, whatever the clocks of both sides say."""

from hypothesis import given
from hypothesis import strategies as st

from popd.net.path_meter import DEAD_US, LATE_US, PathMeter
from popd.net.ranking import SETTLED_US, Standing, is_worth_changing, merit


def exchange(
    here: PathMeter, there: PathMeter, now_us: int, way_us: int, held_us: int
) -> int | None:
    """A beat there and one back; clocks that differ by an hour."""
    skew_us = 3_600_000_000
    beat = here.beat(now_us, 0, is_in_use=True, is_quiet=False)
    there.hear_beat(now_us + way_us + skew_us, beat)
    answer = there.beat(now_us + way_us + held_us + skew_us, 0, is_in_use=True, is_quiet=False)
    return here.hear_beat(now_us + 2 * way_us + held_us, answer)


@given(st.integers(0, 400_000), st.integers(0, 900_000))
def test_a_round_trip_leaves_out_how_long_the_other_side_held_it(way_us: int, held_us: int) -> None:
    here, there = PathMeter(0), PathMeter(3_600_000_000)
    assert exchange(here, there, 1_000, way_us, held_us) == 2 * way_us
    assert (here.round_trip_us, here.loss_ppm) == (2 * way_us, 0)


def test_round_trips_are_smoothed() -> None:
    here, there = PathMeter(0), PathMeter(0)
    for number, way_us in enumerate([1_000, 1_000, 5_000]):
        exchange(here, there, (number + 1) * 500_000, way_us, 0)
    assert here.round_trip_us == 2_000 + (10_000 - 2_000) // 8


def test_beats_that_nobody_echoes_in_time_are_losses() -> None:
    here, there = PathMeter(0), PathMeter(0)
    for number in range(1, 5):
        here.beat(number * 500_000, 0, is_in_use=True, is_quiet=False)
    exchange(here, there, 2_500_000 + LATE_US, 10, 0)
    assert 150_000 < here.loss_ppm < 300_000


def test_an_echo_of_what_was_never_sent_measures_nothing() -> None:
    here, there = PathMeter(0), PathMeter(0)
    there.hear_beat(5, here.beat(1, 0, is_in_use=True, is_quiet=False))
    forged = there.beat(6, 0, is_in_use=True, is_quiet=False)
    assert PathMeter(0).hear_beat(7, forged) is None


def test_silence_makes_a_path_fail_then_die_unless_we_slept_ourselves() -> None:
    meter = PathMeter(0)
    assert not meter.is_failing(1_500_000, is_in_use=True)
    assert meter.is_failing(1_500_001, is_in_use=True)
    assert not meter.is_failing(1_500_001, is_in_use=False)
    assert meter.is_dead(DEAD_US + 1)
    meter.forgive(DEAD_US)
    assert not meter.is_failing(DEAD_US + 1, is_in_use=True)


def test_throughput_is_what_was_acknowledged_per_second() -> None:
    meter = PathMeter(0)
    for number in range(10):
        meter.note_delivered(number * 100_000, 1_000)
    assert meter.throughput(1_000_000) == 10_000
    assert meter.throughput(3_000_000) == 0


def standing(**changed: object) -> Standing:
    usual = {
        "is_failing": False,
        "is_relayed": False,
        "loss_ppm": 0,
        "round_trip_us": 10_000,
        "age_us": SETTLED_US,
    }
    return Standing(**{**usual, **changed})  # type: ignore[arg-type]


def test_living_paths_come_before_direct_before_lossless_before_quick_ones() -> None:
    ranked = [
        standing(),
        standing(round_trip_us=20_000),
        standing(round_trip_us=None),
        standing(loss_ppm=300_000, round_trip_us=10),
        standing(is_relayed=True, round_trip_us=10),
        standing(is_failing=True, round_trip_us=10),
    ]
    backwards = list(reversed(ranked))
    assert sorted(backwards, key=merit) == ranked


def test_messages_move_at_once_from_a_failing_path_and_otherwise_for_a_clear_gain() -> None:
    slow = standing(round_trip_us=50_000)
    assert is_worth_changing(standing(is_failing=True), standing(age_us=0, round_trip_us=None))
    assert not is_worth_changing(standing(), standing(is_failing=True))
    assert is_worth_changing(standing(is_relayed=True), slow)
    assert not is_worth_changing(standing(is_relayed=True), standing(age_us=0))
    assert is_worth_changing(slow, standing())
    assert not is_worth_changing(standing(round_trip_us=12_000), standing())
    assert is_worth_changing(standing(loss_ppm=500_000), slow)
    assert not is_worth_changing(standing(is_failing=True), standing(is_failing=True))
