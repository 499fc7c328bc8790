"""Every song of ours, on every number of keys: playable, worth playing, and music."""

import json
from collections import Counter
from itertools import pairwise
from math import sqrt
from random import Random

import pytest

from consensus.chart import Chart, Note, chart_from_bytes, check_chart
from consensus.evidence import Evidence, NonceEvent
from consensus.identifiers import EntryId
from consensus.judgement import judge
from consensus.parameters import MAIN, PRACTICE, NetworkParams
from consensus.quality import density_ppm, measure, normalised_entropy_ppm
from consensus.units import MILLION
from game.bots.exact import Exact
from game.bots.responder import Responder
from game.charts.songs import SONGS
from game.charts.songs.arranging import Groove, Walk, bass_tones, broken_tones, drum_tones
from game.charts.songs.heard import Hand
from game.charts.songs.notation import Tone, midi_pitch, strokes
from game.charts.songs.song import Song, Voice

DRUMS = ("kick", "snare", "hat")
PRESETS = (*DRUMS, "bass", "pad", "pluck", "lead", "bell")
every_song = pytest.mark.parametrize("song", SONGS.values(), ids=lambda song: song.name)
every_count = pytest.mark.parametrize("keys", [4, 7, 10])
every_level = pytest.mark.parametrize("level", ["easy", "medium", "hard"])


def fingers(chart: Chart) -> Counter[int]:
    """How many notes begin at each moment."""
    return Counter(note.start_us for note in chart.notes)


def in_lane(chart: Chart, lane: int) -> list[Note]:
    return [note for note in chart.notes if note.lane == lane]


def test_there_are_five_songs_and_no_two_charts_are_alike():
    charts = [
        song.chart(keys, level)
        for song in SONGS.values()
        for keys in song.keys
        for level in song.levels
    ]
    assert len(SONGS) == 5
    assert len({chart.id for chart in charts}) == len(charts) == 45
    assert len({song.beat_us for song in SONGS.values()}) == 5


@every_song
@every_count
@every_level
def test_a_chart_is_canonical_and_inside_its_song(song: Song, keys: int, level: str):
    chart = song.chart(keys, level)
    check_chart(chart)
    assert chart_from_bytes(chart.to_bytes()) == chart
    assert chart.duration_us <= song.duration_us
    assert 80_000_000 <= song.duration_us <= 120_000_000


@every_song
@every_count
def test_no_finger_has_to_hurry(song: Song, keys: int):
    chart = song.chart(keys)
    for lane in range(keys):
        for earlier, later in pairwise(in_lane(chart, lane)):
            assert later.start_us - earlier.start_us - earlier.duration_us >= 120_000


@every_song
@every_count
def test_no_moment_asks_for_too_many_fingers(song: Song, keys: int):
    assert max(fingers(song.chart(keys)).values()) <= (3 if keys == 4 else 4)


@every_song
@every_count
def test_there_is_enough_to_do_and_never_too_much(song: Song, keys: int):
    chart = song.chart(keys)
    span_us = chart.notes[-1].start_us - chart.notes[0].start_us
    assert 1.5 <= len(chart.notes) / (span_us / 1e6) <= 7
    seconds = [len(chart.between(at, at + 4_000_000)) for at in range(0, span_us, 1_000_000)]
    assert max(seconds) <= 4 * 7


@every_song
@every_count
@every_level
def test_both_hands_and_all_fingers_take_part(song: Song, keys: int, level: str):
    uses = Counter(note.lane for note in song.chart(keys, level).notes)
    left = sum(count for lane, count in uses.items() if lane < keys // 2)
    right = sum(count for lane, count in uses.items() if lane >= keys - keys // 2)
    assert 0.35 <= left / (left + right) <= 0.65
    assert normalised_entropy_ppm(uses, keys) > 960_000


@every_song
@every_count
@every_level
@pytest.mark.parametrize("network", [PRACTICE, MAIN], ids=lambda network: network.name)
def test_a_perfect_play_passes_every_floor_in_every_window(
    song: Song, keys: int, level: str, network: NetworkParams
):
    window_us, slot_us = network.window_ms * 1_000, network.slot_ms * 1_000
    rng = Random(keys)
    for start_us in range(0, song.duration_us, window_us):
        part = song.chart(keys, level).cut(start_us, window_us)
        nonces = tuple(
            NonceEvent(slot * slot_us + 3_000_000, slot, rng.randbytes(16))
            for slot in range(window_us // slot_us)
        )
        played = Exact().play(part, window_us, rng)
        joined = Responder(miss_ppm=0).join(played, nonces, keys, window_us, rng)
        evidence = Evidence(EntryId(bytes(32)), 0, window_us, joined, nonces)
        metrics = measure(part, judge(part, evidence))
        assert metrics.events >= network.min_events
        assert metrics.accuracy_ppm >= 900_000
        assert metrics.liveness_ppm >= network.liveness_floor_ppm
        assert metrics.diversity_ppm >= 400_000
        assert metrics.harmony_ppm >= 400_000
        if level != "easy":
            full = network.full_density_per_s
            assert density_ppm(metrics.events, network.window_ms, full) == MILLION


@every_song
def test_the_score_is_plain_data_for_the_presets_of_the_page(song: Song):
    score = song.score()
    assert json.loads(json.dumps(score)) == score
    assert {voice["synth"] for voice in score["voices"]} <= set(PRESETS)
    for voice in score["voices"]:
        for start_ms, duration_ms, pitch, velocity in voice["notes"]:
            assert 0 <= start_ms < start_ms + duration_ms <= score["duration_ms"]
            assert 20 <= pitch <= 100
            assert 0 < velocity <= 1


@every_song
@every_count
@every_level
def test_every_charted_note_sounds_in_the_score(song: Song, keys: int, level: str):
    """With as many tones at least as fingers, on strong bars of the easy level too."""
    sounding = Counter(
        round(note[0] * 1_000) for voice in song.score()["voices"] for note in voice["notes"]
    )
    assert fingers(song.chart(keys, level)) <= sounding


@every_song
def test_what_is_sung_fits_the_chord_under_it(song: Song):
    """Four fifths of the melody's time are tones of the chord; what isn't passes by."""
    voices = {voice["name"]: voice["notes"] for voice in song.score()["voices"]}
    charted = [voice.name for voice in song.voices if voice.part == "melody"]
    sung = inside = 0.0
    for start_ms, duration_ms, pitch, _ in (note for name in charted for note in voices[name]):
        sung += duration_ms
        chord = [
            other
            for at_ms, length_ms, other, _ in voices["pad"]
            if at_ms <= start_ms + 1 < at_ms + length_ms
        ]
        inside += duration_ms * any((pitch - other) % 12 == 0 for other in chord)
    assert inside / sung >= 0.8


@every_song
def test_no_part_is_a_loop_of_one_bar(song: Song):
    for voice in song.voices:
        if voice.part != "melody":
            continue
        bars = Counter(tone.start // song.ticks_per_bar for tone in voice.tones)
        shapes = {
            tuple((tone.start % song.ticks_per_bar, tone.pitch) for tone in voice.tones
                  if tone.start // song.ticks_per_bar == bar)
            for bar in bars
        }  # fmt: skip
        assert len(shapes) >= len(bars) / 2


@every_level
def test_the_golden_angle_is_two_beats_in_the_golden_ratio_and_both_are_pressed(level: str):
    song = SONGS["golden_angle"]
    beats = {voice.hand: voice.beat_us or song.beat_us for voice in song.voices}
    assert abs(beats[Hand.RIGHT] / beats[Hand.LEFT] - (1 + sqrt(5)) / 2) < 1e-6
    chart = song.chart(4, level)
    hands = [[note.start_us for note in chart.notes if (note.lane >= 2) == side] for side in (0, 1)]
    for starts, beat_us in zip(hands, (beats[Hand.LEFT], beats[Hand.RIGHT]), strict=True):
        # Twelfths of its own beat, but for the microsecond that rounding costs.
        assert len(starts) > 100
        assert all(min(at * 12 % beat_us, -at * 12 % beat_us) <= 12 for at in starts)
    assert not set(hands[0]) & set(hands[1])


def test_a_swung_eighth_comes_on_the_last_third_of_the_beat():
    song = Song("", "", "", 600_000, 1, (), swing=2)
    assert [song.time_us(ticks) for ticks in (0, 3, 6, 9, 12, 18, 48)] == [
        0, 200_000, 400_000, 500_000, 600_000, 1_000_000, 2_400_000,
    ]  # fmt: skip


def test_a_voice_of_its_own_beat_is_heard_in_it():
    voice = Voice("", "bell", (Tone(12, 6, 60, 0.5),), "melody", 1_000_000)
    song = Song("", "", "", 600_000, 2, (voice,), (4,))
    assert song.score()["voices"][0]["notes"] == [[1_000.0, 500.0, 60, 0.5]]
    assert [note.start_us for note in song.chart(4).notes] == [1_000_000]


def test_pitches_are_read_with_sharps_and_flats():
    assert [midi_pitch(name) for name in ("C4", "F#5", "Bb3", "Eb2", "A4")] == [60, 78, 58, 39, 69]


def test_steps_that_dont_share_the_bar_are_a_slip_of_the_pen():
    with pytest.raises(ValueError, match="5 steps don't share 36 ticks"):
        list(strokes("x.x.x", 0, 36, 0.5, 36))


def test_basses_and_drums_take_turns_bar_by_bar():
    walks = [Walk(1, 4, "1:12 5:36 | 8:48")]
    bass = bass_tones(["C", "C", "F", "C"], {"C": "C2", "F": "F2"}, walks)
    assert [(tone.start, tone.pitch) for tone in bass] == [
        (48, 36),
        (60, 43),
        (96, 53),
        (144, 36),
        (156, 43),
    ]
    drums = drum_tones(36, [Groove(0, 3, "X... | ..x.", 0.5)])
    assert [tone.start for tone in drums] == [0, 72, 96]


def test_a_broken_chord_goes_on_an_octave_higher():
    walks = [Walk(0, 1, "0:12 2:6 -:6 3:12 4:12")]
    tones = broken_tones(["C"], {"C": "C4 E4 G4"}, walks, 0.3)
    assert [(tone.start, tone.pitch) for tone in tones] == [(0, 60), (12, 67), (24, 72), (36, 76)]
