"""What a node wants done: the runtime executes it, or the simulator does.

What others see happens only after `Store` is on disk; the runtime keeps that order.
"""

from dataclasses import dataclass

from consensus.calibration import Calibration
from consensus.chart import Chart
from consensus.evidence import Evidence
from consensus.identifiers import ContentId, EntryId, NodeKey
from consensus.signing import Domain
from consensus.statement import Statement
from consensus.units import Microseconds, Milliseconds
from popd.node.notices import Notice
from popd.node.own_effects import Confide, ReadOwnBox, Unsign
from popd.node.purposes import JudgePurpose, SignPurpose
from popd.node.sheet_effects import SheetEffect


@dataclass(frozen=True, slots=True)
class Store:
    """Keep entries for good."""

    statements: tuple[Statement, ...]
    """Applied, rejected or waiting; each once."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Let go of entries that were stored; they can be fetched again.

    In order with `Store`: what is stored after it was forgotten is kept.
    """

    ids: tuple[EntryId, ...]
    """Which, each once."""


@dataclass(frozen=True, slots=True)
class PruneBlobs:
    """Let go of blobs that nobody needs any more."""

    before_ms: Milliseconds
    """What was stored earlier goes."""
    needed: frozenset[ContentId]
    """But for these."""
    max_bytes: int
    """The oldest of the others go until all blobs are at most so large."""


@dataclass(frozen=True, slots=True)
class StoreBlob:
    """Keep a chart or evidence."""

    id: ContentId
    """Its digest."""
    data: bytes
    """Its bytes."""


@dataclass(frozen=True, slots=True)
class DropBlobs:
    """Let go of blobs at once: somebody wants nobody to see them any more."""

    ids: tuple[ContentId, ...]
    """Which."""


@dataclass(frozen=True, slots=True)
class KeepNote:
    """Write down what is to be known again after a restart, together with the entries stored."""

    name: str
    """By which it is found; what was written under it before is gone."""
    data: bytes | None
    """What it says; None to forget it."""


@dataclass(frozen=True, slots=True)
class Send:
    """Tell one peer."""

    peer: NodeKey
    """Whom."""
    data: bytes
    """The message."""
    is_live: bool = False
    """Live play is shed first when the peer reads slowly; everything else never is."""


@dataclass(frozen=True, slots=True)
class ServeBlob:
    """Send a peer a blob from the store, as `blob_parts` cuts it."""

    peer: NodeKey
    """Whom."""
    id: ContentId
    """Which."""
    offset: int
    """From which byte on."""


@dataclass(frozen=True, slots=True)
class LoadBlob:
    """Bring a blob back from the store; comes back as `BlobLoaded` if it is there."""

    id: ContentId
    """Which."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Ask the keystore; comes back as `SignatureMade`."""

    purpose: SignPurpose
    """What for."""
    domain: Domain
    """What the signature is good for."""
    subject: bytes
    """The digest to sign."""
    seed: bytes | None
    """The seed of the session key where that signs; None for the identity's own key."""


@dataclass(frozen=True, slots=True)
class JudgePlay:
    """Judge a window and run the detectors; comes back as `PlayJudged`."""

    purpose: JudgePurpose
    """What for."""
    chart: Chart
    """What was to be played."""
    evidence: Evidence
    """What was played."""
    start_us: Microseconds
    """Where in the chart the window begins."""
    calibration: Calibration
    """How late the player's devices were."""


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Send `Woke` at this time; an earlier wish for a later time is void."""

    time_us: Microseconds
    """When."""


@dataclass(frozen=True, slots=True)
class Part:
    """End the connection to a peer, and don't let it come back for a while."""

    peer: NodeKey
    """Whom."""
    ban_ms: int
    """For how long."""
    why: str
    """In words."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the user."""

    notice: Notice
    """What."""


Effect = (
    Store
    | Forget
    | StoreBlob
    | PruneBlobs
    | DropBlobs
    | KeepNote
    | Send
    | ServeBlob
    | LoadBlob
    | Sign
    | JudgePlay
    | WakeAt
    | Part
    | Tell
    | SheetEffect
    | ReadOwnBox
    | Confide
    | Unsign
)
