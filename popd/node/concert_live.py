"""A concert as one node sees it: the gatherer's latest card, the opinions here, what was said."""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Final

from consensus.identifiers import ContentId, EntryId, NodeKey
from consensus.presence import Presence
from consensus.units import Microseconds, Milliseconds
from popd.node.concert_ballots import BallotBox, Numbers
from popd.node.concert_opinions import OpinionState, OwnOpinion
from popd.node.messages.concerts import ConcertCard, ConcertId, Phase
from popd.node.standing import Bucket

STALE_MS: Final = 30_000
"""A gatherer who was not heard of for so long has lost the network, or gone."""
MAX_TOLD: Final = 64
"""Messages of ballots whose marks are remembered: a card answers one of the latest."""
MAX_REFUSALS: Final = 1_024
"""Refused ratings that are remembered; whoever floods sees the oldest of theirs forgotten."""
PASSED_PER_S: Final = 64
"""Messages of a crowd that a node passes on for one concert: an honest hall stays below."""
PASSED_BURST: Final = 512


@dataclass(slots=True)
class Gathered:
    """What only the gatherer knows of its concert."""

    box: BallotBox = field(default_factory=BallotBox)
    """The ballots."""
    told: ConcertCard | None = None
    """The last card that went out."""
    made: ConcertCard | None = None
    """What the last card that was made says, without its number and signature."""
    told_us: Microseconds = Microseconds(0)
    """When it was made."""
    is_planned: bool = False
    """Another one is about to be made."""
    revealed_ms: Milliseconds = Milliseconds(0)
    """When the ratings were revealed; 0 before."""
    is_finishing: bool = False
    """The user wants the pages now."""
    is_writing: bool = False
    """A page is being written."""
    look_us: Microseconds = Microseconds(0)
    """When it is looked at again whether what a page waits for is there; 0 for never."""
    waiting_for: str = ""
    """What the next page waits for, as a sentence; empty for nothing."""
    refusals: dict[EntryId, str] = field(default_factory=dict)
    """Ratings that no page will rest on, and why, in words."""
    taken_down: dict[ContentId, tuple[bytes, str]] = field(default_factory=dict)
    """Salts and texts of hidden comments: the gatherer may change its mind."""

    def refuse(self, rating: EntryId, why: str) -> None:
        """No page will rest on a rating."""
        self.refusals.setdefault(rating, why)
        while len(self.refusals) > MAX_REFUSALS:
            del self.refusals[next(iter(self.refusals))]


@dataclass(slots=True)
class LiveConcert:
    """One concert that this node knows."""

    card: ConcertCard
    """The latest that the gatherer said; of an own concert, what it says next."""
    since_ms: Milliseconds
    """When this node first heard of it, or opened it."""
    heard_us: Microseconds
    """When the gatherer was last heard of."""
    brought_by: NodeKey | None = None
    """The peer that first told of it; None for an own one, and after a restart."""
    own: Gathered | None = None
    """What the gatherer knows; None for others."""
    opinions: dict[bytes, OwnOpinion] = field(default_factory=dict)
    """Of everybody at this node, by voice: the user's identity, or a guest's key."""
    ratings: dict[EntryId, None] = field(default_factory=dict)
    """Ratings of it that are in the ledger, in order of arrival."""
    gathered: dict[EntryId, EntryId] = field(default_factory=dict)
    """Of each rating that a page rests on, the page."""
    comments: dict[ContentId, EntryId] = field(default_factory=dict)
    """Comments that ratings name, and the rating that named each first."""
    words: dict[ContentId, str] = field(default_factory=dict)
    """The texts of comments, as far as they are here and nobody took them down."""
    salts: dict[ContentId, bytes] = field(default_factory=dict)
    """Their salts: with the text each makes the comment's id again."""
    presence: Presence = Presence.REMOTE
    """The nearest that both this node and the gatherer's claimed before the reveal."""
    numbers: dict[bytes, Numbers] = field(default_factory=dict)
    """Of each teller that was heard or passed on, the latest numbers."""
    passed: Bucket = field(
        default_factory=lambda: Bucket(PASSED_PER_S, PASSED_BURST, PASSED_BURST, 0)
    )
    """What strangers say is passed on within this."""
    told: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=MAX_TOLD))
    """Own messages of ballots: their numbers, and the mark of all ballots up to each."""
    confirmed_number: int = 0
    """What was told up to this number is held by the gatherer."""
    told_us: Microseconds = Microseconds(0)
    """When ballots were last told."""
    is_joined: bool = False
    """What the ledger held of it when its first session was learnt is taken up."""
    is_telling: bool = False
    """Ballots are about to be told."""
    is_writing: bool = False
    """A rating is being written."""
    is_passing: bool = False
    """The card is about to be passed on."""
    is_stale: bool = False
    """The gatherer has not been heard of for a while."""
    is_noted: bool = True
    """Its user knows how it stands; otherwise they are about to be told."""

    @property
    def id(self) -> ConcertId:
        """Which concert."""
        return self.card.concert

    @property
    def phase(self) -> Phase:
        """How far it is."""
        return self.card.phase

    @property
    def is_mine(self) -> bool:
        """Whether this node gathers it."""
        return self.own is not None

    @property
    def first_session(self) -> EntryId | None:
        """By which law knows it; None before the first song is announced."""
        return self.card.first_session

    @property
    def ballots(self) -> int:
        """How many opinions the gatherer holds digests of, from everywhere."""
        return self.card.ballots if self.own is None else self.own.box.count

    @property
    def waiting_for(self) -> str:
        """What the gatherer's next page waits for, as a sentence; known to the gatherer alone."""
        return "" if self.own is None else self.own.waiting_for

    @property
    def refusals(self) -> dict[EntryId, str]:
        """Ratings that the gatherer does not gather, and why; known to the gatherer alone."""
        return {} if self.own is None else self.own.refusals

    def mine(self, voice: bytes) -> OwnOpinion | None:
        """What a voice at this node says, and how far that came."""
        return self.opinions.get(voice)

    def change(self, voice: bytes, opinion: OwnOpinion) -> None:
        """An opinion of somebody here came a step further."""
        self.opinions[voice] = opinion

    def refuse(self, voice: bytes, why: str, next_step: str) -> None:
        """An opinion of somebody here does not count."""
        self.change(voice, self.opinions[voice].refused(why, next_step))

    def untold(self) -> list[OwnOpinion]:
        """Opinions that the gatherer may not have heard of, as far as this node knows."""
        return [
            opinion
            for opinion in self.opinions.values()
            if opinion.state is OpinionState.HELD and opinion.told_number == 0
        ]

    def unconfirmed(self) -> list[OwnOpinion]:
        """Opinions of which the gatherer has not said that it holds them."""
        return [o for o in self.opinions.values() if o.state is OpinionState.HELD]

    def confirm(self) -> list[bytes]:
        """Takes in what the card says of our ballots; returns the voices that it holds now."""
        heard = set(self.card.heard)
        numbers = [number for number, mark in self.told if mark in heard]
        self.confirmed_number = max(numbers, default=self.confirmed_number)
        if not numbers:
            return []
        told = [o for o in self.unconfirmed() if 0 < o.told_number <= self.confirmed_number]
        for opinion in told:
            state = OpinionState.TOLD
            self.change(opinion.voice, replace(opinion, state=state, why="", next_step=""))
        return [opinion.voice for opinion in told]
