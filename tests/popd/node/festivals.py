"""A concert in virtual time: one plays, one brings guests, and others listen by themselves."""

from collections.abc import Sequence
from random import Random

from consensus.encoding import tagged_digest
from consensus.entries.appreciation import (
    Concert,
    Guest,
    Modality,
    Opinion,
    Rating,
    opinion_digest,
)
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import PRACTICE
from consensus.signing import Domain, public_key, sign
from consensus.units import Ppm
from popd.node.concert_commands import (
    FinishConcert,
    GiveOpinion,
    OpenConcert,
    SetConcertPhase,
)
from popd.node.concert_live import LiveConcert
from popd.node.messages.concerts import Phase, concert_id, content_id
from popd.node.node import Node
from simulations.players import VirtualPlayer
from simulations.swarm import study
from simulations.virtual_network import Faults, VirtualNode
from tests.popd.node.conversations import STEADY, Conversation

NAME = "First light"
NAME_SALT = b"a salt of a name"
CONCERT = concert_id(IdentityId(public_key(tagged_digest("virtual", "person 0"))), NAME_SALT)


def guest_seed(host: str, number: int) -> bytes:
    """The key that a guest's phone made for the evening."""
    return tagged_digest("guest", host, number)


def opinion_of(
    live: LiveConcert,
    teller: IdentityId,
    performer: IdentityId,
    score_ppm: int,
    seed: bytes | None = None,
    text: str = "",
) -> GiveOpinion:
    """What a page hands to the node: with a seed it is a guest who signs."""
    voice = teller if seed is None else public_key(seed)
    salt = tagged_digest("salt", voice, score_ppm)[:16]
    comment_salt = tagged_digest("comment salt", voice, text)[:16]
    guest = None
    if seed is not None and live.first_session is not None:
        opinion = Opinion(
            live.first_session,
            performer,
            Ppm(score_ppm),
            ("joy",),
            Modality.MANUAL,
            "",
            content_id(comment_salt, text) if text else None,
            salt,
        )
        subject = opinion_digest(opinion, teller, voice)
        guest = Guest(voice, sign(seed, PRACTICE.name, Domain.GUEST, subject))
    return GiveOpinion(
        live.id,
        performer,
        Ppm(score_ppm),
        ("joy",),
        Modality.MANUAL,
        "",
        text,
        comment_salt,
        salt,
        guest,
    )


class Festival(Conversation):
    """The first node plays and gathers, the second shares and does not play; others listen."""

    def __init__(
        self,
        nodes: int,
        faults: Faults = STEADY,
        seconds: int = 64,
        apart: Sequence[tuple[int, int]] = (),
        late: int = 0,
        seed: int = 4,
    ) -> None:
        """So many nodes, all connected but for those `apart`; the `late` last start later."""
        super().__init__(seed, faults)
        self.people = [self.add(f"person {number}") for number in range(nodes)]
        keys = [virtual.key for virtual in self.people]
        self.cut |= {frozenset({keys[one], keys[other]}) for one, other in apart}
        for virtual in self.people[: nodes - late]:
            self.start(virtual)
        self.gatherer, self.partner, *self.listeners_here = self.people
        chart = study(seconds, Random(4))
        self.player = VirtualPlayer(self, self.gatherer, chart)
        self.run(3)

    @property
    def shares(self) -> tuple[tuple[IdentityId, Ppm], ...]:
        """Who plays and who wrote it."""
        return (self.gatherer.identity, Ppm(700_000)), (self.partner.identity, Ppm(300_000))

    def announce(self) -> None:
        """The concert is announced, and then it is open."""
        self.give(self.gatherer, OpenConcert(CONCERT, NAME, NAME_SALT, ("jazz",), 80, self.shares))
        self.go_on(Phase.OPEN)

    def go_on(self, phase: Phase) -> None:
        self.give(self.gatherer, SetConcertPhase(CONCERT, phase))

    def finish(self) -> None:
        self.give(self.gatherer, FinishConcert(CONCERT))

    def rate(
        self, virtual: VirtualNode, score_ppm: int, seed: bytes | None = None, text: str = ""
    ) -> None:
        """Somebody at a node rates the gatherer."""
        live, performer = self.live(virtual), self.gatherer.identity
        self.give(virtual, opinion_of(live, virtual.identity, performer, score_ppm, seed, text))

    def bring_guests(self, host: VirtualNode, count: int) -> None:
        """So many guests rate through a host."""
        for number in range(count):
            score = 500_000 + 5_000 * (number % 60)
            text = f"Guest {number} was here." if number < 2 else ""
            self.rate(host, score, guest_seed(host.name, number), text)

    def node(self, virtual: VirtualNode) -> Node:
        assert virtual.node is not None
        return virtual.node

    def live(self, virtual: VirtualNode) -> LiveConcert:
        """The concert as a node sees it."""
        return self.node(virtual).concerting.concerts[CONCERT]

    def run_until(self, phase: Phase, seconds: float) -> None:
        """Lets time pass until the gatherer is so far."""
        for _ in range(int(seconds)):
            if self.live(self.gatherer).phase >= phase:
                return
            self.run(1)

    def pages(self) -> list[tuple[EntryId, Concert]]:
        """The pages that the gatherer wrote, in order."""
        return [(s.id, s.body) for s in self.gatherer.disk if isinstance(s.body, Concert)]

    def ratings(self) -> dict[EntryId, Rating]:
        """All ratings that the gatherer holds."""
        return {s.id: s.body for s in self.gatherer.disk if isinstance(s.body, Rating)}
