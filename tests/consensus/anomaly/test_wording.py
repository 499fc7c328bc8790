"""Every feature has words for both sides, which fit into a sentence."""

from consensus.anomaly.features.book import NAMES
from consensus.anomaly.wording import WORDS, words_for


def test_every_feature_has_words_and_nothing_else_has():
    assert sorted(WORDS) == sorted(NAMES)


def test_less_and_more_are_told_apart():
    for name in NAMES:
        assert words_for(name, is_more=True) != words_for(name, is_more=False)


def test_words_are_parts_of_a_sentence():
    for sides in WORDS.values():
        for words in sides:
            assert words == words.strip()
            assert words[0].islower()
            assert not words.endswith((".", ",", ";"))
