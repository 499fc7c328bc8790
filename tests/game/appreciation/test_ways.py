"""Ways to come to a score: what tapping and words say of a listener, and hostile plug-ins."""

import random
import tomllib
from importlib import metadata
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.entries.appreciation import MAX_METHOD_BYTES, Modality
from consensus.units import MILLION
from game.appreciation.appraisal import Heard, NothingToAppraiseError
from game.appreciation.tapping import by_tapping
from game.appreciation.ways import BY_HAND, GROUP, all_ways, appraised
from game.appreciation.words import by_words, lexicon, weighed


def beats(count: int, beat_ms: float, error_ms: float = 0.0, seed: int = 7) -> tuple[float, ...]:
    chance = random.Random(seed)
    return tuple(n * beat_ms + chance.gauss(0, error_ms) for n in range(count))


def test_whoever_taps_every_beat_scores_nearly_everything() -> None:
    assert by_tapping(Heard(beats(64, 500), beat_ms=500)).score_ppm == MILLION
    assert by_tapping(Heard(beats(64, 500, 25), beat_ms=500)).score_ppm > 900_000


@given(st.floats(0.0, 120.0), st.floats(1.0, 60.0), st.integers(0, 2**32))
def test_tapping_less_steadily_does_not_raise_the_score_by_more_than_luck(
    error_ms: float, more_ms: float, seed: int
) -> None:
    steady = by_tapping(Heard(beats(256, 600, error_ms, seed), beat_ms=600)).score_ppm
    shaky = by_tapping(Heard(beats(256, 600, error_ms + more_ms, seed), beat_ms=600)).score_ppm
    assert shaky <= steady + 60_000


def test_tapping_at_random_is_worth_little() -> None:
    chance = random.Random(1)
    scores = [
        by_tapping(Heard(tuple(chance.uniform(0, 60_000) for _ in range(120)), 500.0)).score_ppm
        for _ in range(50)
    ]
    assert sum(scores) / len(scores) < 150_000


def test_pauses_lower_the_score_and_the_clock_of_the_page_does_not_matter() -> None:
    taps = beats(64, 500)
    paused = taps[:20] + tuple(tap + 60_000 for tap in taps[20:])
    assert by_tapping(Heard(paused, 500)).score_ppm < by_tapping(Heard(taps, 500)).score_ppm / 2
    moved = tuple(tap + 123_456.7 for tap in taps)
    assert by_tapping(Heard(moved, 500)).score_ppm == by_tapping(Heard(taps, 500)).score_ppm


@pytest.mark.parametrize("taps", [(), beats(11, 1_000), beats(40, 100)])
def test_too_few_taps_or_too_short_tapping_says_what_is_needed(taps: tuple[float, ...]) -> None:
    with pytest.raises(NothingToAppraiseError, match="longer"):
        by_tapping(Heard(taps))


@pytest.mark.parametrize(
    ("comment", "low", "high"),
    [
        ("Absolutely wonderful, I loved it!", 950_000, MILLION),
        ("WUNDERSCHÖN und sehr bewegend", 950_000, MILLION),
        ("not bad", 600_000, 750_000),
        ("It was not great.", 300_000, 400_000),
        ("really boring and sloppy", 150_000, 300_000),
        ("nicht schlecht, aber etwas langweilig", 400_000, 600_000),
        ("the worst", 0, 0),
    ],
)
def test_words_come_to_a_score_that_a_reader_would_give(comment: str, low: int, high: int) -> None:
    assert low <= by_words(Heard(comment=comment)).score_ppm <= high


def test_the_words_that_counted_are_named() -> None:
    assert weighed("It wasn't really good, but so warm") == [
        ("wasn't really good", pytest.approx(-0.3)),
        ("so warm", 1.0),
    ]
    assert by_words(Heard(comment="so warm")).why == ("“so warm” counts +1.0.",)


@given(st.text(max_size=400))
def test_any_comment_comes_to_a_score_or_a_sentence(comment: str) -> None:
    if not weighed(comment[:280]):
        with pytest.raises(NothingToAppraiseError, match="choose a score"):
            by_words(Heard(comment=comment))
        return
    score_ppm, why = by_words(Heard(comment=comment))
    assert 0 <= score_ppm <= MILLION
    assert why


def test_the_lexicon_lists_each_word_once_and_in_lower_case() -> None:
    known = lexicon()
    text = files("game.appreciation").joinpath("lexicon.toml").read_text(encoding="utf-8")
    listed = [word for words in tomllib.loads(text)["weights"].values() for word in words.split()]
    assert len(listed) == len(known.weights)
    assert all(word == word.casefold() and -1 <= w <= 1 for word, w in known.weights.items())
    assert not known.weights.keys() & (known.negations | known.strengthenings)


def test_every_way_fits_a_rating_and_says_how_it_works() -> None:
    ways = all_ways()
    assert ways[0] is BY_HAND
    assert {way.modality for way in ways} >= {Modality.MANUAL, Modality.SIGNAL, Modality.COMMENT}
    assert all(len(way.name.encode()) <= MAX_METHOD_BYTES and way.about for way in ways)


def praise(heard: Heard) -> tuple[int, str]:
    return 750_000, f"{len(heard.comment)}\x1b[2J characters"


def boast(heard: Heard) -> tuple[int, str]:
    return 2 * MILLION, "more than everything"


def stumble(heard: Heard) -> tuple[int, str]:
    raise RuntimeError("down the stairs")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three plug-ins, as `pip install` would leave them."""
    points = metadata.EntryPoints(
        metadata.EntryPoint(name, f"{__name__}:{name}", GROUP)
        for name in ("praise", "boast", "stumble")
    )
    monkeypatch.setattr(metadata.EntryPoint, "load", lambda point: globals()[point.name])

    def entry_points(*, group: str, name: str | None = None) -> metadata.EntryPoints:
        return points.select(group=group) if name is None else points.select(group=group, name=name)

    monkeypatch.setattr(metadata, "entry_points", entry_points)


@pytest.mark.usefixtures("installed")
def test_plug_ins_are_asked_and_what_goes_wrong_with_one_is_a_sentence() -> None:
    assert [way.name for way in all_ways()[3:]] == ["boast", "praise", "stumble"]
    score_ppm, why = appraised("praise", Heard(comment="four"))
    assert (score_ppm, why) == (750_000, ("4 [2J characters",))
    for name, words in (("boast", "no use"), ("stumble", "RuntimeError"), ("gone", "installed")):
        with pytest.raises(NothingToAppraiseError, match=words):
            appraised(name, Heard())
