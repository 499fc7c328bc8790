"""What people type: amounts and keys."""

from decimal import Decimal
from typing import Final

import click

from consensus.identifiers import IdentityId, from_did
from consensus.signing import is_public_key
from popd.cli.quoting import quoted

UJAM_PER_JAM: Final = 1_000_000
MAX_AMOUNT_UJAM: Final = 2**63 - 1
"""What the ledger can write down."""


def jam(text: str) -> int:
    """An amount that people write in JAM, in uJAM; raises BadParameter."""
    try:
        amount_ujam = Decimal(text) * UJAM_PER_JAM
    except ArithmeticError:
        raise click.BadParameter(f"{quoted(text)} is no number.") from None
    if not amount_ujam.is_finite() or not 1 <= amount_ujam <= MAX_AMOUNT_UJAM:
        raise click.BadParameter(f"{text} is not between 0.000001 and what anybody has.")
    if amount_ujam != int(amount_ujam):
        raise click.BadParameter(f"{text} is finer than 0.000001, the least amount.")
    return int(amount_ujam)


def person(text: str) -> IdentityId:
    """An identity, as did:key or in hex; raises BadParameter where nobody can have its key."""
    try:
        key = from_did(text) if text.startswith("did:") else bytes.fromhex(text)
    except ValueError:
        key = b""
    if not is_public_key(key):
        raise click.BadParameter(
            f"{quoted(text)} is nobody's key; give a did:key:… or 64 hex digits."
        )
    return IdentityId(key)
