"""What people type: amounts and keys."""

import click

from consensus.identifiers import IdentityId, from_did
from consensus.signing import is_public_key
from popd.cli.quoting import quoted
from wallet.amounts import AmountError, amount_in


def jam(text: str) -> int:
    """An amount that people write in JAM, in uJAM; raises BadParameter."""
    try:
        return amount_in(text)
    except AmountError as error:
        raise click.BadParameter(f"{quoted(text)} {error}.") from None


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
