"""Machines answer riffs as their docstrings say: by an old table, or live, but not before."""

from random import Random

import pytest

from consensus.challenge import is_answered, riff_notes
from consensus.evidence import KeyEvent, NonceEvent
from game.bots.riff_reaction import RiffReaction
from game.bots.riff_table import RiffTable

WINDOW_US = 60_000_000
NONCES = [NonceEvent(2_000_000 + i * 9_000_000, i, bytes([i, 7] * 8)) for i in range(6)]


def answered(bot: RiffTable | RiffReaction, rounds: int = 60) -> float:
    found = 0
    for seed in range(rounds):
        strokes = bot.answer(NONCES, 4, Random(seed))
        presses = sorted(KeyEvent(stroke.press_us, stroke.lane, True) for stroke in strokes)
        found += sum(is_answered(riff_notes(nonce, 4), presses) for nonce in NONCES)
    return found / rounds / len(NONCES)


def test_an_old_table_seldom_fits_and_pressing_more_lanes_fits_more():
    shares = [answered(RiffTable(width)) for width in (1, 2, 4)]
    assert shares[0] == pytest.approx(0.05, abs=0.04)
    assert shares[0] < shares[1] < shares[2] == 1


def test_a_nonce_that_was_given_away_is_answered():
    assert answered(RiffTable(foretold=1.0)) > 0.99


def test_who_reads_in_time_answers_and_who_is_late_does_not():
    shares = [
        answered(RiffReaction(reaction, 0.05, miss_ppm=0))
        for reaction in (150_000, 500_000, 900_000, 1_300_000)
    ]
    assert shares[0] == shares[1] == 1
    assert shares[2] > 0.5
    assert shares[3] < 0.1


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_pressed_before_the_reaction_is_over(seed: int):
    strokes = RiffReaction(800_000, 0.0, sd_us=30_000).answer(NONCES[:1], 4, Random(seed))
    assert all(stroke.press_us >= NONCES[0].time_us + 800_000 for stroke in strokes)


@pytest.mark.parametrize("bot", [RiffTable(), RiffReaction()], ids=lambda bot: type(bot).__name__)
def test_a_live_play_holds_the_answers_and_is_else_the_bots(bot, song):
    events = bot.play_live(song, NONCES, WINDOW_US, Random(1))
    assert len(events) > 400
    riffs = [riff_notes(nonce, 4) for nonce in NONCES]
    hits = [is_answered(riff, events) for riff in riffs]
    assert all(hits) == isinstance(bot, RiffReaction)
    assert bot.play(song, WINDOW_US, Random(1)) == bot.play_live(song, (), WINDOW_US, Random(1))
