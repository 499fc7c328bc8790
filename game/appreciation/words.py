"""By your words: a small lexicon that everybody can read turns a comment into a score.

Each known word weighs from -1 to 1 (`lexicon.toml`). A word before it that negates turns it round
by half, one that strengthens makes it count half as much again. The score is the mean, moved from
[-1, 1] to [0, 1].
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from consensus.entries.appreciation import Modality
from consensus.units import MILLION, Ppm
from game.appreciation.appraisal import (
    MAX_COMMENT,
    Appraisal,
    Heard,
    NothingToAppraiseError,
    Way,
)

WORDS: Final = Way(
    "lexicon/1",
    "small word list",
    Modality.COMMENT,
    "A short list of words that praise or blame, in English and German; you see which counted.",
)
NEGATED: Final = -0.5
"""Not great is far from awful."""
STRENGTHENED: Final = 1.5
REACH: Final = 2
"""Words before one that can turn or strengthen it."""
MAX_TOLD: Final = 6
"""Words that are named as reasons."""
WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


class Lexicon(NamedTuple):
    """What words weigh."""

    weights: dict[str, float]
    """From -1 to 1."""
    negations: frozenset[str]
    """Turn what follows round."""
    strengthenings: frozenset[str]
    """Make what follows count for more."""


@cache
def lexicon() -> Lexicon:
    """The list in the box."""
    data: dict[str, Any] = tomllib.loads(
        files("game.appreciation").joinpath("lexicon.toml").read_text(encoding="utf-8")
    )
    weights = {
        word: float(weight) for weight, words in data["weights"].items() for word in words.split()
    }
    return Lexicon(
        weights, frozenset(data["negations"].split()), frozenset(data["strengthenings"].split())
    )


def by_words(heard: Heard) -> Appraisal:
    """The score of a comment; raises NothingToAppraiseError where no word of it is known."""
    found = weighed(heard.comment[:MAX_COMMENT])
    if not found:
        raise NothingToAppraiseError(
            "None of these words is in the list that scores are read from; choose a score yourself."
        )
    mean = sum(weight for _, weight in found) / len(found)
    score = round(MILLION * (1 + mean) / 2)
    told = [f"“{words}” counts {weight:+.1f}" for words, weight in found[:MAX_TOLD]]
    return Appraisal(Ppm(score), (f"{', '.join(told)}.",))


def weighed(comment: str) -> list[tuple[str, float]]:
    """The words that count, with those that turn or strengthen them, and what they come to."""
    known = lexicon()
    words = WORD.findall(comment)
    found: list[tuple[str, float]] = []
    for place, word in enumerate(words):
        weight = known.weights.get(word.casefold())
        if weight is None:
            continue
        first = place
        for before in range(place - 1, max(-1, place - 1 - REACH), -1):
            other = words[before].casefold()
            if other in known.weights:
                break
            if other in known.negations:
                weight, first = weight * NEGATED, before
            elif other in known.strengthenings:
                weight, first = max(-1.0, min(1.0, weight * STRENGTHENED)), before
        found.append((" ".join(words[first : place + 1]), weight))
    return found
