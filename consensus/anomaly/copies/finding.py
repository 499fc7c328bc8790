"""What is said against a play that follows known ones."""

from typing import Final

from consensus.anomaly.copies.library import TELLING_DECADES, Nearest
from consensus.anomaly.findings import Finding
from consensus.units import Ppm

DOUBTFUL_DECADES: Final = 2.0
"""From one innocent play in a hundred on, a word is said."""
CERTAIN_DECADES: Final = 6.0
"""One innocent play in a million is so much like another."""
DOUBTFUL_PPM: Final = 300_000
"""Worth a word; no ground for a flag, which takes 500,000."""
TELLING_PPM: Final = 900_000
CERTAIN_PPM: Final = 990_000


def find_copy(nearest: Nearest | None) -> Finding | None:
    """The finding against a play by its nearest; None where nothing speaks against it.

    Anomaly follows the chance that an innocent play is so much like any known one: 900,000 at one
    in 10,000, 990,000 from one in a million on, and less than 500,000 for what is likelier.
    """
    if nearest is None or nearest.significance < DOUBTFUL_DECADES:
        return None
    if nearest.kind == "none":
        is_alike = (
            f"is more like another one of the same song than people are ({_percent(nearest)})"
        )
        return Finding(Ppm(DOUBTFUL_PPM), f"This play {is_alike}; that may be chance.")
    grown = (nearest.significance - TELLING_DECADES) / (CERTAIN_DECADES - TELLING_DECADES)
    anomaly = TELLING_PPM + round(min(grown, 1.0) * (CERTAIN_PPM - TELLING_PPM))
    return Finding(Ppm(anomaly), _words(nearest))


def _words(nearest: Nearest) -> str:
    """What it follows, and how closely."""
    if nearest.kind == "splice":
        return (
            f"This is put together from {len(nearest.sources)} other plays of the same song: "
            f"{nearest.share:.0%} of it follows them press for press ({_percent(nearest)} alike)."
        )
    part = "This" if nearest.share > 0.95 else f"{nearest.share:.0%} of this play"
    return (
        f"{part} follows another play of the same song press for press: early where it is early, "
        f"late where it is late ({_percent(nearest)} alike)."
    )


def _percent(nearest: Nearest) -> str:
    return f"{nearest.correlation:.0%}"
