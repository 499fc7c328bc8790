"""Forgers do to a recording what their docstrings say, and nothing else."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from game.bots.assisted import Assisted
from game.bots.book import BOTS, perform
from game.bots.carrying import carried
from game.bots.columns import columns_of
from game.bots.copied import Copied
from game.bots.copied_mirror import CopiedMirror
from game.bots.copied_rate import CopiedRate
from game.bots.recording import Recording
from game.bots.resampled import Resampled
from game.bots.resampled_blocks import ResampledBlocks
from game.bots.residuals import moment_means, residuals_of, strokes_with
from game.bots.retimed_best import RetimedBest
from game.bots.splice import Splice
from game.bots.strokes import Forger, events_of
from game.bots.timewarp import Timewarp
from game.play.rate import chart_at_rate, events_at_rate
from tests.game.bots.measures import lag_1

WINDOW_US = 60_000_000


def forged(forger: Forger, *sources: Recording, seed: int = 1):
    events = forger.forge(sources, WINDOW_US, Random(seed))
    return residuals_of(Recording(sources[0].chart, events))


def alike(first, second) -> float:
    both = ~np.isnan(first) & ~np.isnan(second)
    return float(np.corrcoef(first[both], second[both])[0, 1])


def by_moment(chart, values):
    return moment_means(columns_of(chart), values)


def test_residuals_put_on_their_chart_are_the_recording_again(recorded):
    source = recorded(1)
    strokes = strokes_with(source.chart, residuals_of(source))
    assert events_of(strokes, WINDOW_US) == source.events


def test_a_copy_without_noise_is_the_recording_later_by_the_shift(recorded):
    source = recorded(1)
    events = Copied(shift_us=7_000).forge([source], WINDOW_US, Random(1))
    assert events == tuple(e._replace(time_us=e.time_us + 7_000) for e in source.events)


@pytest.mark.parametrize(("blur_us", "least", "most"), [(2_000, 0.97, 1), (8_000, 0.8, 0.95)])
def test_a_blurred_copy_errs_with_its_source(recorded, blur_us: float, least: float, most: float):
    source = recorded(1)
    likeness = alike(forged(Copied(0, blur_us), source).errors_us, residuals_of(source).errors_us)
    assert least < likeness < most


def test_a_copy_at_a_rate_scales_errors_and_holds(recorded):
    source = recorded(1)
    before, after = residuals_of(source), forged(CopiedRate(0.9), source)
    same = ~np.isnan(before.errors_us) & ~np.isnan(after.errors_us)
    assert np.allclose(after.errors_us[same], 0.9 * before.errors_us[same], atol=1)
    kept = same & ~np.isnan(before.tails_us) & ~np.isnan(after.tails_us)
    held = np.isclose(after.tails_us[kept], 0.9 * before.tails_us[kept], atol=2)
    assert held.mean() > 0.95


def test_a_mirrored_copy_takes_each_chord_from_right_to_left(recorded):
    source = recorded(1)
    chart = source.chart
    notes = columns_of(chart)
    before, after = residuals_of(source).errors_us, forged(CopiedMirror(), source).errors_us
    full = ~np.isnan(by_moment(chart, before + 0 * after[::1])) & (notes.sizes > 1)
    firsts = notes.firsts[full]
    lasts = firsts + notes.sizes[full] - 1
    near = np.isclose(after[firsts], before[lasts], atol=1) | np.isnan(before[lasts])
    assert near.mean() > 0.97
    assert alike(by_moment(chart, before), by_moment(chart, after)) > 0.99


@pytest.mark.parametrize("is_by_lane", [True, False])
def test_resampling_keeps_how_errors_are_spread_and_loses_what_follows_what(recorded, is_by_lane):
    sources = [recorded(seed) for seed in range(6)]
    kept, lost = [], []
    for source in sources:
        before = residuals_of(source).errors_us
        after = forged(Resampled(is_by_lane), source).errors_us
        assert np.isin(after[~np.isnan(after)], before).mean() > 0.97
        kept.append(lag_1(np.nan_to_num(by_moment(source.chart, before))))
        lost.append(lag_1(np.nan_to_num(by_moment(source.chart, after))))
        assert abs(alike(before, after)) < 0.25
    assert np.mean(kept) > 0.25
    assert np.mean(lost) == pytest.approx(0, abs=0.1)


def test_resampled_stretches_keep_what_follows_what(recorded):
    sources = [recorded(seed) for seed in range(6)]
    lags = {
        moments: np.mean(
            [
                lag_1(
                    np.nan_to_num(by_moment(s.chart, forged(ResampledBlocks(moments), s).errors_us))
                )
                for s in sources
            ]
        )
        for moments in (1, 8, 32)
    }
    assert lags[1] < 0.15 < lags[8] <= lags[32] + 0.05


def test_a_timewarp_shrinks_errors_holds_and_chords_together(recorded):
    source = recorded(1)
    before, after = residuals_of(source), forged(Timewarp(0.5), source)
    assert np.nanstd(after.errors_us) == pytest.approx(0.5 * np.nanstd(before.errors_us), rel=0.02)
    taps = columns_of(source.chart).durations_us == 0
    shrunk = np.nanmedian(after.tails_us[taps]) / np.nanmedian(before.tails_us[taps])
    assert shrunk == pytest.approx(0.5, abs=0.02)


def test_a_splice_is_the_one_here_and_the_other_there(recorded):
    sources = [recorded(1), recorded(2)]
    first, second = (residuals_of(source).errors_us for source in sources)
    later_us = np.nanmedian(first) - np.nanmedian(second)
    after = forged(Splice(3), *sources).errors_us
    is_first = np.isclose(after, first, atol=1)
    is_second = np.isclose(after, second + later_us, atol=1)
    hit = ~np.isnan(after)
    assert (is_first | is_second)[hit].mean() > 0.98
    assert 0.1 < is_first[hit].mean() < 0.95
    turns = np.flatnonzero(np.diff((is_first & ~is_second)[hit & (is_first ^ is_second)]))
    assert 1 <= len(turns) <= 6


def test_help_makes_errors_smaller_and_leaves_their_order(recorded):
    source = recorded(1)
    before = residuals_of(source).errors_us
    after = forged(Assisted(0.9, 0.8, 1_500), source).errors_us
    assert np.nanmedian(np.abs(after)) < 0.6 * np.nanmedian(np.abs(before))
    assert alike(before, after) > 0.5
    assert len(set(after[~np.isnan(after)])) > 0.5 * len(after)


def test_an_edited_play_has_no_misses_and_no_bad_press_and_is_else_untouched(recorded):
    source = recorded(1)
    before = residuals_of(source).errors_us
    after = forged(RetimedBest(0.1, 0.0), source).errors_us
    assert np.isnan(before).any()
    assert not np.isnan(after).any()
    assert np.nanstd(after) < np.nanstd(before)
    assert np.isclose(before, after).mean() > 0.8


def test_a_play_at_another_rate_is_carried_onto_the_chart(recorded, song):
    slow = chart_at_rate(song, Fraction(3, 4))
    source = recorded(1)
    stretched = Recording(slow, events_at_rate(source.events, Fraction(3, 4)))
    before, after = residuals_of(stretched), residuals_of(carried(stretched, song))
    both = ~np.isnan(before.errors_us) & ~np.isnan(after.errors_us)
    assert np.isclose(before.errors_us, after.errors_us, atol=1)[both].mean() > 0.95
    assert carried(source, song) is source


@pytest.mark.parametrize("bot", [bot for bot in BOTS if bot.sources], ids=lambda bot: bot.name)
def test_every_forger_takes_a_play_at_another_rate(bot, recorded, song):
    slow = chart_at_rate(song, Fraction(3, 4))
    sources = [
        Recording(slow, events_at_rate(recorded(seed).events, Fraction(3, 4))) for seed in (1, 2)
    ]
    errors_us = residuals_of(
        Recording(song, perform(bot, song, sources, WINDOW_US, Random(1)))
    ).errors_us
    assert np.isnan(errors_us).mean() < 0.1
    assert np.nanstd(errors_us) < 40_000
