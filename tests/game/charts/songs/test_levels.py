"""Every level of every song: as hard as it says, music in full, and possible for hands."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product

import pytest

from consensus.chart import Chart, Note
from game.charts.difficulty import stars_of
from game.charts.songs import SONGS
from game.charts.songs.charting import charted_notes
from game.charts.songs.heard import Hand, Heard, Place
from game.charts.songs.levels import EASY, HARD, LEVELS, MEDIUM, Fingers, Level
from game.charts.songs.song import Song

KEYS = (4, 7, 10)
RESTS_US = {"easy": 240_000, "medium": 160_000, "hard": 120_000}
STARS = {"easy": (1.0, 1.5), "medium": (1.75, 2.45), "hard": (2.7, 3.8)}
MOST_FINGERS = {
    ("easy", 4): 2, ("easy", 7): 2, ("easy", 10): 2,
    ("medium", 4): 2, ("medium", 7): 3, ("medium", 10): 3,
    ("hard", 4): 3, ("hard", 7): 3, ("hard", 10): 4,
}  # fmt: skip
EASY_IDS = {
    ("first_light", 4): "9e5f465bae089978f007e425bdf366f3e369e0e09e506c9f3a2ff7cab8db4f9f",
    ("first_light", 7): "2999ccccca2d7bf248aa55411246927fcc4dde12ecbc1038ab9d2f448263e3cc",
    ("first_light", 10): "23e664f35b23f2e06907d455530a826975f65e55ba4c4f5306ba54f5d85d38b6",
    ("paper_boats", 4): "152a259a2268595e2bf62fec98bf1e0a85b9450d5cefb5c2ba0eb3a443db5359",
    ("paper_boats", 7): "e2b5ef41f71059f80330a85e690b14b680db73cbda70c49b700859ac6cd43100",
    ("paper_boats", 10): "e7c0c4bd3c374df40115cfe5b0c0ff3f3479309109155ef9f9449463475009a5",
    ("last_tram_home", 4): "79943ec201205c3f94037274b220821f07c0f8372e33e770a82e46bccafc7953",
    ("last_tram_home", 7): "55ec1dc62740dc5f701279f8118521cd09986680a15a6db3f133b5b07f886206",
    ("last_tram_home", 10): "72610327d1daa6ff8baa3abf07295b9881841c9beeaa49de4a4e3a4ab218480b",
    ("wire_and_rain", 4): "97aed963a12fce9823d13a45db8a42a3f9a9afe439e3516f674de010cf4604f7",
    ("wire_and_rain", 7): "ac7aaedd3d18b563ea4ffa81d414d2b50e04da8b8b8f2ea84b759975795fc337",
    ("wire_and_rain", 10): "fd372cde0e63cc46d5885070ee11d436e4aa6a182f369c07dd9b4003aeb837ab",
    ("golden_angle", 4): "c74e7bc200081cbf6d6a8c4ca1a1308f8915ff29f07fe76b93d2b253c9f8b1dc",
    ("golden_angle", 7): "5557947610a48c302a0bb815061e6a7dd779c94729ac15080902b3694aa42f48",
    ("golden_angle", 10): "63dce8c3039f9b0035d73faa55ea29bdbf5cf227229d5287bc72eee525ec1adf",
}

every_song = pytest.mark.parametrize("song", SONGS.values(), ids=lambda song: song.name)
every_count = pytest.mark.parametrize("keys", KEYS)
every_level = pytest.mark.parametrize("level", LEVELS)


def chords(chart: Chart) -> list[tuple[int, list[int]]]:
    """When what lanes are pressed together."""
    found: dict[int, list[int]] = {}
    for note in chart.notes:
        found.setdefault(note.start_us, []).append(note.lane)
    return list(found.items())


def rests_us(chart: Chart) -> Iterator[int]:
    """What lies in a lane between one note's end and the next."""
    for lane in range(chart.keys):
        own = [note for note in chart.notes if note.lane == lane]
        for earlier, later in pairwise(own):
            yield later.start_us - earlier.start_us - earlier.duration_us


def heard(start_us: int, part: str, pitch: int = 60, length_us: int = 100_000) -> Heard:
    return Heard(start_us, start_us + length_us, pitch, False, Place.INSIDE, part)


@pytest.mark.parametrize(("name", "keys"), EASY_IDS)
def test_the_easy_charts_are_those_that_were_played_before_there_were_levels(name: str, keys: int):
    assert SONGS[name].chart(keys).id.hex() == EASY_IDS[name, keys]
    assert SONGS[name].chart(keys) == SONGS[name].chart(keys, "easy")


def test_songs_without_a_level_say_which_they_have():
    song = SONGS["first_light"]
    assert song.levels == ("easy", "medium", "hard")
    with pytest.raises(ValueError, match="not at 'harder'"):
        song.chart(4, "harder")


@every_song
@every_count
def test_every_level_is_harder_than_the_one_before_it_and_as_hard_as_it_says(song: Song, keys: int):
    charts = [song.chart(keys, level) for level in song.levels]
    stars = [stars_of(chart) for chart in charts]
    assert all(earlier < later for earlier, later in pairwise(stars))
    for level, found in zip(song.levels, stars, strict=True):
        least, most = STARS[level]
        assert least <= found <= most
    assert all(len(earlier.notes) < len(later.notes) for earlier, later in pairwise(charts))
    assert {chart.title for chart in charts} == {song.title}


@every_song
@every_level
def test_more_lanes_ask_for_more_fingers_but_at_the_easy_level(song: Song, level: str):
    counts = [len(song.chart(keys, level).notes) for keys in KEYS]
    assert counts == sorted(counts)
    assert (counts[0] == counts[-1]) == (level == "easy")


@every_song
@every_count
@every_level
def test_no_lane_comes_again_before_its_finger_is_back(song: Song, keys: int, level: str):
    assert min(rests_us(song.chart(keys, level))) >= RESTS_US[level]


@every_song
@every_count
@every_level
def test_no_moment_asks_for_too_many_fingers_or_for_one_hand_alone(
    song: Song, keys: int, level: str
):
    """But for the golden ratio's song, where each hand has its own beat."""
    thumb = keys // 2 if keys % 2 else None
    for _, lanes in chords(song.chart(keys, level)):
        assert len(lanes) <= MOST_FINGERS[level, keys]
        left = sum(lane < keys // 2 for lane in lanes)
        right = len(lanes) - left - (thumb in lanes)
        if song.name == "golden_angle":
            assert max(left, right) <= LEVELS[level].fingers_for(keys).hand
        else:
            assert abs(left - right) <= 1 + (thumb in lanes)


@every_song
@every_count
@every_level
def test_the_melody_is_pressed_in_full_and_rises_and_falls_with_its_pitch(
    song: Song, keys: int, level: str
):
    lanes = dict(chords(song.chart(keys, level)))
    tones = {tone.start_us: tone for tone in sorted(song.heard()) if tone.part == "melody"}
    assert set(tones) <= set(lanes)
    steps = [
        (later.pitch > earlier.pitch) == (lanes[later.start_us] > lanes[earlier.start_us])
        for hand in Hand
        for earlier, later in pairwise([tone for tone in tones.values() if tone.hand == hand])
        if later.start_us - earlier.start_us < 700_000
        and later.pitch != earlier.pitch
        and lanes[later.start_us] != lanes[earlier.start_us]
        and len(lanes[later.start_us]) == len(lanes[earlier.start_us]) == 1
    ]
    assert sum(steps) / len(steps) >= 0.6


@every_song
@every_count
@every_level
def test_hardly_any_lane_comes_twice_running_in_a_run(song: Song, keys: int, level: str):
    struck = chords(song.chart(keys, level))
    jacks = sum(
        bool(set(earlier) & set(later))
        for (earlier_us, earlier), (later_us, later) in pairwise(struck)
        if later_us - earlier_us < 200_000
    )
    assert jacks <= (0.07 * len(struck) if level == "hard" and keys == 4 else 0)


@pytest.mark.parametrize("name", [name for name in SONGS if name != "golden_angle"])
@every_count
def test_runs_of_the_hard_level_mostly_go_from_hand_to_hand(name: str, keys: int):
    """In the golden ratio's song each hand keeps its own beat instead."""
    thumb = keys // 2 if keys % 2 else None
    single = [
        (start_us, lanes[0] < keys // 2)
        for start_us, lanes in chords(SONGS[name].chart(keys, "hard"))
        if len(lanes) == 1 and lanes[0] != thumb
    ]
    runs = [
        left == right
        for (earlier_us, left), (later_us, right) in pairwise(single)
        if later_us - earlier_us < 200_000
    ]
    assert sum(runs) / len(runs) <= 0.2


@every_song
@every_count
def test_while_a_hand_holds_the_other_mostly_plays_on(song: Song, keys: int):
    """At the hard level; a hand may hold and play where both beats are its own."""
    notes = song.chart(keys, "hard").notes
    holds = [note for note in notes if note.duration_us]
    assert 0.01 <= len(holds) / len(notes) <= 0.15
    if song.name == "golden_angle":
        return
    beside = Counter(
        (note.lane < keys / 2) == (hold.lane < keys / 2)
        for hold in holds
        for note in notes
        if hold.start_us < note.start_us < hold.start_us + hold.duration_us
    )
    assert beside[True] < beside[False]


def pressed(level: Level, *tones: Heard) -> list[Note]:
    return list(charted_notes(tones, 4, level))


def test_a_level_says_which_parts_are_pressed_between_the_melody():
    tones = [heard(0, "melody"), heard(125_000, "hat"), heard(250_000, "kick"),
             heard(500_000, "melody")]  # fmt: skip
    found = {level.name: [n.start_us for n in pressed(level, *tones)] for level in LEVELS.values()}
    assert found == {
        "easy": [0, 500_000],
        "medium": [0, 250_000, 500_000],
        "hard": [0, 125_000, 250_000, 500_000],
    }


def test_an_accent_is_struck_with_as_many_fingers_as_sound():
    snared = [heard(0, "melody"), heard(0, "snare")]
    assert [len(pressed(level, *snared)) for level in (EASY, MEDIUM, HARD)] == [1, 2, 2]
    assert len(pressed(HARD, heard(0, "melody"), heard(0, "hat"))) == 1
    assert Fingers(usual=1, snare=3, bar=2).at(Place.BAR, {"snare", "bass"}) == 3


def test_a_long_tone_is_held_from_the_length_on_that_the_level_says():
    long = heard(0, "melody", length_us=800_000)
    assert [pressed(level, long)[0].duration_us for level in (EASY, MEDIUM, HARD)] == [
        0, 0, 800_000,
    ]  # fmt: skip


def test_levels_and_parts_and_songs_agree_on_names():
    layers = [layer for level in LEVELS.values() for layer in (level.melody, *level.fills)]
    named = {part for layer in layers for part in layer.parts}
    assert named | {"pad"} == {voice.part for song in SONGS.values() for voice in song.voices}
    assert [level.lane_rest_us for level in LEVELS.values()] == list(RESTS_US.values())
    assert set(product(LEVELS, KEYS)) == set(MOST_FINGERS)
