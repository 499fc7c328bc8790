"""The shelf gives back what was put there, and keeps the best when room runs out."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consensus.units import Ppm
from game.charts.songs import SONGS
from game.shelf import KeptPlay, Music, ShelfFullError, ShelfSong, about_chart, best_plays
from popd.storage import shelf as storage
from popd.storage.shelf import ShelfFile, open_shelf
from popd.storage.sqlite_file import StorageError

CHARTS = tuple(SONGS["first_light"].chart(keys) for keys in (4, 7))
SONG = ShelfSong(
    name="first-light",
    title="First Light",
    artist="somebody",
    charts=(about_chart(CHARTS[0], "easy", 1.5), about_chart(CHARTS[1], "hard", None)),
    music_start_us=250_000,
    preview_us=9_000_000,
    has_music=False,
    added_ms=1_000,
)
MUSIC = Music("audio/ogg", b"OggS")
PLAY = KeptPlay(
    id=bytes(32),
    chart=CHARTS[0].id,
    title="First Light",
    keys=4,
    is_live=True,
    rate_ppm=1_000_000,
    from_us=0,
    played_us=20_000_000,
    made_ms=5,
    accuracy_ppm=Ppm(900_000),
    grades=(9, 0, 0, 0, 0, 1),
    is_own=True,
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[ShelfFile]:
    with open_shelf(tmp_path / "shelf.sqlite3") as found:
        yield found


def play(number: int, accuracy: int = 900_000, **changes: object) -> KeptPlay:
    other = {"id": bytes([number]) * 32, "made_ms": number, "accuracy_ppm": Ppm(accuracy)}
    return replace(PLAY, **{**other, **changes})


def test_songs_with_their_charts_and_music_come_back_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "shelf.sqlite3"
    with open_shelf(path) as first:
        first.keep_song(SONG, CHARTS, MUSIC)
    with open_shelf(path) as again:
        assert again.songs() == [replace(SONG, has_music=True)]
        assert again.music(SONG.name) == MUSIC
        assert [again.chart(chart.id) for chart in CHARTS] == list(CHARTS)


def test_a_song_of_the_same_name_takes_the_others_place(opened: ShelfFile) -> None:
    opened.keep_song(SONG, CHARTS, MUSIC)
    shorter = replace(SONG, charts=SONG.charts[1:], title="Another")
    opened.keep_song(shorter, CHARTS[1:], None)
    assert opened.songs() == [shorter]
    assert (opened.music(SONG.name), opened.chart(CHARTS[0].id)) == (None, None)


def test_a_chart_can_be_added_once_and_to_songs_that_are_here(opened: ShelfFile) -> None:
    opened.keep_song(replace(SONG, charts=SONG.charts[:1]), CHARTS[:1], None)
    for _ in range(2):
        opened.add_chart(SONG.name, SONG.charts[1], CHARTS[1])
    assert opened.songs() == [SONG]
    with pytest.raises(KeyError):
        opened.add_chart("nothing", SONG.charts[0], CHARTS[0])


def test_what_is_removed_is_gone_and_what_is_not_there_says_so(opened: ShelfFile) -> None:
    opened.keep_song(SONG, CHARTS, MUSIC)
    opened.keep_play(PLAY, b"recording")
    assert [opened.remove_song(SONG.name), opened.remove_play(PLAY.id)] == [True, True]
    assert [opened.remove_song(SONG.name), opened.remove_play(PLAY.id)] == [False, False]
    left = (opened.songs(), opened.music(SONG.name), opened.chart(CHARTS[0].id), opened.plays())
    assert (*left, opened.recording(PLAY.id)) == ([], None, None, [], None)


def test_a_full_shelf_refuses_new_songs_and_still_takes_the_known(
    opened: ShelfFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MAX_SONGS", 1)
    opened.keep_song(SONG, CHARTS, None)
    opened.keep_song(replace(SONG, title="Again"), CHARTS, None)
    with pytest.raises(ShelfFullError):
        opened.keep_song(replace(SONG, name="other"), CHARTS, None)
    assert [song.title for song in opened.songs()] == ["Again"]


def test_plays_come_back_newest_first_and_a_second_time_changes_nothing(opened: ShelfFile) -> None:
    opened.keep_play(play(1), b"one")
    opened.keep_play(play(2), b"two")
    opened.keep_play(play(1, title="Another"), b"changed")
    assert opened.plays() == [play(2), play(1)]
    assert opened.recording(play(1).id) == b"one"


def test_when_room_runs_out_the_oldest_goes_that_is_nobodys_best(
    opened: ShelfFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MAX_PLAYS", 2)
    for number, accuracy in ((1, 990_000), (2, 500_000), (3, 600_000)):
        opened.keep_play(play(number, accuracy), b"")
    assert opened.plays() == [play(3, 600_000), play(1, 990_000)]


def test_the_best_play_is_a_whole_one_of_ones_own_with_the_most_notes_earned() -> None:
    short = play(1, 1_000_000, grades=(3, 0, 0, 0, 0, 0))
    long = play(2, 800_000)
    others = [
        play(3, 1_000_000, is_own=False),
        play(4, 1_000_000, rate_ppm=750_000),
        play(5, 1_000_000, from_us=1),
    ]
    assert best_plays([short, long, *others]) == {PLAY.chart: long}


def test_a_file_that_is_no_shelf_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shelf.sqlite3"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageError):
        open_shelf(path)
    assert path.read_bytes() == b"something else entirely" * 100
