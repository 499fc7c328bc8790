"""What anybody may say of concerts: signed, well formed, and half of it almost sensible."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from consensus.entries.appreciation import Modality
from consensus.identifiers import ContentId, EntryId, IdentityId
from consensus.parameters import PRACTICE
from consensus.signing import Domain, sign
from consensus.units import Ppm
from popd.node.concert_commands import (
    Applaud,
    ConcertCommand,
    FinishConcert,
    GiveOpinion,
    HideComment,
    OpenConcert,
    SetConcertPhase,
)
from popd.node.messages.concerts import (
    ConcertCard,
    ConcertId,
    Phase,
    card_digest,
    concert_id,
)
from popd.node.messages.crowds import (
    Applause,
    Ballot,
    BallotRefusal,
    BallotsRefused,
    ConcertBallots,
    ConcertWords,
    ballots_digest,
)
from simulations.scribe import Author

T = TypeVar("T")

SALT = bytes(16)
SALTS = SALT, b"\1" * 16


def card_of(who: Author, number: int, **says: object) -> ConcertCard:
    """A card that somebody signed, of a concert of theirs unless it says another."""
    card = ConcertCard(ConcertId(b""), who.id, who.node, number, "Night", SALT, ("jazz",), (), 9)
    card = replace(card, **says)  # type: ignore[arg-type]
    card = replace(card, concert=card.concert or concert_id(who.id, card.name_salt))
    signature = sign(who.seed, PRACTICE.name, Domain.ROOM, card_digest(card))
    return replace(card, signature=signature)


def ballots_of(
    who: Author, concert: ConcertId, number: int, ballots: Sequence[tuple[bytes, bytes]]
) -> ConcertBallots:
    """Ballots that somebody signed."""
    said = tuple(Ballot(*ballot) for ballot in ballots)
    message = ConcertBallots(concert, who.id, number, said, b"")
    signature = sign(who.seed, PRACTICE.name, Domain.ROOM, ballots_digest(message))
    return replace(message, signature=signature)


class ConcertRogues:
    """Makes messages and commands about a few concerts."""

    def __init__(self, chance: Random, people: Sequence[Author], own: IdentityId) -> None:
        self.chance = chance
        self.people = people
        self.own = own

    def card(self, session: EntryId) -> ConcertCard:
        return card_of(
            self.pick(self.people),
            self.chance.randint(1, 1_700_000_100_000),
            tags=("jazz",) if self.chance.random() < 0.9 else (),
            phase=self.pick(list(Phase)),
            sessions=(session,) if self.chance.random() < 0.8 else (),
            name_salt=self.pick(SALTS),
            hidden=tuple(ContentId(self.chance.randbytes(32)) for _ in range(2)),
        )

    def ballots(self) -> ConcertBallots:
        who = self.pick(self.people)
        voices = [who.id, *(self.chance.randbytes(32) for _ in range(3))]
        ballots = [(voice, self.chance.randbytes(32)) for voice in voices]
        return ballots_of(who, self.concert(), self.chance.randint(1, 2**44), ballots)

    def refused(self) -> BallotsRefused:
        why = self.pick(list(BallotRefusal))
        return BallotsRefused(self.concert(), self.own, 1, (self.own,), why)

    def words(self) -> ConcertWords:
        return ConcertWords(self.concert(), SALT, self.pick(["bravo", "x" * 280]))

    def applause(self) -> Applause:
        return Applause(self.concert(), self.pick([0, 1_024]), self.pick([0, 32_768]), Ppm(1))

    def command(self) -> ConcertCommand:
        """Something that the user wants."""
        concert, who = self.concert(), self.pick(self.people).id
        salt = self.pick(SALTS)
        return self.pick(
            [
                OpenConcert(concert_id(self.own, salt), "Night", salt, ("jazz",), 9),
                SetConcertPhase(concert, self.pick(list(Phase))),
                FinishConcert(concert),
                GiveOpinion(concert, who, Ppm(5), ("joy",), Modality.MANUAL, "", "so", SALT, SALT),
                HideComment(concert, ContentId(bytes(32)), self.chance.random() < 0.5),
                Applaud(concert, 3, 9, Ppm(400_000)),
            ]
        )

    def concert(self) -> ConcertId:
        whose = self.pick([self.own, *(who.id for who in self.people)])
        return concert_id(whose, self.pick(SALTS))

    def pick(self, items: Sequence[T]) -> T:
        return self.chance.choice(items)
