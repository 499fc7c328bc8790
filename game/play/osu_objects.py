"""Notes and holds of osu!mania while they are played: what a key does to each, and its grades.

The rules are those in osu_mania.py; everything here happens at a time in whole milliseconds.
"""

from dataclasses import dataclass
from typing import Final

from consensus.judgement import Grade
from game.play.osu_windows import HitWindows

HOLD_FACTORS: Final = ((Grade.PERFECT, 1.2), (Grade.GREAT, 1.1), (Grade.GOOD, 1.0), (Grade.OK, 1.0))
"""How much wider than a note's the windows of a hold's head are."""
TAIL_FACTOR: Final = 1.5
"""How much wider the windows of a tail are with ScoreV2."""


@dataclass(slots=True)
class Tap:
    """A note to be struck."""

    start_ms: int
    """When to press."""
    windows: HitWindows
    """How near is near enough."""
    grades: tuple[Grade, ...] = ()
    """What it was worth; empty while it is open."""

    @property
    def end_ms(self) -> int:
        """When to let go: a note has no length."""
        return self.start_ms

    @property
    def moments_ms(self) -> tuple[int, ...]:
        """When something happens to it though nobody moves."""
        return (self.end_ms + self.windows.ok_ms,)

    def step(self, now_ms: int, is_down: bool, is_press: bool) -> bool:
        """What the key means for it; whether the key is thereby spoken for."""
        if now_ms >= self.end_ms + self.windows.ok_ms:
            self.grades = (Grade.MISS,)
        elif is_press:
            self.grades = (self.windows.grade_of(now_ms - self.start_ms),)
            return True
        return False


@dataclass(slots=True)
class Hold:
    """A note to be held, with one grade for both ends."""

    start_ms: int
    """When to press."""
    end_ms: int
    """When to let go."""
    windows: HitWindows
    """How near is near enough."""
    grades: tuple[Grade, ...] = ()
    """What it was worth; empty while it is open."""
    is_held: bool = False
    """Whether the key is down for it."""
    is_broken: bool = False
    """Whether it was let go, or not yet held, where it should have been held."""
    is_abandoned: bool = False
    """Whether its head has gone by and nobody holds it."""
    press_ms: int | None = None
    """When it was last taken up."""
    release_ms: int | None = None
    """When it was last let go."""

    @property
    def moments_ms(self) -> tuple[int, ...]:
        """When something happens to it though nobody moves."""
        meh_ms, ok_ms = self.windows.meh_ms, self.windows.ok_ms
        return (
            self.start_ms + meh_ms,
            self.start_ms + meh_ms + 1,
            self.end_ms - meh_ms,
            self.end_ms + ok_ms,
            self.end_ms + meh_ms,
        )

    def step(self, now_ms: int, is_down: bool, is_press: bool) -> bool:
        """What the key means for it; whether the key is thereby spoken for."""
        if now_ms >= self.end_ms + self.windows.ok_ms:
            self._settle(now_ms)
            return False
        if is_press and not self.is_held:
            self.is_held, self.press_ms = True, now_ms
            return True
        if is_down:
            return self.is_held
        if self.is_held or not self.is_abandoned:
            if self.is_held:
                self.is_held, self.release_ms = False, now_ms
            self._settle(now_ms)
        return False

    def _settle(self, now_ms: int) -> None:
        meh_ms = self.windows.meh_ms
        head_is_over = now_ms > self.start_ms + meh_ms
        self.is_abandoned = not self.is_held and head_is_over
        if self.press_ms is None and now_ms < self.start_ms + meh_ms:
            return
        if now_ms < self.end_ms - meh_ms:
            self.is_broken = self.is_broken or not self.is_held
        elif not self.is_held or now_ms >= self.end_ms + meh_ms:
            self.grades = self._final_grades(now_ms)

    def _final_grades(self, now_ms: int) -> tuple[Grade, ...]:
        let_go_ms = now_ms if self.is_held else self.release_ms
        if self.press_ms is None or let_go_ms is None:
            return (Grade.MISS,)
        tail_error_ms = abs(let_go_ms - self.end_ms)
        if not self.is_held and tail_error_ms > self.windows.meh_ms:
            return (Grade.MISS,)
        return (self._grade_of(self._head_error_ms(self.press_ms), tail_error_ms),)

    def _head_error_ms(self, press_ms: int) -> int:
        if press_ms < self.start_ms - self.windows.meh_ms:
            return self.end_ms - 1 - self.start_ms
        return abs(press_ms - self.start_ms)

    def _grade_of(self, head_error_ms: int, tail_error_ms: int) -> Grade:
        best = Grade.GOOD if self.is_broken else Grade.PERFECT
        for (grade, factor), reach_ms in zip(HOLD_FACTORS, self.windows.reaches_ms, strict=False):
            is_inside = head_error_ms <= reach_ms * factor
            if is_inside and head_error_ms + tail_error_ms <= 2 * reach_ms * factor:
                return max(grade, best)
        return Grade.MEH


@dataclass(slots=True)
class TwoPartHold:
    """A note to be held, with a grade for each end, as ScoreV2 has it."""

    start_ms: int
    """When to press."""
    end_ms: int
    """When to let go."""
    windows: HitWindows
    """How near is near enough."""
    grades: tuple[Grade, ...] = ()
    """What head and tail were worth; empty while the tail is open."""
    head: Grade | None = None
    """What the head was worth; None while it is open."""
    is_held: bool = False
    """Whether the key is down for it."""
    is_broken: bool = False
    """Whether it was let go where it should have been held."""

    @property
    def moments_ms(self) -> tuple[int, ...]:
        """When something happens to it though nobody moves."""
        return (self.start_ms + self.windows.meh_ms, self._lost_ms)

    @property
    def _lost_ms(self) -> int:
        return self.end_ms + int(self.windows.meh_ms * TAIL_FACTOR)

    def step(self, now_ms: int, is_down: bool, is_press: bool) -> bool:
        """What the key means for it; whether the key is thereby spoken for."""
        if self.head is None and not is_press and now_ms >= self.start_ms + self.windows.meh_ms:
            self.head = Grade.MISS
        is_lost = self.head is Grade.MISS and not self.is_held and now_ms >= self.end_ms
        if now_ms >= self._lost_ms or (is_lost and not is_press):
            self.grades = (Grade.MISS if self.head is None else self.head, Grade.MISS)
            return False
        if is_press and not self.is_held:
            self.is_held = True
            if self.head is None:
                self.head = self.windows.grade_of(now_ms - self.start_ms)
            return True
        if self.is_held and not is_down:
            self._let_go(now_ms)
            return False
        return self.is_held

    def _let_go(self, now_ms: int) -> None:
        assert self.head is not None
        self.is_held = False
        if now_ms < self.end_ms - self.windows.meh_ms:
            self.is_broken = True
            return
        tail = self.windows.grade_of((now_ms - self.end_ms) / TAIL_FACTOR)
        best = Grade.MEH if self.is_broken else Grade.PERFECT
        self.grades = (self.head, Grade.MISS if self.head is Grade.MISS else max(tail, best))


Object = Tap | Hold | TwoPartHold
