"""What a feature that is unlike people's means, in words that a player understands."""

from collections.abc import Mapping
from typing import Final

Sides = tuple[str, str]
"""What it means to have less than people, and more."""

WORDS: Final[Mapping[str, Sides]] = {
    "log_moments": ("the play is short", "the play is long"),
    "capture": ("the client captures finely", "the client captures coarsely"),
    "tail_weight": ("hardly a press goes astray", "a few presses go wildly astray"),
    "l_skewness": ("it is early more easily than late", "it is late more easily than early"),
    "l_kurtosis": (
        "errors are cut off rather than fading out",
        "errors are either tiny or huge",
    ),
    "lag_1": (
        "an error tells nothing of the next one, as if thrown by dice",
        "each error follows the one before too closely",
    ),
    "lag_2": (
        "an error is forgotten after one press",
        "errors are remembered too well over two presses",
    ),
    "lag_3_12": ("errors are forgotten at once", "errors stay the same over many presses"),
    "low_share": ("there is no slow drift", "nearly all error is slow drift"),
    "high_share": ("errors never jump between presses", "errors jump as often as dice do"),
    "slope": ("drift outweighs quick errors", "errors are as quick as they are slow"),
    "sign_changes": (
        "it stays early or late for too long",
        "it changes between early and late like a coin that is thrown",
    ),
    "volatility_1": (
        "steady and restless presses are mixed at random",
        "restless presses cling together",
    ),
    "volatility_2_12": (
        "there are no steady and no restless stretches",
        "steady and restless stretches are too long",
    ),
    "trend": ("it never gets ahead or behind over time", "it gets ahead or behind all the time"),
    "after_slip": (
        "after a slip it goes on as if nothing had happened",
        "after a slip it takes long to recover",
    ),
    "fatigue": ("it grows steadier as it goes on", "it grows less steady as it goes on"),
    "lane_bias": (
        "no finger is earlier or later than another",
        "fingers differ more in lateness than people's do",
    ),
    "lane_spreads": ("all fingers are equally steady", "fingers differ too much in steadiness"),
    "lane_memory": (
        "a finger's error tells nothing of its next one",
        "a finger repeats its errors",
    ),
    "lane_volatility": (
        "a finger's slips come at random",
        "a finger's slips come in rows",
    ),
    "chord_spread": (
        "the fingers of chords land together too exactly",
        "the fingers of chords land as if they did not know of each other",
    ),
    "chord_close": (
        "the fingers of chords hardly ever land at once",
        "the fingers of chords land at once too often",
    ),
    "chord_volatility": (
        "a slip of one finger of a chord leaves the others untouched",
        "the fingers of chords slip together too often",
    ),
    "chord_roll": ("chords roll back and forth in turns", "all chords roll to the same side"),
    "hand_same": (
        "the fingers of a hand err as if they did not share it",
        "the fingers of a hand err all alike",
    ),
    "hand_other": (
        "the hands know nothing of each other",
        "one hand errs as the other does",
    ),
    "hold_volatility": (
        "odd holds come at random",
        "odd holds come in rows",
    ),
    "hold_slip": (
        "keys that are missed in time are held like any other",
        "every slip in time is a slip in holding",
    ),
    "hold_after_error": (
        "a finger that was late holds the next key shorter",
        "a finger that was late holds the next key longer",
    ),
    "error_after_hold": (
        "a finger that held long is early the next time",
        "a finger that held long is late the next time",
    ),
    "release_together": ("keys hardly ever come up at once", "keys come up at once too often"),
    "hold_range": ("keys are held for the same time", "keys are held for just any time"),
    "hold_skew": ("short holds stand out", "long holds stand out"),
    "hold_lag": ("holds are unlike from press to press", "holds are alike from press to press"),
    "hold_lanes": (
        "all fingers hold keys for the same time",
        "fingers differ too much in how long they hold keys",
    ),
    "hold_memory": ("a finger has no habit of holding", "a finger holds every key alike"),
    "hold_gap": (
        "keys aren't held longer where there is time",
        "keys are held exactly as long as there is time",
    ),
    "hold_error": (
        "late presses are held much shorter",
        "late presses are held as long as early ones",
    ),
    "hold_chord": (
        "the keys of chords come up together",
        "the keys of chords come up as if they did not know of each other",
    ),
    "release_spread": ("long notes end too exactly", "long notes end anywhere"),
    "release_error": (
        "how a long note ends has nothing to do with how it began",
        "long notes end exactly as they began",
    ),
    "release_memory": ("ends of long notes are independent", "ends of long notes are alike"),
    "gap_before": ("it is early after rests", "it is late after rests"),
    "gap_after": ("it is early before rests", "it is late before rests"),
    "chord_size": ("chords are early", "chords are late"),
    "lane_gap_before": (
        "a finger is early after it rested",
        "a finger that must move at once is no later than one that rested",
    ),
    "lane_gap_after": ("a finger is early before it rests", "a finger is late before it rests"),
    "volatility_gap_before": ("it errs less after rests", "quick notes are as exact as slow ones"),
    "volatility_gap_after": ("it errs less before rests", "quick notes are as exact as slow ones"),
    "volatility_chord_size": (
        "chords are hit more exactly than people hit them",
        "single notes are no more exact than chords, or less",
    ),
}


def words_for(name: str, is_more: bool) -> str:
    """What it means that a feature is less, or more, than people's."""
    return WORDS[name][is_more]
