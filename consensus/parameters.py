"""Every number of the law: its unit, its reason, its table. One frozen value per network."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from consensus import tables
from consensus.units import MicroJam, Microseconds, Milliseconds, Ppm

RULES_VERSION: Final = 1
"""The release of the rules that this code writes."""

MAX_ENTRY_SIZE: Final = 16 * 1024
"""Bytes of an entry; an attestation of 64 verdicts fits."""
MAX_REFERENCES: Final = 64
MAX_OPENINGS: Final = 24
"""Openings a session embeds: three times the verifiers drawn, and still within an entry."""
MAX_WINDOWS: Final = 30
"""Windows in a session: an hour, after which the candidates are drawn anew."""
MAX_VERDICTS: Final = 64
MAX_TAGS: Final = 8
MAX_PERFORMERS: Final = 16
MAX_CONCERT_SESSIONS: Final = 16
"""Sessions of one concert that a page names; with its ratings they fill the references."""
MAX_PAGE_RATINGS: Final = 48
"""Ratings in one page of a concert."""
MAX_CHART_SIZE: Final = 256 * 1024
MAX_EVIDENCE_SIZE: Final = 256 * 1024
MAX_WINDOW_EVENTS: Final = 10_000
"""Presses and releases in a window; ten fingers at eight strokes a second use 19,200 in 120 s
only in theory, and the hard limits of the detectors are far below."""

CHUNK_US: Final = Microseconds(5_000_000)
"""Evidence is cut into pieces of five seconds, so that a part can be shown with a short proof."""

HIT_WINDOWS_US: Final = (16_000, 40_000, 73_000, 103_000, 127_000)
"""Largest error of a perfect, great, good, ok and meh hit; beyond is a miss."""
GRADE_WEIGHTS: Final = (6, 6, 4, 2, 1, 0)
"""Sixths of full accuracy that each of the six grades earns."""

RIFF_NOTE_TIMES_US: Final = (600_000, 850_000, 1_100_000, 1_350_000)
"""When the notes of a riff fall due after its nonce arrives: time to read, then four notes."""
RIFF_HITS_NEEDED: Final = 3
"""Of the four notes; one may be missed."""
RIFF_CLEARANCE_US: Final = 500_000
"""Chart notes this close to a riff note are dropped, so that a riff is fair to play."""
RIFF_ANSWER_LIMIT_MS: Final = 2_000
"""A witness must have the answer this soon after the nonce."""
RIFF_ROUND_TRIP_CREDIT_MS: Final = 300
"""What a slow path may add to it, at most."""

SUBDIVISIONS: Final = 12
"""Bins of a beat in which inter-onset intervals are counted: halves, thirds and fourths fit."""
INTERVAL_BINS: Final = 48
"""Intervals of four beats and more share the last bin."""
PHASE_DIVISIONS: Final = (1, 2, 3, 4)
"""Grids on which phase locking is measured; the best one counts."""


@dataclass(frozen=True, slots=True)
class NetworkParams:
    """The law of one network."""

    name: str
    """What signatures and entries name; fixed for ever."""
    window_ms: Milliseconds
    """How much play one block seals."""
    slot_ms: Milliseconds
    """How often one candidate is to release a nonce."""
    min_events: int
    """Hits without which a window is too thin to judge."""
    accuracy_floor_ppm: Ppm = Ppm(600_000)
    """Below, it isn't a performance of that chart."""
    liveness_floor_ppm: Ppm = Ppm(750_000)
    """Share of the riffs that must be answered."""
    verifiers_drawn: int = 8
    """k: enough that a quorum can't be friends by luck, few enough to be affordable."""
    full_density_per_s: int = 2
    """Hits a second from which density counts in full."""
    block_deadline_ms: Milliseconds = Milliseconds(10_000)
    """A block is written this soon after its window, so that nobody shops for a better draw."""
    start_ahead_ms: Milliseconds = Milliseconds(600_000)
    """How long before the start a session may be announced."""
    verdict_deadline_ms: Milliseconds = Milliseconds(24 * 3_600_000)
    """Verdicts given this long after the block's end still count."""
    mint_deadline_ms: Milliseconds = Milliseconds(7 * 24 * 3_600_000)
    """A block mints within this time or never."""
    stake_lock_ms: Milliseconds = Milliseconds(7 * 24 * 3_600_000)
    """A stake is locked for as long as a block may wait for its mint: what a forker was paid for
    has shown by then, and no stake is moved out of the way first."""
    familiarity_days: int = 30
    """How far back acquaintance is counted."""
    familiarity_decay_ppm: tuple[int, ...] = tables.FAMILIARITY_DECAY
    """e^(-m/24) by days of acquaintance m: the same people, again and again, fade."""
    daily_decay_ppm: tuple[int, ...] = tables.DAILY_DECAY
    """0.9^i by earlier blocks of the day: a day has room for about ten."""
    budget_days: int = 7
    """How long a word given counts against a verifier's budget."""
    budget_ppm: int = 100_000_000
    """B = 100 full blocks: the budget at which a verifier's word is worth half."""
    presence_ppm: tuple[int, ...] = (400_000, 700_000, 1_000_000)
    """What presence pays: remote, near (round trip < 30 ms), same link."""
    suspicious_ppm: Ppm = Ppm(500_000)
    """Median anomaly from which a block pays half."""
    unbelievable_ppm: Ppm = Ppm(900_000)
    """Median anomaly from which a block pays nothing."""
    block_reward_ujam: MicroJam = MicroJam(3_000_000)
    """R0: what a perfect, fresh, fully witnessed window mints."""
    rating_deadline_ms: Milliseconds = Milliseconds(24 * 3_600_000)
    """Ratings given this long after the concert's end still count."""
    rating_days: int = 7
    """How long a score given counts against a rater's budget."""
    rating_familiarity_decay_ppm: tuple[int, ...] = tables.RATING_FAMILIARITY_DECAY
    """0.6^f by days f on which the rater rated the performer: fans are welcome, and fade soon,
    because a rating costs less than a verdict."""
    rating_budget_ppm: int = 20_000_000
    """Twenty full scores: the budget at which a rater's word is worth half."""
    rating_reward_ujam: MicroJam = MicroJam(100_000)
    """What a full score by a fresh rater mints; thirty make one block."""
    performer_share_ppm: Ppm = Ppm(800_000)
    """The performer's part; the rest is the verifiers'."""


MAIN: Final = NetworkParams(
    name="main",
    window_ms=Milliseconds(120_000),
    slot_ms=Milliseconds(15_000),
    min_events=60,
)
PRACTICE: Final = NetworkParams(
    name="practice",
    window_ms=Milliseconds(20_000),
    slot_ms=Milliseconds(10_000),
    min_events=10,
    stake_lock_ms=Milliseconds(60_000),
)
NETWORKS: Final = MappingProxyType({network.name: network for network in (MAIN, PRACTICE)})
