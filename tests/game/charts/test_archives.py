"""Archives: the songs in them, and what a hostile archive may try."""

from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.charts.archives import Archive, entry_of, import_archive
from game.charts.errors import ChartImportError


def osu(version: str, gap_ms: int = 200, audio: str = "Audio.mp3", title: str = "A") -> bytes:
    notes = "".join(f"{i % 4 * 128},0,{i * gap_ms},1,0\n" for i in range(40))
    return (
        f"osu file format v14\n[General]\nAudioFilename: {audio}\nMode: 3\n[Metadata]\n"
        f"Title:{title}\nVersion:{version}\n[Difficulty]\nCircleSize:4\n[HitObjects]\n{notes}"
    ).encode()


def packed(entries: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def names(archive: Archive) -> list[list[str]]:
    return [[named.name for named in it.song.charts] for it in archive.songs]


def test_the_charts_of_one_music_are_one_song():
    data = packed({"b.osu": osu("Easy"), "a.osu": osu("Hard", 100), "audio.mp3": b"sound"})
    archive = import_archive(data)
    assert names(archive) == [["Hard", "Easy"]]
    assert archive.songs[0].audio_entry == "audio.mp3"
    assert archive.problems == ()
    assert entry_of(data, "audio.mp3", 5) == b"sound"


def test_songs_in_folders_or_with_other_music_stay_apart():
    archive = import_archive(
        packed(
            {
                "x/a.osu": osu("1"),
                "x/Audio.mp3": b"",
                "y/a.osu": osu("2"),
                "y/b.osu": osu("3", audio="other.mp3", title="B"),
            }
        )
    )
    assert names(archive) == [["1"], ["2"], ["3"]]
    assert [it.audio_entry for it in archive.songs] == ["x/Audio.mp3", "", ""]


def test_a_chart_that_can_not_be_read_is_named_and_the_others_are_read():
    archive = import_archive(packed({"a.osu": b"hello", "b.osu": osu("1"), "c.txt": b"x"}))
    assert names(archive) == [["1"]]
    (problem,) = archive.problems
    assert problem.startswith("a.osu: line 1: an .osu file begins with")


def test_what_an_archive_says_can_not_speak_to_a_terminal():
    data = packed({"\x1b[2J\n.osu": b"\x1b[2J\nhello", "b.osu": osu("1\x1b[2J")})
    archive = import_archive(data)
    assert names(archive) == [["1 [2J"]]
    assert archive.problems[0].isprintable()


def test_names_that_lead_elsewhere_and_archives_within_are_passed_over():
    evil = {
        "../a.osu": osu("1"),
        "/a.osu": osu("2"),
        "x/../../a.osu": osu("3"),
        "c:\\a.osu": osu("4"),
        "inner.osz": packed({"a.osu": osu("5")}),
        "z.osu": osu("6"),
    }
    assert names(import_archive(packed(evil))) == [["6"]]


def test_an_entry_is_never_larger_than_was_asked_for():
    data = packed({"a.osu": osu("1"), "Audio.mp3": bytes(range(256)) * 4})
    with pytest.raises(ChartImportError, match="more than 1023 bytes"):
        entry_of(data, "Audio.mp3", 1_023)
    with pytest.raises(ChartImportError, match=r"no entry .\.\./Audio\.mp3"):
        entry_of(data, "../Audio.mp3", 9_999)


def test_a_bomb_is_refused():
    data = packed({"a.osu": osu("1"), "b.osu": bytes(15_000_000)})
    (problem,) = import_archive(data).problems
    assert problem == "b.osu: packed more tightly than anything of use"


def lying(data: bytes, size: int) -> bytes:
    """The same archive, whose directory says that its entries have another size."""
    changed = bytearray(data)
    at = data.index(b"PK\x01\x02") + 24
    changed[at : at + 4] = size.to_bytes(4, "little")
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a zip archive"),
        (b"hello" * 99, "not a zip archive"),
        (packed({"a.txt": b"x"}), "no chart in the archive; known are"),
        (packed({"a.osu": b"x"}), "a.osu: line 1"),
        (packed({f"{i}.osu": b"" for i in range(129)}), "more than 128 charts"),
        (packed({f"{i}.txt": b"" for i in range(4_097)}), "more than 4096 entries"),
        (packed({"a.osu": osu("1")}, ZIP_BZIP2), "no chart in the archive"),
        (lying(packed({"a.osu": osu("1")}), 2**31), "bytes in the archive"),
        (lying(packed({"a.osu": osu("1")}, ZIP_STORED), 5), "a.osu: "),
    ],
)
def test_what_is_no_archive_of_charts_is_refused(data: bytes, message: str):
    with pytest.raises(ChartImportError, match=message):
        import_archive(data)


SMALL = packed({"a.osu": osu("1"), "Audio.mp3": b"sound", "x/b.sm": b"#TITLE:x;"})


@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8))
def test_a_changed_archive_is_read_or_refused(changes: list[tuple[float, int]]):
    data = bytearray(SMALL)
    for place, value in changes:
        data[int(place * len(data))] = value
    try:
        songs = import_archive(bytes(data)).songs
    except ChartImportError as error:
        songs = None
        refusal = str(error)
    assert songs or refusal
