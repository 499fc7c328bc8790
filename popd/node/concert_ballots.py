"""The ballots that a gatherer holds, and who keeps their place when there are too many.

Keys cost nothing, so strangers share what room they have, and give way: whoever the gatherer's
user trusts comes first, then those whose own node is connected, then everybody else. Among equals
whoever holds the most gives way, so that nobody's crowd keeps another's out; and of places for
tellers the network with the most gives way, since nodes cost nothing either.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from consensus.encoding import tagged_digest
from consensus.identifiers import IdentityId, NodeKey
from consensus.presence import Presence
from popd.node.concert_opinions import MAX_VOICES
from popd.node.messages.concerts import MARK_SIZE, MAX_BALLOTS, MAX_TELLERS
from popd.node.messages.crowds import Ballot

MAX_VOICES_OF_STRANGER: Final = 64
"""Voices of a teller whom nobody here knows: one message."""
MAX_STRANGERS_OF_PEER: Final = 128
"""Strangers whose ballots one peer passes on: a single peer can't fill the hall."""
NUMBERS_KEPT: Final = 16
"""Latest numbers remembered of each teller, so that what overtook another is not lost."""


class Rank(IntEnum):
    """How near a teller is to the gatherer, nearest first."""

    TRUSTED = 0
    """Trusted, pinned, or of one's own coins' path."""
    NEAR = 1
    """Its own node was connected when it told."""
    STRANGER = 2
    """Somebody else brought its ballots."""


@dataclass(slots=True)
class Numbers:
    """The latest numbers that were heard of one teller: each counts once."""

    heard: list[int] = field(default_factory=list)
    """In order, at most `NUMBERS_KEPT`."""

    def is_new(self, number: int) -> bool:
        """Whether a number was not heard yet, as far as they are remembered."""
        is_old = len(self.heard) == NUMBERS_KEPT and number < self.heard[0]
        return not is_old and number not in self.heard

    def take(self, number: int) -> None:
        """Remembers a number."""
        self.heard = sorted((*self.heard, number))[-NUMBERS_KEPT:]


class Nearness(NamedTuple):
    """How near a teller is now, and who delivered what it told."""

    rank: Rank
    """To the gatherer's user."""
    presence: Presence
    """To the gatherer's node."""
    peer: NodeKey
    """Who delivered it."""
    subnet: str = ""
    """Where that peer's link comes from; empty where that isn't known."""


@dataclass(slots=True)
class TellerBallots:
    """What one teller told."""

    rank: Rank
    """How near it is."""
    presence: Presence
    """The nearest that both sides claimed while it told."""
    brought_by: NodeKey | None
    """The peer that first passed it on; None after a restart."""
    subnet: str = ""
    """Where that peer's link came from; empty after a restart."""
    held: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)
    """By voice, the number of the message and the digest, in order of arrival."""
    mark: bytes = b""
    """Stands for all of them."""

    def stamp(self, teller: IdentityId) -> None:
        """Works the mark out, after a change."""
        ballots = ((voice, digest) for voice, (_, digest) in self.held.items())
        self.mark = ballots_mark(teller, ballots)


@dataclass(slots=True)
class BallotBox:
    """All ballots of a concert."""

    tellers: dict[IdentityId, TellerBallots] = field(default_factory=dict)
    """In order of arrival."""

    @property
    def count(self) -> int:
        """How many ballots there are."""
        return sum(len(teller.held) for teller in self.tellers.values())

    def marks(self) -> tuple[bytes, ...]:
        """Of each teller the mark by which it sees that all its ballots are here, sorted."""
        return tuple(sorted({teller.mark for teller in self.tellers.values()}))

    def digest(self, teller: IdentityId, voice: bytes) -> bytes | None:
        """What a voice said it would say; None for one that said nothing."""
        known = self.tellers.get(teller)
        ballot = None if known is None else known.held.get(voice)
        return None if ballot is None else ballot[1]

    def put(
        self,
        teller: IdentityId,
        near: Nearness,
        number: int,
        ballots: Iterable[Ballot],
    ) -> tuple[bytes, ...]:
        """Takes ballots in; returns the voices for which there was no room."""
        place = self._place(teller, near)
        if place is None:
            return tuple(ballot.voice for ballot in ballots)
        most = MAX_VOICES_OF_STRANGER if place.rank is Rank.STRANGER else MAX_VOICES
        told = [b for b in ballots if place.held.get(b.voice, (0, b""))[0] < number]
        new = sum(ballot.voice not in place.held for ballot in told)
        free = self._free(place, min(new, max(0, most - len(place.held))))
        refused: list[bytes] = []
        for voice, digest in told:
            if voice not in place.held:
                if not free:
                    refused.append(voice)
                    continue
                free -= 1
            place.held[voice] = number, digest
        place.stamp(teller)
        if not place.held:
            del self.tellers[teller]
        return tuple(refused)

    def _place(self, teller: IdentityId, near: Nearness) -> TellerBallots | None:
        rank, presence, peer, subnet = near
        known = self.tellers.get(teller)
        if known is not None:
            known.rank = min(known.rank, rank)
            known.presence = max(known.presence, presence)
            return known
        if rank is Rank.STRANGER:
            brought = (t for t in self.tellers.values() if t.rank is rank and t.brought_by == peer)
            if sum(1 for _ in brought) >= MAX_STRANGERS_OF_PEER:
                return None
        if len(self.tellers) >= MAX_TELLERS and not self._give_way(near):
            return None
        self.tellers[teller] = TellerBallots(rank, presence, peer, subnet)
        return self.tellers[teller]

    def _free(self, place: TellerBallots, wanted: int) -> int:
        """How many more ballots fit, at most `wanted`; where they are too many, others give way.

        Those farther away lose all that is wanted, equals only as much as leaves them no less.
        """
        free = MAX_BALLOTS - self.count
        while wanted and free < wanted:
            others = [item for item in self.tellers.items() if item[1] is not place]
            who, most = max(others, key=lambda item: (item[1].rank, len(item[1].held)))
            spare = len(most.held)
            if most.rank is place.rank:
                spare = (spare - len(place.held) - free) // 2
            if most.rank < place.rank or spare <= 0:
                break
            taken = min(spare, wanted - free)
            for _ in range(taken):
                most.held.popitem()
            most.stamp(who)
            if not most.held:
                del self.tellers[who]
            free += taken
        return max(0, min(free, wanted))

    def _give_way(self, near: Nearness) -> bool:
        """The last of those farthest away goes, if they are farther than who comes.

        Of equals the last of the subnet with the most goes, if that keeps as many as who comes has;
        those who are trusted are no crowd that somebody made.
        """
        farthest = max(teller.rank for teller in self.tellers.values())
        going = {who: held.subnet for who, held in self.tellers.items() if held.rank is farthest}
        if farthest is near.rank and farthest is not Rank.TRUSTED:
            places = Counter(going.values())
            most, count = places.most_common(1)[0]
            if count <= places[near.subnet] + 1:
                return False
            going = {who: subnet for who, subnet in going.items() if subnet == most}
        elif farthest <= near.rank:
            return False
        del self.tellers[next(reversed(going))]
        return True


def ballots_mark(teller: IdentityId, ballots: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Eight bytes that stand for all (voice, digest) of one teller."""
    return tagged_digest("ballots held", teller, tuple(sorted(ballots)))[:MARK_SIZE]
