"""The JSON that goes in and out: every body and message of the API as a type.

Amounts are in uJAM, shares in ppm, times as the name says, identifiers in hexadecimal digits.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

MAX_BATCH: Final = 1_024
"""Key events in one message: ten fingers need five minutes for them at a message every 30 ms."""
MAX_PLAY_EVENTS: Final = 20_000
"""Key events of a prepared play; a window may hold half of them."""
MAX_SESSION_US: Final = 2 * 3_600 * 1_000_000
"""No session lasts longer than a chart may."""

Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
TimeUs = Annotated[int, Meta(ge=0, le=MAX_SESSION_US)]
Lane = Annotated[int, Meta(ge=0, le=17)]
IsPress = Annotated[int, Meta(ge=0, le=1)]
Key = tuple[TimeUs, Lane, IsPress]
WindowCount = Annotated[int, Meta(ge=1, le=30)]


class Person(msgspec.Struct, frozen=True):
    """Somebody."""

    id: str
    name: str


class Identity(msgspec.Struct, frozen=True):
    """The node's user."""

    id: str
    did: str
    name: str


class Neighbour(msgspec.Struct, frozen=True):
    """Somebody who is connected."""

    id: str
    name: str
    practice: bool
    """No person plays there."""


class Status(msgspec.Struct, frozen=True):
    """How the daemon is."""

    version: str
    network: str
    practice: bool
    window_ms: int
    """How much play one block seals."""
    identity: Identity
    neighbours: list[Neighbour]
    peers: int
    ready: bool
    """The user's chain has begun."""
    digest: str
    entries: int
    addresses: list[str]
    scopes: list[str]
    """What the caller may do here."""
    locked: bool
    """Nothing is signed in the user's name until the keys are unlocked."""
    pen: str = "own"
    """Whether something can be written now: own, here, locked, away, unpaired or forgotten."""
    elsewhere: bool = False
    """The same keys also wrote at another node, which splits the chain."""


class ChartSummary(msgspec.Struct, frozen=True):
    """A chart in the list of songs."""

    id: str
    keys: int
    notes: int
    """Holds included."""
    holds: int
    duration_ms: int
    level: str
    """What its maker called it."""
    stars: float | None
    """How hard it is; null where that can't be told."""


class SongSummary(msgspec.Struct, frozen=True):
    """A song in the list of songs."""

    name: str
    title: str
    artist: str
    bpm: float
    duration_ms: int
    charts: list[ChartSummary]
    """Of our own songs by lanes, otherwise the hardest first."""
    source: str
    """own: the page synthesises it by its score; shelf: somebody else's."""
    has_music: bool
    """There is a sound file for it."""
    music_start_ms: float
    """When in the charts' time the sound file begins."""
    preview_ms: float
    """Where it is best tasted."""
    added_ms: int
    """When it was put on the shelf; 0 for our own."""


class Songs(msgspec.Struct, frozen=True):
    """What can be played."""

    songs: list[SongSummary]


class Chart(msgspec.Struct, frozen=True):
    """What is to be pressed."""

    id: str
    title: str
    artist: str
    keys: int
    duration_us: int
    timing: list[tuple[int, int]]
    """[time_us, beat_us]"""
    notes: list[tuple[int, int, int]]
    """[start_us, lane, duration_us]"""


class Coin(msgspec.Struct, frozen=True):
    """Part of a lot in the purse."""

    lot: str
    path: list[str]
    minted_ms: int
    song: str
    amount_ujam: int
    value_ujam: int
    why: list[str]
    came_by: str = msgspec.field(name="from")
    """minted, crowd, witnessed or received"""
    contested: bool


class Purse(msgspec.Struct, frozen=True):
    """The user's coins, in somebody's eyes."""

    coins: list[Coin]
    total_ujam: int
    total_value_ujam: int
    seen_by: Person = msgspec.field(name="as")


class Value(msgspec.Struct, frozen=True):
    """What a lot is worth to somebody."""

    id: str
    name: str
    value_ujam: int
    why: list[str]
    is_me: bool


class Values(msgspec.Struct, frozen=True):
    """What a lot is worth to people."""

    values: list[Value]


class VerdictView(msgspec.Struct, frozen=True):
    """What one witness says of a block."""

    id: str
    name: str
    decision: str
    """accept, flag or reject"""
    anomaly_ppm: int
    accuracy_ppm: int
    riffs: tuple[int, int]
    """[answered, seen]"""
    reasons: list[str]


class QualityView(msgspec.Struct, frozen=True):
    """What the accepting witnesses agree on."""

    accuracy_ppm: int
    diversity_ppm: int
    harmony_ppm: int
    liveness_ppm: int
    density_ppm: int
    quality_ppm: int


class ShareView(msgspec.Struct, frozen=True):
    """Who got how much."""

    id: str
    name: str
    amount_ujam: int


class WindowMessage(msgspec.Struct, frozen=True, tag_field="type", tag="window"):
    """What became of a window so far."""

    session: str
    window: int
    state: str
    """sealed, drawn, attested, minted or failed"""
    block: str | None
    drawn: list[Person]
    needed: int
    """How many of the drawn must accept."""
    verdicts: list[VerdictView]
    quality: QualityView | None
    minted_ujam: int
    shares: list[ShareView]
    values: list[Value]
    why: str
    next_step: str = msgspec.field(name="next")
    looking: list[Person] = []
    """Witnesses who look at it themselves before they give their word."""


class Blocks(msgspec.Struct, frozen=True):
    """All windows of a session."""

    windows: list[WindowMessage]


class SendBody(msgspec.Struct, frozen=True):
    """Give coins."""

    lot: Hex
    amount_ujam: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    to: Annotated[str, Meta(max_length=80)]
    """A did:key or 64 hexadecimal digits."""
    path: Annotated[list[Hex], Meta(min_length=1, max_length=256)] | None = None
    """Which part of the lot; otherwise the largest."""
    says_worth: bool = False
    """State in the transfer, for everybody to read, what the coins are worth to the giver."""


class DeclineBody(msgspec.Struct, frozen=True):
    """Turn a transfer down."""

    transfer: Hex
    reason: Literal["unsaid", "not_worth", "unknown_giver", "disputed", "not_meant"] = "unsaid"
    """For everybody to read."""


class NoBody(msgspec.Struct, frozen=True):
    """Nothing needs to be said."""


class AutoplayBody(msgspec.Struct, frozen=True):
    """Have a machine play."""

    chart: Annotated[str, Meta(max_length=400_000)] | None = None
    """Canonical bytes in base64; or `song`, `keys` and `level`."""
    song: Annotated[str, Meta(max_length=64)] | None = None
    keys: Annotated[int, Meta(ge=1, le=18)] = 4
    level: Annotated[str, Meta(max_length=32)] = "easy"
    events: Annotated[list[Key], Meta(max_length=MAX_PLAY_EVENTS)] | None = None
    """A play, [t_us since the start, lane, 1 or 0]; or `bot`."""
    bot: Annotated[str, Meta(max_length=32)] = "human_like"
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    windows: WindowCount | None = None
    room: bool = False
    """The own part in the room that the user is in, once all begin."""


class Written(msgspec.Struct, frozen=True):
    """An entry was written."""

    entry: str


class Stopping(msgspec.Struct, frozen=True):
    """The daemon is about to end."""

    stopping: bool


class Halted(msgspec.Struct, frozen=True):
    """What is played is about to stop."""

    stopping: bool


class Played(msgspec.Struct, frozen=True):
    """What came of an automated play."""

    session: str
    windows: list[WindowMessage]
