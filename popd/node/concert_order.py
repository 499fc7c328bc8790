"""The order in which ratings count: their concert can mint only so much, and the first come first.

Trusted tellers first, then those who were near, then strangers; among equals whoever both sides
say was nearer; and of one host's guests the second only when every other host's first had its turn.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from consensus.entries.appreciation import Rating, opinion_digest, voice_of
from consensus.identifiers import EntryId
from consensus.ledger import Ledger
from consensus.presence import Presence
from consensus.units import Milliseconds
from popd.node.concert_ballots import BallotBox

NO_BALLOT: Final = "There was no ballot of this voice when the ratings were locked."
OTHER_BALLOT: Final = "It is not what the voice's ballot said."
NO_PAGE: Final = "The concert's pages were full."
SECOND: Final = "This voice was heard already."
TOO_LATE: Final = "It was written more than a day after the concert."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rating that a page may rest on."""

    id: EntryId
    """The rating."""
    key: tuple[bytes, bytes]
    """The voice, and whom it rates."""
    presence: Presence
    """How near the gatherer says that its teller was."""


def why_not(box: BallotBox, ledger: Ledger, rating: EntryId, end_ms: Milliseconds) -> str:
    """Why a rating is not gathered, as far as it alone shows; empty when it may be."""
    statement = ledger.statements[rating]
    said, author = statement.body, statement.entry.author
    assert isinstance(said, Rating)
    voice = voice_of(author, said)
    ballot = box.digest(author, voice)
    if ballot is None:
        return NO_BALLOT
    if ballot != opinion_digest(said.opinion, author, voice):
        return OTHER_BALLOT
    if statement.entry.time_ms - end_ms > ledger.params.rating_deadline_ms:
        return TOO_LATE
    return ""


def in_order(box: BallotBox, ledger: Ledger, ratings: list[EntryId]) -> list[Candidate]:
    """The ratings as they count, each with a ballot; in order of arrival before."""
    turns: Counter[bytes] = Counter()
    found: list[tuple[tuple[int, int, int, int], Candidate]] = []
    for arrival, rating in enumerate(ratings):
        statement = ledger.statements[rating]
        said, author = statement.body, statement.entry.author
        assert isinstance(said, Rating)
        teller = box.tellers[author]
        order = int(teller.rank), -int(teller.presence), turns[author], arrival
        turns[author] += 1
        key = voice_of(author, said), said.performer
        found.append((order, Candidate(rating, key, teller.presence)))
    return [candidate for _, candidate in sorted(found, key=lambda item: item[0])]


def once_each(
    candidates: list[Candidate], heard: frozenset[tuple[bytes, bytes]]
) -> tuple[list[Candidate], list[EntryId]]:
    """The first of each voice, without those heard before; and the others."""
    first: list[Candidate] = []
    others: list[EntryId] = []
    known = set(heard)
    for candidate in candidates:
        if candidate.key in known:
            others.append(candidate.id)
        else:
            known.add(candidate.key)
            first.append(candidate)
    return first, others
