"""What happens to a node: messages, time, results of its effects, and its user's commands."""

from dataclasses import dataclass

from consensus.calibration import UNCALIBRATED, Calibration
from consensus.chart import Chart
from consensus.entries.dispute import DivergeReason, ReportReason
from consensus.entries.transfer import DeclineReason
from consensus.evidence import KeyEvent
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.lots import LotKey
from consensus.presence import Presence
from consensus.quality import Metrics
from consensus.units import MicroJam, Milliseconds, Ppm
from popd.node.concert_commands import ConcertCommand
from popd.node.duty import Choice
from popd.node.offences import Offence
from popd.node.own_effects import Confided, DeviceForgotten, SayOwnBox
from popd.node.purposes import JudgePurpose, SignPurpose
from popd.node.room_commands import RoomCommand
from popd.node.sheet_effects import SheetEvent


@dataclass(frozen=True, slots=True)
class Started:
    """The node begins to run, with what its store held."""


@dataclass(frozen=True, slots=True)
class Woke:
    """The time that the node asked to be woken at has come."""


@dataclass(frozen=True, slots=True)
class PeerConnected:
    """A peer can be reached."""

    peer: NodeKey
    """Which."""
    presence: Presence
    """How near the link says that it is."""
    subnet: str = ""
    """Where it comes from: peers of one subnet share what strangers may take up."""


@dataclass(frozen=True, slots=True)
class PathChanged:
    """Another way to a peer is the best one now."""

    peer: NodeKey
    """Which."""
    presence: Presence
    """As near as that way allows."""


@dataclass(frozen=True, slots=True)
class PeerDisconnected:
    """A peer can't be reached any more."""

    peer: NodeKey
    """Which."""


@dataclass(frozen=True, slots=True)
class PeerBlamed:
    """A peer did something wrong below its messages, where only the edge sees it."""

    peer: NodeKey
    """Who; it need not be connected."""
    offence: Offence
    """What."""
    detail: str
    """What exactly."""


@dataclass(frozen=True, slots=True)
class RoundTripMeasured:
    """How long the way to a peer and back took."""

    peer: NodeKey
    """Which."""
    round_trip_us: int
    """The latest measurement."""


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A peer delivered a message, its own or somebody else's."""

    peer: NodeKey
    """Who delivered it."""
    data: bytes
    """The message as it travelled."""


@dataclass(frozen=True, slots=True)
class BlobLoaded:
    """A blob that the node asked its store for."""

    id: ContentId
    """Its digest."""
    data: bytes
    """Its bytes."""


@dataclass(frozen=True, slots=True)
class SignatureMade:
    """The keystore signed."""

    purpose: SignPurpose
    """What it was for."""
    signature: bytes
    """64 bytes."""


@dataclass(frozen=True, slots=True)
class PlayJudged:
    """A window was judged."""

    purpose: JudgePurpose
    """What it was for."""
    metrics: Metrics
    """What was measured; riffs in the log's own time."""
    anomaly_ppm: Ppm
    """How unlike human play it is."""
    reasons: tuple[str, ...]
    """Why, in words."""
    model: bytes
    """Digest of the detectors."""


@dataclass(frozen=True, slots=True)
class Together:
    """A performance of several players, each with a session of their own."""

    performers: tuple[tuple[IdentityId, Ppm], ...]
    """All of them, and their shares, which make a million."""
    start_ms: Milliseconds
    """When the chart begins, by this node's clock."""


@dataclass(frozen=True, slots=True)
class StartSession:
    """Command: perform a chart."""

    chart: Chart
    """What to play."""
    nonce: bytes
    """16 fresh random bytes."""
    session_seed: bytes
    """32 fresh random bytes: the seed of the session key."""
    tags: tuple[str, ...]
    """In order, each once."""
    calibration: Calibration = UNCALIBRATED
    """How late the player's devices are."""
    together: Together | None = None
    """With whom, and when it begins; None for playing alone."""


@dataclass(frozen=True, slots=True)
class KeysPlayed:
    """Command: the player pressed and released keys."""

    keys: tuple[KeyEvent, ...]
    """In session time (from the start of window 0), in order."""


@dataclass(frozen=True, slots=True)
class StopSession:
    """Command: stop performing."""


@dataclass(frozen=True, slots=True)
class SendCoins:
    """Command: transfer part of a lot."""

    lot: LotKey
    """Which."""
    amount_ujam: MicroJam
    """How much."""
    recipient: IdentityId
    """To whom."""
    valuation_ujam: MicroJam | None = None
    """What it is worth to the user, where they want that to be said."""


@dataclass(frozen=True, slots=True)
class ReconcileFork:
    """Command: name all heads of a forked chain of one's own, and go on with the longest."""


@dataclass(frozen=True, slots=True)
class ReceiveCoins:
    """Command: take in what was handed to the user."""

    sources: tuple[EntryId, ...]
    """The transfers, mints, pages of concerts, declines or unstakes that hand it over."""


@dataclass(frozen=True, slots=True)
class TakeGifts:
    """Command: from now on receive transfers without asking, or don't."""

    is_on: bool
    """Whether to."""


@dataclass(frozen=True, slots=True)
class DeclineCoins:
    """Command: turn a transfer down."""

    transfer: EntryId
    """Which."""
    reason: DeclineReason = DeclineReason.UNSAID
    """Why."""


@dataclass(frozen=True, slots=True)
class StakeCoins:
    """Command: put part of a lot at stake."""

    lot: LotKey
    """Which."""
    amount_ujam: MicroJam
    """How much."""


@dataclass(frozen=True, slots=True)
class UnstakeCoins:
    """Command: take a stake back."""

    stake: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """Command: say that a block is not what it seems."""

    block: EntryId
    """Which."""
    reason: ReportReason
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class DivergeFrom:
    """Command: part from somebody."""

    identity: IdentityId
    """From whom."""
    reason: DivergeReason
    """Why."""


@dataclass(frozen=True, slots=True)
class ReconcileWith:
    """Command: take the divergence from somebody back."""

    identity: IdentityId
    """From whom."""


@dataclass(frozen=True, slots=True)
class TrustChanged:
    """Who is near the node's user was worked out anew."""

    trusted: frozenset[IdentityId]
    """Everybody who is near enough; at most `popd.node.tiers.MAX_TRUSTED` of them count."""


@dataclass(frozen=True, slots=True)
class PinsChanged:
    """Command: keep everything of these people, and of nobody else for this reason."""

    pinned: frozenset[IdentityId]
    """At most `popd.node.tiers.MAX_PINNED`."""


@dataclass(frozen=True, slots=True)
class WatchSession:
    """Command: show somebody's performance as it happens."""

    session: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class UnwatchSession:
    """Command: nobody looks at that performance any more."""

    session: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class Attend:
    """Command: a person is there to judge by hand, or is not any more."""

    is_attentive: bool
    """Whether somebody is."""


@dataclass(frozen=True, slots=True)
class JudgeByHand:
    """Command: say this of a block that the node was drawn for; it is signed a little later."""

    block: EntryId
    """Which."""
    choice: Choice
    """What."""


@dataclass(frozen=True, slots=True)
class UndoJudgement:
    """Command: take back what was said of a block, as long as it is not signed."""

    block: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class AppealBlock:
    """Command: ask those drawn for a block of one's own for a human look."""

    block: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class WriteOn:
    """Command: go on with a chain whose keys came back, without asking others any longer."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Command: what was to be written at the user's wish and is not yet is not wanted any more."""


Command = (
    TakeBack
    | StartSession
    | KeysPlayed
    | StopSession
    | SendCoins
    | ReceiveCoins
    | TakeGifts
    | DeclineCoins
    | ReconcileFork
    | StakeCoins
    | UnstakeCoins
    | ReportBlock
    | DivergeFrom
    | ReconcileWith
    | PinsChanged
    | WatchSession
    | UnwatchSession
    | Attend
    | JudgeByHand
    | UndoJudgement
    | AppealBlock
    | WriteOn
    | RoomCommand
    | ConcertCommand
    | SayOwnBox
)
"""What the user wants."""

Event = (
    Started
    | Woke
    | PeerConnected
    | PathChanged
    | PeerDisconnected
    | PeerBlamed
    | RoundTripMeasured
    | MessageReceived
    | BlobLoaded
    | SignatureMade
    | PlayJudged
    | TrustChanged
    | SheetEvent
    | Confided
    | DeviceForgotten
    | Command
)
