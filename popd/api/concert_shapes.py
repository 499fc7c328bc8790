"""Concerts, as JSON: what a page says of one, and what it is told."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from popd.api.messages import ErrorMessage, Ping, Pong
from popd.api.nearby_messages import FrameMessage
from popd.api.shapes import Hex, Person

MAX_CONCERT_MESSAGE: Final = 16 * 1024
"""Characters; an opinion with the longest comment fits several times."""
MAX_FEELINGS: Final = 4
"""Feelings that one opinion names."""
MAX_TAPS_TOLD: Final = 64
"""Taps in one message: a quarter of a second has two or three."""

Hex16 = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Hex64 = Annotated[str, Meta(pattern="^[0-9a-f]{128}$")]
Tag = Annotated[str, Meta(min_length=1, max_length=32)]
Ratio = Annotated[int, Meta(ge=0, le=1_000_000)]
Moment = Annotated[float, Meta(ge=0, le=1e15)]
ModalityName = Literal["manual", "signal", "comment", "plugin"]
PhaseName = Literal["waiting", "open", "locked", "revealed", "closed"]


class ShareBody(msgspec.Struct, frozen=True):
    """Somebody who performs, and their part."""

    id: Hex
    share_ppm: Annotated[int, Meta(ge=1, le=1_000_000)]


class ConcertBody(msgspec.Struct, frozen=True):
    """A concert to be announced."""

    name: Annotated[str, Meta(max_length=64)]
    tags: Annotated[list[Tag], Meta(max_length=8)] = []
    expected: Annotated[int, Meta(ge=0, le=100_000)] = 0
    """How many listeners."""
    performers: Annotated[list[ShareBody], Meta(max_length=16)] = []
    """Everybody who shares, the user among them; empty for the user alone."""


class PhaseBody(msgspec.Struct, frozen=True):
    """How far the concert is to go."""

    phase: PhaseName


class DoorBody(msgspec.Struct, frozen=True):
    """Where guests come in."""

    address: Annotated[str, Meta(max_length=64)] = ""
    """An IPv4 address of this machine; empty for the one that others reach."""


class HideBody(msgspec.Struct, frozen=True):
    """Whether a comment is to be seen."""

    hidden: bool


class OpinionBody(msgspec.Struct, frozen=True):
    """What somebody makes of a concert."""

    score_ppm: Ratio
    performer: Annotated[str, Meta(max_length=64)] = ""
    """Whom; empty for whoever gathers, who stands for all."""
    tags: Annotated[list[Tag], Meta(max_length=MAX_FEELINGS)] = []
    modality: ModalityName = "manual"
    method: Annotated[str, Meta(max_length=32)] = ""
    comment: Annotated[str, Meta(max_length=280)] = ""
    salt: Hex16 | None = None
    """A guest's: chance, so that nobody guesses the opinion by its digest."""
    comment_salt: Hex16 | None = None
    signature: Hex64 | None = None
    """A guest's, over the digest of the opinion."""


class AppraiseBody(msgspec.Struct, frozen=True):
    """What somebody did, to be turned into a score."""

    modality: ModalityName
    method: Annotated[str, Meta(max_length=32)] = ""
    taps_ms: Annotated[list[Moment], Meta(max_length=8_192)] = []
    comment: Annotated[str, Meta(max_length=280)] = ""


class Appraised(msgspec.Struct, frozen=True):
    """A score, and why."""

    score_ppm: int
    method: str
    why: list[str]


class DoorAbout(msgspec.Struct, frozen=True):
    """What a guest's page signs before it comes in."""

    concert: str
    teller: str
    """The host's identity."""
    network: str
    name: str
    """What the concert is called."""
    gatherer: Person
    challenge: str
    """16 bytes in hex; good once, for 90 s, for the address that asked."""


class GuestBody(msgspec.Struct, frozen=True):
    """A guest at the door."""

    key: Hex
    challenge: Hex16
    """What the door asked last."""
    signature: Hex64
    """By the key: that it comes to this host's door of this concert, with this challenge."""


class GuestSeated(msgspec.Struct, frozen=True):
    """What a guest's page shows from now on."""

    token: str
    until_us: int
    scope: str
    concert: str
    secret: str
    """The door's: with it a phone that typed the code comes back, whatever others guess."""


class ShareSeen(msgspec.Struct, frozen=True):
    """Who performs, and their part."""

    id: str
    name: str
    share_ppm: int


class Crowd(msgspec.Struct, frozen=True):
    """Who listens."""

    ballots: int
    """Opinions cast so far, everywhere."""
    here: int
    """Pages that are open at this node."""
    guests: int
    """Seats taken at this node."""
    energy_ppm: int
    """How much those who tap along do so, now."""
    taps: int
    """How often, in the last second."""


class DoorSeen(msgspec.Struct, frozen=True):
    """How guests come in."""

    open: bool
    url: str
    """With the secret behind #concert="""
    address: str
    """To be typed, with the code."""
    code: str
    rows: list[str]
    """The url as a QR code without its quiet zone: a row a text, 1 for dark."""
    guests: int
    most: int
    note: str = ""
    """What the host is to know, as a sentence; empty for nothing."""


class MineSeen(msgspec.Struct, frozen=True):
    """What the caller said, and what became of it."""

    performer: str
    score_ppm: int
    tags: list[str]
    modality: str
    method: str
    comment: str
    state: str
    """held, told, revealed, gathered or refused"""
    why: str
    next_step: str = msgspec.field(name="next")
    minted_ujam: int


class CommentSeen(msgspec.Struct, frozen=True):
    """What somebody wrote."""

    id: str
    rating: str
    who: Person | None
    """None for a guest."""
    guest: str
    """Their key; empty for who is none."""
    text: str
    score_ppm: int
    hidden: bool


class AmountSeen(msgspec.Struct, frozen=True):
    """Who got how much."""

    id: str
    name: str
    amount_ujam: int


class FeelingSeen(msgspec.Struct, frozen=True):
    """What it felt like, and to how many."""

    tag: str
    count: int


class SubcoinSeen(msgspec.Struct, frozen=True):
    """The coins that a crowd made."""

    name: str
    tags: list[str]
    crowd: int
    """Ratings that were gathered."""
    minted_ujam: int
    cap_ujam: int
    """What witnesses made of the playing; ratings mint no more."""
    shares: list[AmountSeen]
    pages: list[str]
    mean_score_ppm: int
    scores: list[int]
    """How many gave 0 to 10 tenths, rounded."""
    feelings: list[FeelingSeen]
    value_ujam: int | None
    """What all of it is worth to this node's user; null for guests."""


class PlaySeen(msgspec.Struct, frozen=True):
    """What is played now, for drawing its lanes from frames."""

    session: str
    chart: str
    start_us: int
    """The moment of chart time 0, by the daemon's clock."""
    windows: int
    window_us: int
    input_us: int
    """How late the performer's keys are; taken off before a press is judged."""


class ConcertView(msgspec.Struct, frozen=True):
    """A concert as one caller sees it."""

    id: str
    name: str
    tags: list[str]
    phase: str
    gatherer: Person
    teller: str
    """This node's identity: what guests sign names it."""
    performers: list[ShareSeen]
    expected: int
    since_ms: int
    first: str | None
    """The session that ratings name; null before the first song is announced."""
    sessions: list[str]
    live: str | None
    performance: PlaySeen | None
    """null between two songs."""
    song: str
    """Empty until the chart is here."""
    is_mine: bool
    is_performer: bool
    """This node's user performs: what is told through it shows, and mints nothing."""
    crowd: Crowd
    door: DoorSeen | None
    mine: MineSeen | None
    comments: list[CommentSeen]
    subcoin: SubcoinSeen | None
    waiting_for: str
    next_step: str = msgspec.field(name="next")


class MethodSeen(msgspec.Struct, frozen=True):
    """A way to come to a score."""

    name: str
    label: str
    modality: str
    about: str


class Concerts(msgspec.Struct, frozen=True):
    """Concerts that this node knows, and how they are rated."""

    concerts: list[ConcertView]
    feelings: list[str]
    methods: list[MethodSeen]


class TapsMessage(msgspec.Struct, frozen=True, tag_field="type", tag="taps"):
    """Somebody tapped along, by the page's clock."""

    concert: Hex16
    taps_ms: Annotated[list[Moment], Meta(max_length=MAX_TAPS_TOLD)]


class OpinionMessage(OpinionBody, frozen=True, kw_only=True, tag_field="type", tag="opinion"):
    """The same as posting an opinion; answered by its number."""

    seq: Annotated[int, Meta(ge=1, le=2**53)]
    concert: Hex16


FromListener = Ping | TapsMessage | OpinionMessage


class ConcertMessage(msgspec.Struct, frozen=True, tag_field="type", tag="concert"):
    """A concert is not as it was."""

    concert: ConcertView


class TakenMessage(msgspec.Struct, frozen=True, tag_field="type", tag="taken"):
    """An opinion is kept."""

    seq: int


class RefusedMessage(msgspec.Struct, frozen=True, tag_field="type", tag="refused"):
    """An opinion is not kept."""

    seq: int
    why: str
    next_step: str = msgspec.field(name="next")


class FeltMessage(msgspec.Struct, frozen=True, tag_field="type", tag="felt"):
    """How the crowd taps along."""

    concert: str
    people: int
    taps: int
    energy_ppm: int


ToListener = (
    Pong
    | ConcertMessage
    | TakenMessage
    | RefusedMessage
    | FeltMessage
    | FrameMessage
    | ErrorMessage
)
