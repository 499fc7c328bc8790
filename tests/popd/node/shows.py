"""A performance in virtual time with people who watch it, for tests of what they do."""

from collections.abc import Callable
from random import Random

from consensus.entries.attestation import Attestation, Verdict
from consensus.entries.performance import Mint
from consensus.identifiers import EntryId
from consensus.parameters import PRACTICE
from popd.node.context import NodeSettings
from popd.node.duty import Duty, DutyState
from popd.node.notices import WindowChanged
from simulations.players import VirtualPlayer, judge_play
from simulations.swarm import study
from simulations.virtual_network import VirtualNetwork, VirtualNode

LENGTH_S = 20


class ShowTown(VirtualNetwork):
    """One performer and some witnesses, all connected."""

    def __init__(self, witnesses: int = 3, seed: int = 3) -> None:
        super().__init__(PRACTICE, judge_play, seed)
        self.performer, *self.witnesses = (
            self.add(f"node {number}", NodeSettings()) for number in range(witnesses + 1)
        )
        for virtual in self.nodes.values():
            self.start(virtual)
        self.run(3)

    def join(self, name: str) -> VirtualNode:
        """One more, after the session was announced perhaps."""
        virtual = self.add(name, NodeSettings())
        self.start(virtual)
        return virtual

    def begin(self) -> EntryId:
        """The performer plays one window; returns the session once it is announced."""
        VirtualPlayer(self, self.performer, study(LENGTH_S, Random(1))).begin()
        self.run(2.5)
        assert self.performer.node is not None
        show = self.performer.node.performing.show
        assert show is not None
        return show.id

    def run_until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Lets time pass until something is so, at most for so long; returns whether it is."""
        for _ in range(round(seconds * 20)):
            if is_so():
                return True
            self.run(0.05)
        return is_so()

    def mint(self) -> Mint | None:
        """What the performer minted, if anything."""
        bodies = (self._body(entry) for entry in self._ledger.applied)
        return next((body for body in bodies if isinstance(body, Mint)), None)

    def named(self, mint: Mint) -> list[Verdict]:
        """The verdicts that a mint rests on."""
        found = []
        for named in mint.verdicts:
            body = self._body(named.attestation)
            assert isinstance(body, Attestation)
            found.append(body.verdicts[named.position])
        return found

    def words(self) -> list[WindowChanged]:
        """What the performer was told of its windows."""
        return [n for n in self.performer.notices if isinstance(n, WindowChanged)]

    @property
    def seconds(self) -> float:
        """Time, to compare."""
        return self.now_us / 1_000_000

    @property
    def _ledger(self):  # type: ignore[no-untyped-def]
        assert self.performer.node is not None
        return self.performer.node.ledger

    def _body(self, entry: EntryId):  # type: ignore[no-untyped-def]
        return self._ledger.statements[entry].body


def duty_of(virtual: VirtualNode) -> Duty | None:
    """The last duty of a node."""
    assert virtual.node is not None
    return next(reversed(virtual.node.judging.duties.values()), None)


def is_in(virtual: VirtualNode, state: DutyState) -> bool:
    """Whether the last duty of a node came so far."""
    duty = duty_of(virtual)
    return duty is not None and duty.state is state
