"""A concert's card: what its gatherer says of it, signed, so that anybody may pass it on."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, NewType

from consensus.encoding import Canonical, tagged_digest
from consensus.entries.performance import MAX_TAG_BYTES
from consensus.entry import MAX_TIME_MS
from consensus.fields import Fields
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.parameters import MAX_CONCERT_SESSIONS, MAX_PAGE_RATINGS, MAX_PERFORMERS, MAX_TAGS
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import SIGNATURE_SIZE
from consensus.units import MILLION, Ppm

ConcertId = NewType("ConcertId", bytes)
"""16 bytes that follow from the gatherer and chance: nobody else can take them first."""

CONCERT_ID_SIZE: Final = 16
MAX_NAME_BYTES: Final = 64
NAME_SALT_SIZE: Final = 16
MAX_EXPECTED: Final = 100_000
"""A crowd that one performer can expect."""
MAX_TELLERS: Final = 1_024
"""Nodes that tell ballots: each with a crowd of guests, or a single listener."""
MARK_SIZE: Final = 8
"""Bytes by which a teller sees that its ballots are held; nobody gains by guessing them."""
MAX_PAGES: Final = 64
"""Three thousand ratings: more than any concert's play lets mint."""
MAX_BALLOTS: Final = MAX_PAGES * MAX_PAGE_RATINGS
"""Ballots that a gatherer holds: as many as its pages have room for."""
MAX_HIDDEN: Final = 64
"""Comments that the performers took down."""


class Phase(IntEnum):
    """How far a concert is; only forward, but a locked one may be opened again."""

    WAITING = 0
    """It is announced; nobody tells an opinion yet."""
    OPEN = 1
    """Opinions are told, as digests."""
    LOCKED = 2
    """Nobody changes anything."""
    REVEALED = 3
    """Ratings are written and gathered."""
    CLOSED = 4
    """The pages are written."""


@dataclass(frozen=True, slots=True)
class ConcertCard:
    """What a gatherer says of its concert, whole each time."""

    TAG: ClassVar[str] = "concert card"
    concert: ConcertId
    """Which concert."""
    gatherer: IdentityId
    """Whose sessions it consists of, and who gathers the ratings."""
    node: NodeKey
    """The gatherer's node."""
    number: int
    """Grows with every card; the latest counts."""
    name: str
    """What it is called."""
    name_salt: bytes
    """16 bytes of chance: the name's content id and the concert's id follow from them."""
    tags: tuple[str, ...]
    """From the vocabulary, sorted."""
    performers: tuple[tuple[IdentityId, Ppm], ...]
    """Who shares, and how much of a million; empty for the gatherer alone."""
    expected: int
    """How many listeners the gatherer expects."""
    phase: Phase = Phase.WAITING
    """How far it is."""
    sessions: tuple[EntryId, ...] = ()
    """Its sessions so far; the first is the concert that ratings name."""
    ballots: int = 0
    """How many ballots the gatherer holds."""
    heard: tuple[bytes, ...] = ()
    """Of each teller, sorted, the mark of its ballots that the gatherer holds."""
    pages: tuple[EntryId, ...] = ()
    """The pages written so far."""
    hidden: tuple[ContentId, ...] = ()
    """Comments that nobody is to keep."""
    signature: bytes = b""
    """By the gatherer, over `card_digest`."""

    def content(self) -> tuple[Canonical, ...]:
        """What is signed."""
        return (
            self.concert,
            self.gatherer,
            self.node,
            self.number,
            self.name,
            self.name_salt,
            self.tags,
            self.performers,
            self.expected,
            int(self.phase),
            self.sessions,
            self.ballots,
            b"".join(self.heard),
            self.pages,
            self.hidden,
        )

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (*self.content(), self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "ConcertCard":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 16)
        card = cls(
            concert=ConcertId(fields.exactly(CONCERT_ID_SIZE)),
            gatherer=IdentityId(fields.exactly(32)),
            node=NodeKey(fields.exactly(32)),
            number=fields.integer(1, MAX_TIME_MS),
            name=fields.text(MAX_NAME_BYTES),
            name_salt=fields.exactly(NAME_SALT_SIZE),
            tags=tuple(_tag(tag) for tag in fields.array(0, MAX_TAGS)),
            performers=tuple(_share(item) for item in fields.array(0, MAX_PERFORMERS)),
            expected=fields.integer(0, MAX_EXPECTED),
            phase=Phase(fields.integer(0, max(Phase))),
            sessions=tuple(_entry(item) for item in fields.array(0, MAX_CONCERT_SESSIONS)),
            ballots=fields.integer(0, MAX_BALLOTS),
            heard=cut(fields.packed(MARK_SIZE, MAX_TELLERS), MARK_SIZE),
            pages=tuple(_entry(item) for item in fields.array(0, MAX_PAGES)),
            hidden=tuple(ContentId(_entry(item)) for item in fields.array(0, MAX_HIDDEN)),
            signature=fields.exactly(SIGNATURE_SIZE),
        )
        _check(card)
        return card

    @property
    def first_session(self) -> EntryId | None:
        """The session by which law knows the concert; None before it is announced."""
        return self.sessions[0] if self.sessions else None

    @property
    def name_id(self) -> ContentId | None:
        """The content with its name; None for a concert without one."""
        return content_id(self.name_salt, self.name) if self.name else None


def card_digest(card: ConcertCard) -> bytes:
    """What a gatherer signs."""
    return tagged_digest(ConcertCard.TAG, *card.content())


def concert_id(gatherer: IdentityId, name_salt: bytes) -> ConcertId:
    """The id of the concert that somebody announces with so many bytes of chance."""
    return ConcertId(tagged_digest("concert", gatherer, name_salt)[:CONCERT_ID_SIZE])


def content_id(salt: bytes, text: str) -> ContentId:
    """The content id of a name or a comment."""
    return ContentId(tagged_digest("words", salt, text))


def cut(packed: bytes, size: int) -> tuple[bytes, ...]:
    """The items of so many bytes in `packed`."""
    return tuple(packed[start : start + size] for start in range(0, len(packed), size))


def _check(card: ConcertCard) -> None:
    """What a card can't say, whoever signed it: raises RejectionError(OUT_OF_RANGE)."""
    who = [identity for identity, _ in card.performers]
    is_whole = not who or sum(share for _, share in card.performers) == MILLION
    is_ordered = list(card.tags) == sorted(set(card.tags))
    is_ordered &= list(card.heard) == sorted(set(card.heard))
    rows = (who, card.sessions, card.pages, card.hidden)
    is_once = all(len(set(items)) == len(items) for items in rows)
    is_in = not who or card.gatherer in who
    if card.concert != concert_id(card.gatherer, card.name_salt):
        raise RejectionError(
            RejectionReason.OUT_OF_RANGE, "concert card: the id is not that of its gatherer"
        )
    if not (is_whole and is_ordered and is_once and is_in):
        raise RejectionError(
            RejectionReason.OUT_OF_RANGE,
            "concert card: shares that are no whole, or something twice or out of order",
        )


def _tag(tag: Canonical) -> str:
    return Fields("concert tag", (tag,), 1).text(MAX_TAG_BYTES)


def _entry(item: Canonical) -> EntryId:
    return EntryId(Fields("concert entry", (item,), 1).exactly(32))


def _share(body: Canonical) -> tuple[IdentityId, Ppm]:
    fields = Fields("concert share", body, 2)
    return IdentityId(fields.exactly(32)), Ppm(fields.ppm())
