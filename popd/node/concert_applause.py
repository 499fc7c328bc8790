"""Applause: how the people at all nodes tap along, as each node says of its own every second."""

from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import NodeKey
from consensus.units import Microseconds, Ppm
from popd.node.concert_commands import Applaud
from popd.node.concert_hall import Hall
from popd.node.concert_live import LiveConcert
from popd.node.messages.concerts import ConcertId, Phase
from popd.node.messages.crowds import MAX_PEOPLE, MAX_TAPS, Applause
from popd.node.notices import CrowdFelt

FELT_MS: Final = 1_000
"""The user feels the crowd so often."""
FADES_MS: Final = 2_500
"""What was said longer ago is over: the second that it told of, and the way."""
MAX_SAYERS: Final = 256
"""More peers than a node has, and itself."""


@dataclass(slots=True)
class Clapping:
    """What was said of one concert lately."""

    said: dict[NodeKey, tuple[Microseconds, Applause]] = field(default_factory=dict)
    """By node, when it was last heard, and what it said."""
    is_planned: bool = False
    """The user is about to be told."""


@dataclass(slots=True)
class Applauding:
    """The applause of all concerts."""

    hall: Hall
    """The concerts."""
    of: dict[ConcertId, Clapping] = field(default_factory=dict)
    """Of those that somebody applauds."""

    def applaud(self, live: LiveConcert, command: Applaud) -> None:
        """People here tapped along: all peers feel it."""
        context = self.hall.context
        said = Applause(
            live.id,
            max(0, min(command.people, MAX_PEOPLE)),
            max(0, min(command.taps, MAX_TAPS)),
            command.energy_ppm,
        )
        for peer in sorted(context.peers):
            context.send(peer, said, is_live=True)
        self._hear(live, context.node_key, said)

    def take(self, live: LiveConcert, peer: NodeKey, said: Applause) -> None:
        """A peer says how people tap along there."""
        self._hear(live, peer, said)

    def _hear(self, live: LiveConcert, node: NodeKey, said: Applause) -> None:
        if live.phase is Phase.CLOSED:
            return
        clapping = self.of.setdefault(live.id, Clapping())
        if node in clapping.said or len(clapping.said) < MAX_SAYERS:
            clapping.said[node] = self.hall.context.now_us, said
        if not clapping.is_planned:
            clapping.is_planned = True
            self.hall.context.call_after(FELT_MS, lambda: self._tell(live.id, clapping))

    def _tell(self, concert: ConcertId, clapping: Clapping) -> None:
        """Tells what all say together; whoever is silent is left out."""
        clapping.is_planned = False
        since_us = self.hall.context.now_us - FADES_MS * 1_000
        clapping.said = {node: one for node, one in clapping.said.items() if one[0] > since_us}
        said = [applause for _, applause in clapping.said.values()]
        people = sum(one.people for one in said)
        energy = sum(one.energy_ppm * one.people for one in said) // max(1, people)
        taps = sum(one.taps for one in said)
        self.hall.context.tell(CrowdFelt(concert, people, taps, Ppm(energy)))
        if not said:
            self.of.pop(concert, None)
        else:
            clapping.is_planned = True
            self.hall.context.call_after(FELT_MS, lambda: self._tell(concert, clapping))
