"""What a crowd says: ballots before the reveal, words after it, and applause all along."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, NamedTuple

from consensus.encoding import Canonical, tagged_digest
from consensus.entries.appreciation import SALT_SIZE
from consensus.entry import MAX_TIME_MS
from consensus.fields import Fields
from consensus.identifiers import ContentId, IdentityId
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import SIGNATURE_SIZE
from consensus.units import Ppm
from popd.node.messages.concerts import CONCERT_ID_SIZE, ConcertId, content_id, cut

MAX_BATCH: Final = 64
"""Ballots in one message; a host with more guests sends several."""
MAX_WORDS_CHARACTERS: Final = 280
"""Of a comment: what fits on a phone that is held in one hand."""
MAX_PEOPLE: Final = 1_024
"""People who tap along at one node."""
MAX_TAPS: Final = 32_768
"""Of all of them in a second: thirty each, beyond any fingers."""


class Ballot(NamedTuple):
    """That a voice has an opinion, and by its digest which."""

    voice: bytes
    """The guest's key, or the teller."""
    digest: bytes
    """Of the opinion, the teller and the voice."""


@dataclass(frozen=True, slots=True)
class ConcertBallots:
    """Ballots of one teller that are new or changed."""

    TAG: ClassVar[str] = "ballots"
    concert: ConcertId
    """Which concert."""
    teller: IdentityId
    """Who will write the ratings."""
    number: int
    """Grows with every message of the teller: of each voice the ballot in the latest counts."""
    ballots: tuple[Ballot, ...]
    """One a voice."""
    signature: bytes
    """By the teller, over `ballots_digest`."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        ballots = tuple(tuple(ballot) for ballot in self.ballots)
        return (self.concert, self.teller, self.number, ballots, self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "ConcertBallots":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 5)
        message = cls(
            ConcertId(fields.exactly(CONCERT_ID_SIZE)),
            IdentityId(fields.exactly(32)),
            fields.integer(1, MAX_TIME_MS),
            tuple(_ballot(item) for item in fields.array(1, MAX_BATCH)),
            fields.exactly(SIGNATURE_SIZE),
        )
        if len({ballot.voice for ballot in message.ballots}) != len(message.ballots):
            raise RejectionError(RejectionReason.OUT_OF_RANGE, "ballots: a voice twice")
        return message


def ballots_digest(message: ConcertBallots) -> bytes:
    """What a teller signs."""
    ballots = tuple(tuple(ballot) for ballot in message.ballots)
    return tagged_digest("ballots", message.concert, message.teller, message.number, ballots)


class BallotRefusal(IntEnum):
    """Why a gatherer does not take ballots."""

    NOT_OPEN = 0
    """Nobody rates now."""
    FULL = 1
    """It holds as many as it can, or as many of this teller."""


@dataclass(frozen=True, slots=True)
class BallotsRefused:
    """The gatherer says to whoever delivered ballots that some of them don't count."""

    TAG: ClassVar[str] = "ballots refused"
    concert: ConcertId
    """Which concert."""
    teller: IdentityId
    """Whose ballots."""
    number: int
    """Of the message that they came with."""
    voices: tuple[bytes, ...]
    """Whose of them are refused."""
    why: BallotRefusal
    """Why."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.concert, self.teller, self.number, b"".join(self.voices), int(self.why))

    @classmethod
    def from_body(cls, body: Canonical) -> "BallotsRefused":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 5)
        return cls(
            ConcertId(fields.exactly(CONCERT_ID_SIZE)),
            IdentityId(fields.exactly(32)),
            fields.integer(1, MAX_TIME_MS),
            cut(fields.packed(32, MAX_BATCH), 32),
            BallotRefusal(fields.integer(0, max(BallotRefusal))),
        )


@dataclass(frozen=True, slots=True)
class ConcertWords:
    """What a voice says beside its score; a rating names it by its digest."""

    TAG: ClassVar[str] = "words"
    concert: ConcertId
    """Which concert."""
    salt: bytes
    """16 bytes of chance."""
    text: str
    """At most 280 characters."""

    @property
    def id(self) -> ContentId:
        """By which a rating names it."""
        return content_id(self.salt, self.text)

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.concert, self.salt, self.text)

    @classmethod
    def from_body(cls, body: Canonical) -> "ConcertWords":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 3)
        return cls(
            ConcertId(fields.exactly(CONCERT_ID_SIZE)),
            fields.exactly(SALT_SIZE),
            words_text(fields),
        )


def words_text(fields: Fields) -> str:
    """The next field, a comment; raises RejectionError when it is none or too long."""
    text = fields.text(4 * MAX_WORDS_CHARACTERS)
    if not 1 <= len(text) <= MAX_WORDS_CHARACTERS:
        raise RejectionError(
            RejectionReason.OUT_OF_RANGE, f"words of {len(text)} characters, not 1 to 280"
        )
    return text


@dataclass(frozen=True, slots=True)
class Applause:
    """How people at the sender's node tap along, this second."""

    TAG: ClassVar[str] = "applause"
    concert: ConcertId
    """Which concert."""
    people: int
    """How many tap."""
    taps: int
    """How often, together."""
    energy_ppm: Ppm
    """How much, on their average."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.concert, self.people, self.taps, self.energy_ppm)

    @classmethod
    def from_body(cls, body: Canonical) -> "Applause":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        return cls(
            ConcertId(fields.exactly(CONCERT_ID_SIZE)),
            fields.integer(0, MAX_PEOPLE),
            fields.integer(0, MAX_TAPS),
            Ppm(fields.ppm()),
        )


CrowdMessage = ConcertBallots | BallotsRefused | ConcertWords | Applause


def _ballot(body: Canonical) -> Ballot:
    fields = Fields("ballot", body, 2)
    return Ballot(fields.exactly(32), fields.exactly(32))
