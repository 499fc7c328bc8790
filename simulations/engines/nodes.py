"""The nodes engine: the daemon's own state machine, once for each townsperson, for an hour.

Everybody runs a node that knows some of their venue and a few people elsewhere. Who plays, and how
long, is the beginning of a scenario's first day, as if its sessions all began within one evening;
whom they play to, who witnesses, and what is minted is up to the nodes. Bots stand for people's
hands. What is heard of an hour is the same for one seed.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from random import Random
from typing import Final

import numpy as np

from consensus.anomaly.examine import examine
from consensus.encoding import tagged_digest
from consensus.units import Milliseconds
from popd.node.context import NodeSettings
from popd.node.effects import JudgePlay
from popd.node.events import PlayJudged
from simulations.engines import fast
from simulations.players import VirtualPlayer
from simulations.swarm import study
from simulations.virtual_network import Faults, VirtualNetwork, VirtualNode
from simulations.world.scenario import Scenario

MINUTE_S: Final = 60
ARRIVAL_S: Final = 60.0
"""Within how long all nodes are switched on."""
MATES: Final = 5
"""How many of those who came to the venue before them a node knows; others come to know it."""
ELSEWHERE: Final = 1
"""How many of those who came anywhere before."""
SILENCE_S: Final = 4
"""How long the chart is that players have who were not asked to play yet."""
EXAMINED: Final = 64
"""Plays whose examination is remembered: eight verifiers come to the same of the same play."""

Progress = Callable[["Hour"], None]
"""Hears of each virtual minute."""

_examined = lru_cache(maxsize=EXAMINED)(examine)


@dataclass(frozen=True, slots=True)
class Pace:
    """How an hour is lived."""

    seconds: int = 3_600
    """How long it is."""
    evening_seconds: int = 6 * 3_600
    """Within how long the sessions of a day begin, one after another; the first are lived."""
    sync_interval_ms: Milliseconds = Milliseconds(120_000)
    """How often a node compares what it holds with somebody's."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of an hour."""

    nodes: int
    """How many there were."""
    digest: bytes
    """Of all their ledgers, 32 bytes."""
    ledgers: int
    """How many different ones; 1 when all agree."""
    entries: int
    """Entries applied somewhere."""
    lacking: int
    """What single nodes lack of them, all together: what is still on its way."""
    kinds: Counter[str]
    """These by kind."""
    begun: int
    """Sessions that somebody wanted to play."""
    delivered: int
    """Messages that arrived."""
    parted: Counter[str]
    """Why nodes parted from each other; for nothing is right."""


class Hour:
    """Nodes of a scenario's people while an hour passes."""

    def __init__(self, scenario: Scenario, seed: int, pace: Pace | None = None) -> None:
        """An hour before its beginning; raises KeyError for a strategy that there is not."""
        self.pace = pace or Pace()
        self.world = fast.world_of(scenario, seed)
        self.chance = Random(seed)
        self.network = VirtualNetwork(scenario.params, judge_once, seed, Faults((1_000, 30_000)))
        self.network.after_step.append(_forget_notices)
        settings = NodeSettings(takes_gifts=True, sync_interval_ms=self.pace.sync_interval_ms)
        names = (f"person {number}" for number in range(len(self.world.people)))
        self.nodes = [self.network.add(name, settings) for name in names]
        self.players = [
            VirtualPlayer(self.network, node, study(8, Random(0))) for node in self.nodes
        ]
        self.begun = 0
        self.lived_s = 0

    def live(self, progress: Progress | None = None) -> Lived:
        """Lets it pass."""
        self._plan_arrivals()
        self._plan_sessions()
        while self.lived_s < self.pace.seconds:
            step_s = min(MINUTE_S, self.pace.seconds - self.lived_s)
            self.network.run(step_s)
            self.lived_s += step_s
            if progress is not None:
                progress(self)
        return self._report()

    def _plan_arrivals(self) -> None:
        came: list[VirtualNode] = []
        regulars: dict[int, list[VirtualNode]] = {}
        for number, node in enumerate(self.nodes):
            there = regulars.setdefault(int(self.world.people.venue[number]), [])
            known = {
                one.key: one for one in (*self._some(there, MATES), *self._some(came, ELSEWHERE))
            }
            time_s = ARRIVAL_S * number / len(self.nodes)
            self._at(time_s, partial(self.network.start, node, tuple(known.values())))
            came.append(node)
            there.append(node)

    def _some(self, nodes: list[VirtualNode], count: int) -> list[VirtualNode]:
        return self.chance.sample(nodes, min(count, len(nodes)))

    def _plan_sessions(self) -> None:
        plan = self.world.planner.plan(0)
        window_s = self.world.scenario.params.window_ms // 1_000
        times = np.linspace(ARRIVAL_S, self.pace.evening_seconds, len(plan.performer), False)
        for time_s, performer, windows in zip(
            times.tolist(), plan.performer.tolist(), plan.windows.tolist(), strict=True
        ):
            if time_s < self.pace.seconds:
                seconds = windows * window_s
                self._at(time_s, partial(self._begin, self.players[performer], seconds))

    def _begin(self, player: VirtualPlayer, seconds: int) -> None:
        """Whoever still plays, plays on."""
        if player.autoplay is None:
            player.chart = study(seconds, self.chance)
            self.begun += 1
            player.begin()

    def _at(self, time_s: float, action: Callable[[], None]) -> None:
        self.network.later(self.network.now_us + round(time_s * 1_000_000), action)

    def _report(self) -> Lived:
        ledgers = {node.name: node.node.ledger for node in self.nodes if node.node is not None}
        digests = {name: ledger.digest() for name, ledger in ledgers.items()}
        known = {entry: ledger for ledger in ledgers.values() for entry in ledger.applied}
        kinds = Counter(
            type(ledger.statements[entry].body).__name__ for entry, ledger in known.items()
        )
        return Lived(
            nodes=len(self.nodes),
            digest=tagged_digest("hour", *digests.values()),
            ledgers=len(set(digests.values())),
            entries=len(known),
            lacking=sum(len(known) - len(ledger.applied) for ledger in ledgers.values()),
            kinds=kinds,
            begun=self.begun,
            delivered=self.network.delivered,
            parted=Counter(why for node in self.nodes for _, why in node.parted),
        )


def judge_once(effect: JudgePlay) -> PlayJudged:
    """What a daemon does to judge a window, once for all who hold the same evidence."""
    metrics, advice = _examined(effect.chart, effect.evidence, effect.start_us, effect.calibration)
    return PlayJudged(effect.purpose, metrics, advice.anomaly_ppm, advice.reasons, advice.model)


def _forget_notices(node: VirtualNode) -> None:
    node.notices.clear()
