"""A career: the concerts that somebody gave, who came to them, and what they felt."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from consensus.chain import ChainState, ConcertRecord
from consensus.entries.appreciation import Concert, Rating
from consensus.entries.performance import Mint, Session
from consensus.identifiers import ChartId, ContentId, EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.units import Milliseconds, Ppm


@dataclass(frozen=True, slots=True)
class ConcertGiven:
    """One concert, of all its pages together: its subcoin."""

    first: EntryId
    """Its first session, by which it is known."""
    name: ContentId | None
    """The blob with its name; None for nothing in particular."""
    tags: tuple[str, ...]
    """What its pages are tagged with, sorted."""
    time_ms: Milliseconds
    """When its first session began."""
    pages: tuple[EntryId, ...]
    """In order; each is a lot."""
    voices: int
    """How many people, guests among them, were heard."""
    minted_ujam: int
    """What they minted, nominally."""
    mean_score_ppm: Ppm | None
    """The mean of what they gave this performer; None where nobody rated them."""
    feelings: tuple[tuple[str, int], ...]
    """What it felt like to how many, the most frequent first."""
    charts: tuple[ChartId, ...]
    """What was played, each once, in order."""
    shares: tuple[tuple[IdentityId, int], ...]
    """Who got how much of it, in uJAM; together exactly `minted_ujam`."""


@dataclass(frozen=True, slots=True)
class Career:
    """What somebody performed, as far as their chain is here."""

    concerts: tuple[ConcertGiven, ...]
    """The latest first; those that they gathered themselves."""
    voices: int
    """How many different people and guests were heard in them."""
    windows: int
    """How many blocks of theirs minted."""
    minted_ujam: int
    """What all of this minted, everybody's shares together, nominally."""
    witnesses: int
    """How many different people vouched for their play."""


def career_of(ledger: Ledger, performer: IdentityId) -> Career:
    """The career of somebody on their longest branch; an empty one where no chain is here."""
    state = ledger.state(performer) or ChainState(performer)
    concerts = [
        concert_of(ledger, state, first, record) for first, record in state.concerts.items()
    ]
    mints = [ledger.statements[mint].body for mint in state.mints.values()]
    by_witnesses = sum(body.amount_ujam for body in mints if isinstance(body, Mint))
    heard = {voice for record in state.concerts.values() for voice, _ in record.voices}
    words = (word for mint in state.mints.values() for word in state.contributions[mint])
    return Career(
        concerts=tuple(sorted(concerts, key=lambda one: (-one.time_ms, one.first))),
        voices=len(heard),
        windows=len(mints),
        minted_ujam=by_witnesses + sum(concert.minted_ujam for concert in concerts),
        witnesses=len({who for who, amount_ujam in words if amount_ujam}),
    )


def concert_of(
    ledger: Ledger, state: ChainState, first: EntryId, record: ConcertRecord
) -> ConcertGiven:
    """One concert of a chain."""
    bodies = [ledger.statements[page].body for page in record.pages]
    pages = [body for body in bodies if isinstance(body, Concert)]
    ratings = _ratings(ledger, pages, state.author)
    felt = Counter(tag for rating in ratings for tag in rating.opinion.tags)
    scores = [rating.opinion.score_ppm for rating in ratings]
    named = (page.name for page in pages if page.name is not None)
    sessions = dict.fromkeys(session for page in pages for session in page.sessions)
    return ConcertGiven(
        first=first,
        name=next(named, None),
        tags=tuple(sorted({tag for page in pages for tag in page.tags})),
        time_ms=state.sessions[first].start_ms,
        pages=record.pages,
        voices=len({voice for voice, _ in record.voices}),
        minted_ujam=record.rated_ujam,
        mean_score_ppm=Ppm(sum(scores) // len(scores)) if scores else None,
        feelings=tuple(sorted(felt.items(), key=lambda pair: (-pair[1], pair[0]))),
        charts=_charts(state, sessions),
        shares=_shares(ledger, state.author, record),
    )


def _ratings(ledger: Ledger, pages: Iterable[Concert], performer: IdentityId) -> list[Rating]:
    """What the gathered voices say of the performer."""
    bodies = (ledger.statements[one.rating].body for page in pages for one in page.ratings)
    return [body for body in bodies if isinstance(body, Rating) and body.performer == performer]


def _charts(state: ChainState, sessions: Iterable[EntryId]) -> tuple[ChartId, ...]:
    known: list[Session] = [state.sessions[session] for session in sessions]
    return tuple(dict.fromkeys(session.chart for session in known))


def _shares(
    ledger: Ledger, performer: IdentityId, record: ConcertRecord
) -> tuple[tuple[IdentityId, int], ...]:
    """What each performer got, as the pages hand it over; the rest stays with who gathered."""
    shares: Counter[IdentityId] = Counter()
    for page in record.pages:
        for holder, claim in ledger.claims.get(page, {}).items():
            shares[holder] += claim.amount_ujam
    own_ujam = record.rated_ujam - sum(shares.values())
    return ((performer, own_ujam), *sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))
