"""Nearby as JSON: who performs now, what this node was drawn for, and what it said."""

from typing import Literal

import msgspec

from popd.api.shapes import Hex, Person

ChoiceName = Literal["accept", "reject", "cannot_judge"]


class NearnessView(msgspec.Struct, frozen=True):
    """How near a performer's node is: a claim of both sides, which nobody can prove."""

    counts_as: str
    """The lower of both claims: same link, near or remote."""
    round_trip_us: int
    """The shortest way there and back that was measured; 0 when none was."""
    uncertainty_us: int
    words: str
    """The same as a sentence's part: who says what, and what was measured."""


class PerformanceView(msgspec.Struct, frozen=True):
    """Somebody who performs now."""

    session: str
    performer: Person
    chart: str
    song: str
    """Empty until the chart is here."""
    keys: int
    """How many lanes; 0 until the chart is here."""
    start_us: int
    """The moment of chart time 0, by the daemon's clock."""
    windows: int
    window_us: int
    input_us: int
    """How late the performer's keys are; taken off before a press is judged."""
    openings: int
    """How many were ready to witness it."""
    is_candidate: bool
    """This node is one of them: it challenges, and may be drawn."""
    is_heard: bool
    """Something of the play reached this node."""
    nearness: NearnessView


class MetricsView(msgspec.Struct, frozen=True):
    """What was measured of a window, or of what of it is here by now."""

    events: int
    accuracy_ppm: int
    diversity_ppm: int
    harmony_ppm: int
    riffs: tuple[int, int]
    """[answered, seen]"""


class DutyView(msgspec.Struct, frozen=True):
    """A block that this node was drawn for."""

    block: str
    session: str
    window: int
    performer: Person
    song: str
    state: str
    """fetching, judging, asking, decided, signed, passed or lost"""
    drawn_ms: int
    until_ms: int
    """While asking or decided: when the node goes on by itself, by the daemon's clock."""
    choice: str
    """What its user said; empty where the node alone decides."""
    suggestion: str
    """What the node would say by itself: accept, flag or reject; empty before it judged,
    and once a person's word stands."""
    anomaly_ppm: int
    metrics: MetricsView | None
    """Riffs by this node's own clock; None before it judged."""
    has_seen_frames: bool
    """The sealed log holds everything that this node saw live."""
    custody: str
    """First digits of the proof that it had the evidence itself."""
    model: str
    """First digits of the detectors' digest."""
    reasons: list[str]
    """Why, in words, the most telling first."""
    noticed: list[str]
    """What the detectors noticed, in their words."""
    needs_look: bool
    """A person is asked to look at it."""
    look: str
    """Why a person is asked; otherwise empty."""
    attestation: str
    """The entry with the word, once it is written."""
    why: str
    """Why it was lost; otherwise empty."""


class AttestedView(msgspec.Struct, frozen=True):
    """A verdict in the user's own chain."""

    block: str
    attestation: str
    performer: Person | None
    """None where the block is not kept here any more."""
    song: str
    window: int
    time_ms: int
    decision: str
    """accept, flag or reject"""
    by_hand: bool
    """A person decided; otherwise the node by itself."""
    anomaly_ppm: int
    metrics: MetricsView
    reasons: list[str]


class Nearby(msgspec.Struct, frozen=True):
    """Who performs, and, for the owner alone, what this node was drawn for and said."""

    performances: list[PerformanceView]
    duties: list[DutyView]
    """The newest first."""
    attested: list[AttestedView]
    """The newest first."""
    attended: bool
    """A person is there: drawn blocks wait for a verdict by hand."""
    now_us: int


class JudgeBody(msgspec.Struct, frozen=True):
    """Say something of a block."""

    block: Hex
    choice: ChoiceName


class BlockBody(msgspec.Struct, frozen=True):
    """Which block."""

    block: Hex


class Appealed(msgspec.Struct, frozen=True):
    """What asking for a human look came to."""

    block: str
    asked: int
    """How many of those drawn were asked: those who have not given their word yet."""
    why: str
    next_step: str = msgspec.field(name="next")


class UnmintedView(msgspec.Struct, frozen=True):
    """A block of one's own that minted nothing."""

    block: str
    session: str
    window: int
    song: str
    played_ms: int
    why: str
    next_step: str = msgspec.field(name="next")
    is_over: bool
    """No word that may still come can change it."""
    can_appeal: bool
    """Somebody was drawn for it who may still look."""


class Unminted(msgspec.Struct, frozen=True):
    """Why nothing was minted, the newest first."""

    blocks: list[UnmintedView]
