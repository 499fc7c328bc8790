"""What an observer needs to know of a lot to value it."""

from dataclasses import dataclass

from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.lots import LotKey
from consensus.value.policy import MadeBy


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
    block: EntryId | None = None
    """The performance that was minted; None where that is not known, and for a concert's page."""
    stake: EntryId | None = None
    """The stake in which it is locked; None for what is in a purse."""
    slashed: bool = False
    """Whether that stake burnt."""
    minter: IdentityId | None = None
    """Who performed for it; None where that is not known."""
    minted_ms: int = 0
    """When the mint was written, in UTC milliseconds."""
    made_by: MadeBy = MadeBy.PERSON
    """Whether a person or a machine performed, as far as anybody knows."""
    concert: EntryId | None = None
    """The first session of the concert whose crowd minted it; None for what witnesses minted."""

    @property
    def key(self) -> LotKey:
        """Which part of the lot it is."""
        return LotKey(self.origin, self.path)
