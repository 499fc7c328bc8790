"""Automated plays: a machine plays in real time inside the daemon, and a labelled one answers."""

import binascii
import secrets
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random  # noqa: TID251 (seeded by the caller)
from types import MappingProxyType
from typing import Final

import trio

from consensus.chart import MAX_CHART_US, Chart, chart_from_bytes
from consensus.evidence import KeyEvent
from consensus.parameters import PRACTICE
from consensus.rejections import RejectionError
from consensus.value.appraisal import BOT_TAG
from game.bots.exact import Exact
from game.bots.gaussian import Gaussian
from game.bots.human_like import HumanLike
from game.bots.strokes import Player
from game.play.autoplay import Autoplay, autoplay
from popd.api.answers import ApiError, bad_request, not_found
from popd.api.desk import Desk
from popd.api.own_charts import own_chart
from popd.api.play import OTHER_PAGE, OTHER_PAGE_NEXT
from popd.api.room_playing import counted_in
from popd.api.routing import Call
from popd.api.shapes import AutoplayBody, Halted, Played
from popd.api.stage import cut_to
from popd.api.windows import window_message
from popd.node.events import KeysPlayed, StartSession, StopSession, Together
from popd.node.notices import (
    Notice,
    RiffDue,
    SessionAnnounced,
    SessionEnded,
    SessionRefused,
    WindowChanged,
    WindowState,
)
from popd.node.room_commands import SetReady

BOTS: Final = MappingProxyType({"human_like": HumanLike, "exact": Exact, "gaussian": Gaussian})
STEP_S: Final = 0.02
"""How often events reach the node; a witness allows them 50 ms."""
ANNOUNCE_WAIT_S: Final = 60
"""How long inviting and announcing may take."""
FATE_WAIT_S: Final = 120
"""How long after the last note windows may take to be minted; the node retries after 60 s."""
FINAL: Final = frozenset({WindowState.MINTED, WindowState.FAILED})


@dataclass(slots=True)
class AutomatedPlay:
    """One session played by a machine."""

    desk: Desk
    """The daemon's."""
    chart: Chart
    """What is played."""
    body: AutoplayBody
    """How."""
    together: Together | None = None
    """With whom."""
    announced: SessionAnnounced | None = None
    """The session, once it is."""
    player: Autoplay | None = None
    """Plays it."""
    changes: dict[int, WindowChanged] = field(default_factory=dict)
    """What the node last said of each window."""
    refusal: SessionRefused | None = None
    """Why it can't start."""
    has_ended: bool = False
    """Nothing more is played."""

    @property
    def is_settled(self) -> bool:
        """All that was played minted or failed, or nothing could be played."""
        if self.refusal is not None:
            return True
        return self.has_ended and all(change.state in FINAL for change in self.changes.values())

    def take(self, notice: Notice) -> None:
        """Follows the session."""
        match notice:
            case SessionRefused() if self.announced is None:
                self.refusal = notice
            case SessionAnnounced() if self.announced is None:
                self._begin(notice)
            case RiffDue() if self.player is not None:
                self.player.answer(notice.notes)
            case WindowChanged() if self._is_own(notice):
                self.changes[notice.window] = notice
            case SessionEnded() if self._is_own(notice):
                self.has_ended = True
            case _:
                pass

    async def keep_playing(self) -> None:
        """Hands events to the node as their time comes, until cancelled."""
        while True:
            if self.player is not None and self.announced is not None and not self.has_ended:
                start_us = self.announced.session.start_ms * 1_000
                due = self.player.due(self.desk.daemon.now_us() - start_us)
                if due:
                    self.desk.daemon.give(KeysPlayed(due))
            await trio.sleep(STEP_S)

    def _begin(self, announced: SessionAnnounced) -> None:
        chance = Random(self.body.seed)
        end_us = announced.session.windows * self.desk.context.params.window_ms * 1_000
        if self.body.events is None:
            bot: Player = BOTS[self.body.bot]()
            events = bot.play(self.chart, end_us, chance)
        else:
            played = (KeyEvent(at, lane, bool(press)) for at, lane, press in self.body.events)
            events = tuple(sorted(event for event in played if event.time_us < end_us))
        self.announced = announced
        self.player = autoplay(events, end_us, chance)

    def _is_own(self, notice: WindowChanged | SessionEnded) -> bool:
        return self.announced is not None and notice.session == self.announced.id


async def play_automatically(desk: Desk, call: Call) -> Played:
    """Has a machine play a chart; answers once every window minted or failed.

    It stops when the caller hangs up; what is sealed by then stays, and is judged.
    """
    body: AutoplayBody = call.body
    if desk.context.params.name != PRACTICE.name:
        raise ApiError(
            409, "refused", "Machines play on the practice network alone.", "Play it yourself."
        )
    if body.bot not in BOTS:
        raise bad_request(f"There is no bot {body.bot!r}.", f"Choose one of {', '.join(BOTS)}.")
    desk.check_unlocked()
    return await _while_heard(desk, call, partial(_play, desk, body))


async def stop_playing(desk: Desk, call: Call) -> Halted:
    """Stops what is played, by a machine or a page; what is sealed stays, and is judged."""
    if not desk.is_on:
        raise not_found("Nobody plays here.", "Nothing is to be stopped.")
    desk.daemon.give(StopSession())
    return Halted(True)


async def _while_heard(desk: Desk, call: Call, work: Callable[[], Awaitable[Played]]) -> Played:
    """What `work` gives; it is cancelled when the caller hangs up. Raises ApiError as it does."""
    done: list[Played] = []
    refused: list[ApiError] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_cancel_when_gone, call, nursery.cancel_scope)
        try:
            done.append(await work())
        except ApiError as error:
            refused.append(error)
        nursery.cancel_scope.cancel()
    if done:
        return done[0]
    if refused:
        raise refused[0]
    if call.body.room:
        desk.daemon.give(SetReady(is_ready=False))
    raise ApiError(409, "stopped", "Whoever asked for the play hung up.", "Ask for it again.")


async def _cancel_when_gone(call: Call, scope: trio.CancelScope) -> None:
    await call.until_gone()
    scope.cancel()


async def _play(desk: Desk, body: AutoplayBody) -> Played:
    whole, together = await _chart_and_others(desk, body)
    chart = cut_to(whole, body.windows, desk.context.params.window_ms * 1_000)
    play = AutomatedPlay(desk, chart, body, together)
    if not desk.stage.take(play):
        raise ApiError(409, "refused", OTHER_PAGE, OTHER_PAGE_NEXT)
    try:
        await _run(play)
    finally:
        desk.stage.leave(play)
    if play.refusal is not None:
        raise ApiError(409, "refused", play.refusal.why, play.refusal.next_step)
    if play.announced is None:
        raise ApiError(504, "not_yet", "The session did not begin in time.", "Try again.")
    outlook = desk.outlook()
    windows = [window_message(outlook, play.changes[number]) for number in sorted(play.changes)]
    return Played(play.announced.id.hex(), windows)


async def _run(play: AutomatedPlay) -> None:
    """Plays until all is settled or it took too long; stops what was begun when cancelled."""
    daemon = play.desk.daemon
    nonce, seed = secrets.token_bytes(16), secrets.token_bytes(32)
    command = StartSession(play.chart, nonce, seed, (BOT_TAG,), together=play.together)
    limit_s = ANNOUNCE_WAIT_S + play.chart.duration_us / 1_000_000 + FATE_WAIT_S
    with daemon.notices() as notices, trio.move_on_after(limit_s):
        daemon.give(command)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(play.keep_playing)
                async for notice in notices:
                    play.take(notice)
                    if play.is_settled:
                        break
                nursery.cancel_scope.cancel()
        finally:
            if not play.has_ended and play.refusal is None:
                daemon.give(StopSession())


async def _chart_and_others(desk: Desk, body: AutoplayBody) -> tuple[Chart, Together | None]:
    """What is played and with whom; waits for the others where there are any."""
    if not body.room:
        desk.stage.from_us = 0
        return await _chart(desk, body), None
    chart, start = await counted_in(desk)
    desk.stage.from_us = start.from_us
    rest = chart.cut(start.from_us, MAX_CHART_US + 1) if start.from_us else chart
    return rest, start.together


async def _chart(desk: Desk, body: AutoplayBody) -> Chart:
    """The chart that is meant; raises ApiError when there is none."""
    if body.chart is None:
        return await own_chart(desk, body.song or "", body.keys, body.level)
    try:
        return chart_from_bytes(b64decode(body.chart, validate=True))
    except binascii.Error:
        raise bad_request("The chart is not base64.") from None
    except RejectionError as error:
        raise bad_request(f"The chart can't be used: {error.message}.") from None
