"""Nodes in virtual time that hold given ledgers, and a record of what they say to each other."""

from collections import Counter
from collections.abc import Iterable, Sequence

from consensus.parameters import PRACTICE
from consensus.statement import Statement
from popd.node.events import Woke
from popd.node.messages import Message, from_bytes
from popd.rooms.keeping import keep_sheet
from simulations.players import judge_play
from simulations.scribe import Author, author, begin
from simulations.virtual_network import BEGINNING_US, Faults, VirtualNetwork, VirtualNode

PAST_MS = BEGINNING_US // 1_000 - 100_000_000
"""Long before the nodes begin: what is dated so is no news."""
STEADY = Faults(latency_us=(1_000, 1_000))


class Conversation(VirtualNetwork):
    """A network that remembers every message."""

    def __init__(self, seed: int = 1, faults: Faults = STEADY) -> None:
        super().__init__(PRACTICE, judge_play, seed, faults, keep_sheet)
        self.said: list[tuple[int, str, str, int, Message]] = []

    def join(self, name: str, statements: Iterable[Statement] = ()) -> VirtualNode:
        """A node that holds these entries and is connected to all others."""
        virtual = self.add(name)
        virtual.disk.extend(statements)
        self.start(virtual)
        return virtual

    def flush(self, virtual: VirtualNode) -> None:
        """Carries out what a node wants done after it was called outside of any event."""
        self.give(virtual, Woke())

    def bytes_said(self) -> int:
        """Of all messages."""
        return sum(size for _, _, _, size, _ in self.said)

    def counts(self) -> Counter[str]:
        """Messages of each kind."""
        return Counter(message.TAG for *_, message in self.said)

    def _deliver(self, sender: VirtualNode, receiver: VirtualNode, data: bytes) -> None:
        self.said.append((self.now_us, sender.name, receiver.name, len(data), from_bytes(data)))
        super()._deliver(sender, receiver, data)


def people(count: int) -> list[Author]:
    """Authors whose chains are empty yet."""
    return [author(f"person {number}") for number in range(count)]


def written(authors: Sequence[Author], times: int, time_ms: int = PAST_MS) -> list[Statement]:
    """Some entries more in each chain."""
    return [begin(PRACTICE, who, time_ms + turn) for who in authors for turn in range(times)]


def held(virtual: VirtualNode) -> set[bytes]:
    """What a node has applied."""
    assert virtual.node is not None
    return set(virtual.node.ledger.applied)
