"""What is known of a path from its beats: how long it takes, what it loses, whether it lives."""

from collections import deque
from typing import Final

from popd.net.frames import Beat

BEAT_US: Final = 500_000
"""Between two beats on a path that carries messages."""
RARE: Final = 2
"""Beats are so many times rarer on a path that is only kept warm, and again when all is quiet."""
SILENCE_US: Final = 1_500_000
"""A path that carries messages and is silent for so long is failing."""
QUIET_SILENCE_US: Final = 2_500_000
"""The same while the peer's beats are rare."""
SPARE_SILENCE_US: Final = 5_000_000
"""The same of a path that is only kept warm."""
DEAD_US: Final = 8_000_000
"""A path that is silent for so long is given up."""
BEATS_SAVED: Final = 4
"""While messages show that we live, this many beats become one, which measures."""
LATE_US: Final = 6_000_000
"""A beat that is not echoed by then counts as lost."""
SMOOTHING: Final = 8
"""A new round trip weighs one part in this many, as TCP's does (RFC 6298)."""
LOSS_SMOOTHING: Final = 16
THROUGHPUT_SPAN_US: Final = 1_000_000
"""Acknowledged bytes are counted over at least so long."""
MAX_PENDING: Final = 32
"""Beats that may wait for their echo."""


class PathMeter:
    """The measurements of one path. Times are microseconds of one clock that never jumps."""

    def __init__(self, now_us: int) -> None:
        """A path that has just opened."""
        self.heard_us = now_us
        self.round_trip_us: int | None = None
        self.loss_ppm = 0
        self.bytes_per_s = 0
        self.is_used_by_peer = False
        self.is_peer_quiet = False
        self._sent_us = self._wrote_us = 0
        self._pending: deque[int] = deque(maxlen=MAX_PENDING)
        self._peer_sent_us = 0
        self._peer_heard_us = now_us
        self._span_start_us = now_us
        self._span_bytes = 0

    def is_beat_due(self, now_us: int, *, is_in_use: bool, is_quiet: bool) -> bool:
        """Whether the peer should hear from us now."""
        interval_us = BEAT_US if is_in_use or self.is_used_by_peer else RARE * BEAT_US
        interval_us *= RARE if is_quiet else 1
        is_silent = now_us - max(self._sent_us, self._wrote_us) >= interval_us
        return is_silent or now_us - self._sent_us >= BEATS_SAVED * interval_us

    def note_written(self, now_us: int) -> None:
        """Messages went out, which show the peer that we live as well as a beat does."""
        self._wrote_us = now_us

    def beat(self, now_us: int, received: int, *, is_in_use: bool, is_quiet: bool) -> Beat:
        """The next beat to send."""
        self._sent_us = now_us
        self._pending.append(now_us)
        held_us = max(0, now_us - self._peer_heard_us)
        return Beat(now_us, self._peer_sent_us, held_us, received, is_in_use, is_quiet)

    def hear(self, now_us: int) -> None:
        """Some bytes came."""
        self.heard_us = now_us

    def hear_beat(self, now_us: int, beat: Beat) -> int | None:
        """A beat came; the round trip when it echoes one of ours, otherwise nothing."""
        self._peer_sent_us, self._peer_heard_us = beat.sent_us, now_us
        self.is_used_by_peer, self.is_peer_quiet = beat.is_in_use, beat.is_quiet
        if beat.echo_us not in self._pending:
            return None
        while self._pending and self._pending[0] <= beat.echo_us:
            self._note_loss(is_lost=now_us - self._pending.popleft() > LATE_US)
        sample_us = max(0, now_us - beat.echo_us - beat.held_us)
        smoothed_us = sample_us if self.round_trip_us is None else self.round_trip_us
        self.round_trip_us = smoothed_us + (sample_us - smoothed_us) // SMOOTHING
        return sample_us

    def note_delivered(self, now_us: int, size: int) -> None:
        """The peer acknowledged bytes that travelled here."""
        self._count_throughput(now_us)
        self._span_bytes += size

    def throughput(self, now_us: int) -> int:
        """Acknowledged bytes per second, of late."""
        self._count_throughput(now_us)
        return self.bytes_per_s

    def _count_throughput(self, now_us: int) -> None:
        span_us = now_us - self._span_start_us
        if span_us >= THROUGHPUT_SPAN_US:
            self.bytes_per_s = self._span_bytes * 1_000_000 // span_us
            self._span_start_us, self._span_bytes = now_us, 0

    def silent_us(self, now_us: int) -> int:
        """How long nothing came."""
        return max(0, now_us - self.heard_us)

    def is_failing(self, now_us: int, *, is_in_use: bool) -> bool:
        """Whether nothing came for longer than the peer's beats allow."""
        limit_us = QUIET_SILENCE_US if self.is_peer_quiet else SILENCE_US
        return self.silent_us(now_us) > (limit_us if is_in_use else SPARE_SILENCE_US)

    def is_dead(self, now_us: int) -> bool:
        """Whether there is no hope for it."""
        return self.silent_us(now_us) > DEAD_US

    def forgive(self, stalled_us: int) -> None:
        """We ourselves did not look for so long: what came meanwhile is not heard yet."""
        self.heard_us += stalled_us

    def _note_loss(self, *, is_lost: bool) -> None:
        self.loss_ppm += ((1_000_000 if is_lost else 0) - self.loss_ppm) // LOSS_SMOOTHING
