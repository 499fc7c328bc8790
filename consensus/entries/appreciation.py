"""Entries of a crowd: the rating that one voice gives a performer, and the pages of a concert,
which gather ratings and turn them into coins."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, NamedTuple

from consensus.encoding import Canonical, tagged_digest
from consensus.entries.performance import MAX_TAG_BYTES
from consensus.fields import Fields
from consensus.identifiers import ContentId, EntryId, IdentityId
from consensus.parameters import MAX_CONCERT_SESSIONS, MAX_PAGE_RATINGS, MAX_TAGS
from consensus.presence import MAX_PRESENCE, Presence
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import PUBLIC_KEY_SIZE, SIGNATURE_SIZE
from consensus.units import Day, MicroJam, Ppm

SALT_SIZE: Final = 16
MAX_METHOD_BYTES: Final = 32
MAX_RATING_BUDGET_PPM: Final = 2**48
MAX_DECLARED_DAY: Final = 2**24
MAX_FAMILIARITY_DAYS: Final = 64
"""What can be declared; the law counts at most thirty."""


class Modality(IntEnum):
    """How a score came about."""

    MANUAL = 0
    """A person chose it."""
    SIGNAL = 1
    """Measured: tapping along."""
    COMMENT = 2
    """Read out of what a person wrote."""
    PLUGIN = 3
    """By something that the rater installed."""


MAX_MODALITY: Final = max(Modality)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one voice says of one performer of a concert."""

    session: EntryId
    """The concert's first session; whose it is gathers the ratings."""
    performer: IdentityId
    """Who is rated; one of those who share in the session."""
    score_ppm: Ppm
    """From not at all to entirely."""
    tags: tuple[str, ...]
    """What it felt like, from the vocabulary, sorted."""
    modality: Modality
    """How the score came about."""
    method: str
    """By which measure, lexicon or plug-in; empty where a person chose."""
    comment: ContentId | None
    """The salted blob with what the voice has to say; None for nothing."""
    salt: bytes
    """16 bytes of chance: until it is revealed nobody can guess the opinion by its digest."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (
            self.session,
            self.performer,
            self.score_ppm,
            self.tags,
            int(self.modality),
            self.method,
            self.comment or b"",
            self.salt,
        )

    @classmethod
    def from_body(cls, body: Canonical) -> "Opinion":
        """Raises RejectionError when `body` is no opinion."""
        fields = Fields("opinion", body, 8)
        return cls(
            EntryId(fields.exactly(32)),
            IdentityId(fields.exactly(32)),
            Ppm(fields.ppm()),
            _tags("opinion", fields.array(0, MAX_TAGS)),
            Modality(fields.integer(0, MAX_MODALITY)),
            fields.text(MAX_METHOD_BYTES),
            _content("opinion", fields.binary(0, 32)),
            fields.exactly(SALT_SIZE),
        )


def opinion_digest(opinion: Opinion, teller: IdentityId, voice: bytes) -> bytes:
    """What leaves a spectator's node before the reveal, and what a guest signs.

    `teller` is the identity that will write the rating, `voice` the guest's key, or the teller.
    """
    return tagged_digest("opinion", opinion.to_body(), teller, voice)


class Guest(NamedTuple):
    """Somebody without a chain, who speaks through a host."""

    key: bytes
    """Their Ed25519 key, made for the evening."""
    signature: bytes
    """By it, over `opinion_digest` with the host as teller."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One voice's opinion, told by its author: their own, or a guest's whose host they are."""

    KIND: ClassVar[str] = "rating"
    opinion: Opinion
    """What is said."""
    guest: Guest | None
    """Whose voice it is; None for the author's own."""
    presence: Presence
    """How near the author says that they were."""
    day: Day
    """The UTC day on which it is told."""
    familiarity_days: int
    """f: on how many of the 30 days before it the author rated this performer."""
    budget_ppm: int
    """j: the scores that the author gave in the last seven days before this, summed."""

    @property
    def performer(self) -> IdentityId:
        """Who is rated."""
        return self.opinion.performer

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (
            self.opinion.to_body(),
            () if self.guest is None else tuple(self.guest),
            int(self.presence),
            self.day,
            self.familiarity_days,
            self.budget_ppm,
        )

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (self.opinion.session,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Rating":
        """Raises RejectionError when `body` is no rating."""
        fields = Fields("rating", body, 6)
        opinion = Opinion.from_body(fields.any())
        guest = fields.array(0, 2)
        return cls(
            opinion,
            _guest(guest) if guest else None,
            Presence(fields.integer(0, MAX_PRESENCE)),
            Day(fields.integer(0, MAX_DECLARED_DAY)),
            fields.integer(0, MAX_FAMILIARITY_DAYS),
            fields.integer(0, MAX_RATING_BUDGET_PPM),
        )


def voice_of(author: IdentityId, rating: Rating) -> bytes:
    """Whose voice a rating is: the guest's key, or the author's."""
    return author if rating.guest is None else rating.guest.key


class GatheredRating(NamedTuple):
    """One rating that a page of a concert rests on."""

    rating: EntryId
    """The rater's, or their host's, entry."""
    presence: Presence
    """How near the performer says that its author was."""


@dataclass(frozen=True, slots=True)
class Concert:
    """A page of a concert: ratings that its performer gathered; the lot bears this entry's id."""

    KIND: ClassVar[str] = "concert"
    sessions: tuple[EntryId, ...]
    """The author's sessions that it consists of; the first is the one that ratings name."""
    name: ContentId | None
    """The salted blob with what the concert is called; None for nothing in particular."""
    tags: tuple[str, ...]
    """From the vocabulary, sorted."""
    ratings: tuple[GatheredRating, ...]
    """In the order in which they count, as far as the concert may mint."""
    amount_ujam: MicroJam
    """What they mint together; law computes the same number."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (
            self.sessions,
            self.name or b"",
            self.tags,
            tuple((rating.rating, int(rating.presence)) for rating in self.ratings),
            self.amount_ujam,
        )

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (*self.sessions, *(rating.rating for rating in self.ratings))

    @classmethod
    def from_body(cls, body: Canonical) -> "Concert":
        """Raises RejectionError when `body` is no page of a concert."""
        fields = Fields("concert", body, 5)
        sessions = tuple(
            EntryId(Fields("concert session", (session,), 1).exactly(32))
            for session in fields.array(1, MAX_CONCERT_SESSIONS)
        )
        return cls(
            sessions,
            _content("concert", fields.binary(0, 32)),
            _tags("concert", fields.array(0, MAX_TAGS)),
            tuple(_gathered(rating) for rating in fields.array(1, MAX_PAGE_RATINGS)),
            MicroJam(fields.integer(0)),
        )


def _tags(record: str, tags: tuple[Canonical, ...]) -> tuple[str, ...]:
    return tuple(Fields(f"{record} tag", (tag,), 1).text(MAX_TAG_BYTES) for tag in tags)


def _content(record: str, content: bytes) -> ContentId | None:
    if len(content) not in (0, 32):
        raise RejectionError(RejectionReason.OUT_OF_RANGE, f"{record}: content is 0 or 32 bytes")
    return ContentId(content) if content else None


def _guest(body: tuple[Canonical, ...]) -> Guest:
    fields = Fields("guest", body, 2)
    return Guest(fields.exactly(PUBLIC_KEY_SIZE), fields.exactly(SIGNATURE_SIZE))


def _gathered(body: Canonical) -> GatheredRating:
    fields = Fields("gathered rating", body, 2)
    return GatheredRating(EntryId(fields.exactly(32)), Presence(fields.integer(0, MAX_PRESENCE)))
