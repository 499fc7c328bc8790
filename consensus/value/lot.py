"""What an observer needs to know of a lot to value it."""

from dataclasses import dataclass

from consensus.identifiers import IdentityId, LotId


@dataclass(frozen=True, slots=True)
class LotView:
    """One holder's part of the coins that one mint made, with their history."""

    origin: LotId
    """The mint in which the lot was born."""
    contributions: tuple[tuple[IdentityId, int], ...]
    """What each verifier's word added to the whole mint, in uJAM."""
    path: tuple[IdentityId, ...]
    """Who held it, in order: first for whom it was minted, last who holds it now."""
    amount_ujam: int
    """How much of the mint this is."""
    minted_ujam: int
    """How much the mint made."""
    tags: tuple[str, ...] = ()
    """What the session was tagged with."""
    forked: bool = False
    """Whether its minter's chain had forked before, and was not mended."""
    contested: bool = False
    """Whether two branches of a fork moved it."""
