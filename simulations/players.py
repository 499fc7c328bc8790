"""People in the virtual network: each plays a chart when asked, and answers the riffs."""

from random import Random

from consensus.anomaly.examine import examine
from consensus.calibration import UNCALIBRATED, Calibration
from consensus.chart import Chart
from game.bots.human_like import HumanLike
from game.bots.strokes import Player
from game.play.autoplay import Autoplay, autoplay
from popd.node.effects import JudgePlay
from popd.node.events import KeysPlayed, PlayJudged, StartSession
from popd.node.notices import Notice, RiffDue, SessionAnnounced, SessionEnded, SessionRefused
from simulations.virtual_network import VirtualNetwork, VirtualNode

STEP_US = 50_000
"""How often a player's events reach the node."""


def judge_play(effect: JudgePlay) -> PlayJudged:
    """What a daemon does to judge a window: the law's judgement and the detectors."""
    metrics, advice = examine(effect.chart, effect.evidence, effect.start_us, effect.calibration)
    return PlayJudged(effect.purpose, metrics, advice.anomaly_ppm, advice.reasons, advice.model)


class VirtualPlayer:
    """Somebody who plays one session on a virtual node."""

    def __init__(
        self,
        network: VirtualNetwork,
        virtual: VirtualNode,
        chart: Chart,
        strategy: Player | None = None,
        calibration: Calibration = UNCALIBRATED,
        late_us: int = 0,
    ) -> None:
        """A player who waits for `begin`; plays like a person unless told otherwise.

        `calibration` is what the session says of the keyboard, `late_us` how late it is.
        """
        self.network = network
        self.virtual = virtual
        self.chart = chart
        self.strategy = strategy or HumanLike()
        self.calibration = calibration
        self.late_us = late_us
        self.chance = Random(network.chance.getrandbits(64))
        self.autoplay: Autoplay | None = None
        self.start_us = 0
        virtual.listeners.append(self.hear)

    def begin(self) -> None:
        """Asks the node for a session."""
        nonce, seed = self.chance.randbytes(16), self.chance.randbytes(32)
        command = StartSession(self.chart, nonce, seed, (), self.calibration)
        self.network.give(self.virtual, command)

    def hear(self, virtual: VirtualNode, notice: Notice) -> None:
        """Reacts to what the own node tells."""
        match notice:
            case SessionAnnounced():
                window_us = self.network.params.window_ms * 1_000
                end_us = notice.session.windows * window_us
                events = self.strategy.play(self.chart, end_us, self.chance)
                self.autoplay = autoplay(events, end_us, self.chance)
                self.start_us = notice.session.start_ms * 1_000 - virtual.clock_skew_us
                self.network.later(self.start_us, self._step)
            case RiffDue() if self.autoplay is not None:
                self.autoplay.answer(notice.notes)
            case SessionEnded() | SessionRefused():
                self.autoplay = None
            case _:
                pass

    def _step(self) -> None:
        if self.autoplay is None:
            return
        events = self.autoplay.due(self.network.now_us - self.start_us)
        if events:
            logged = tuple(e._replace(time_us=e.time_us + self.late_us) for e in events)
            self.network.give(self.virtual, KeysPlayed(logged))
        self.network.later(self.network.now_us + STEP_US, self._step)
