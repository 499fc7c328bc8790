"""What people type: amounts, scores and keys."""

import re
from typing import Final

import click
from click.core import augment_usage_errors

from consensus.identifiers import IdentityId, from_did
from consensus.signing import is_public_key
from popd.cli.quoting import quoted
from wallet.amounts import AmountError, amount_in

FULL_SCORE: Final = 10.0
_BELOW_NOTHING: Final = re.compile(r"-[.,]?[0-9][0-9.,]*", re.ASCII)


class NumberCommand(click.Command):
    """A command whose first argument is a number: one below nothing is no option for it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Raises BadParameter as the argument does; otherwise as any command."""
        number = next(one for one in self.params if isinstance(one, click.Argument))
        for text in args:
            if _BELOW_NOTHING.fullmatch(text):
                with augment_usage_errors(ctx, param=number):
                    number.type_cast_value(ctx, text)
        return super().parse_args(ctx, args)


def score(text: str) -> float:
    """A score from 0 to 10; raises BadParameter."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= FULL_SCORE:
        raise click.BadParameter(f"{quoted(text)} is no score from 0 to 10, like 8.5.")
    return found


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
