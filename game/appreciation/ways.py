"""All ways to come to a score: ours, and those that somebody installed.

A plug-in is an entry point of the group `popd.appreciation`: a pure function of one `Heard` that
returns a score in ppm and a sentence. A rating by it says its name. It is asked only when a
listener chooses it, and whatever goes wrong with it becomes a sentence.
"""

from importlib import metadata
from typing import Final

from consensus.entries.appreciation import MAX_METHOD_BYTES, Modality
from consensus.units import MILLION, Ppm
from game.appreciation.appraisal import Appraisal, Heard, NothingToAppraiseError, Way
from game.appreciation.tapping import TAPPING, by_tapping
from game.appreciation.words import WORDS, by_words

GROUP: Final = "popd.appreciation"
"""The group of entry points."""
OURS: Final = {TAPPING.name: by_tapping, WORDS.name: by_words}
BY_HAND: Final = Way("", "By hand", Modality.MANUAL, "You choose the score.")
MAX_WAYS: Final = 16
"""Plug-ins that are listed."""
MAX_SAID: Final = 280
"""Characters of what a plug-in says."""


def all_ways() -> tuple[Way, ...]:
    """By hand first, then ours, then what is installed, by name."""
    names = sorted({point.name for point in metadata.entry_points(group=GROUP)} - OURS.keys())
    added = [
        Way(name, name, Modality.PLUGIN, "A plug-in that is installed here.")
        for name in names
        if 0 < len(name.encode()) <= MAX_METHOD_BYTES
    ]
    return (BY_HAND, TAPPING, WORDS, *added[:MAX_WAYS])


def appraised(method: str, heard: Heard) -> Appraisal:
    """The score that a method comes to; raises NothingToAppraiseError with what is wrong."""
    if method in OURS:
        return OURS[method](heard)
    point = next(iter(metadata.entry_points(group=GROUP, name=method)), None)
    if point is None:
        raise NothingToAppraiseError("That way to come to a score is not installed here.")
    try:
        score, words = point.load()(heard)
        score_ppm, said = int(score), str(words)
    except Exception as error:
        raise NothingToAppraiseError(f"{method} failed ({type(error).__name__}).") from error
    if not 0 <= score_ppm <= MILLION:
        raise NothingToAppraiseError(f"{method} said a score that is no use.")
    visible = "".join(c if c.isprintable() else " " for c in said[:MAX_SAID])
    return Appraisal(Ppm(score_ppm), (" ".join(visible.split()),))
