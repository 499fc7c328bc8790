"""Amounts as people write and read them, in JAM: one strict way in, one way out."""

import re
from typing import Final

from consensus.units import MicroJam

UJAM_PER_JAM: Final = 1_000_000
MAX_AMOUNT_UJAM: Final = 2**63 - 1
"""What the ledger can write down."""
_JAM: Final = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,6}))?", re.ASCII)


class AmountError(ValueError):
    """These letters are no amount; the message goes on after them."""


def amount_in(text: str) -> MicroJam:
    """An amount that somebody wrote in JAM: digits, with at most six more after a point.

    Raises AmountError.
    """
    found = _JAM.fullmatch(text)
    if found is None:
        raise AmountError("is no amount like 1.5, with at most six digits after the point")
    amount_ujam = int(found[1]) * UJAM_PER_JAM + int((found[2] or "").ljust(6, "0"))
    if not 0 < amount_ujam <= MAX_AMOUNT_UJAM:
        raise AmountError("is not between 0.000001 and what anybody has")
    return MicroJam(amount_ujam)


def in_jam(amount_ujam: int) -> str:
    """An amount in JAM, exactly, with as few digits as that takes."""
    whole, fraction = divmod(abs(amount_ujam), UJAM_PER_JAM)
    digits = f".{fraction:06}".rstrip("0").rstrip(".")
    return f"{'-' if amount_ujam < 0 else ''}{whole}{digits}"
