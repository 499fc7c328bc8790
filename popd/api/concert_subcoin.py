"""What a crowd made: the pages of a concert, read from the ledger."""

from collections import Counter
from collections.abc import Iterable

from consensus.chain import ChainState
from consensus.entries.appreciation import Concert, Rating
from consensus.entries.performance import Session
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.rulebooks.gathering import performer_shares
from consensus.statement import Statement
from consensus.units import MILLION
from popd.api.concert_shapes import AmountSeen, FeelingSeen, SubcoinSeen
from popd.api.names import Names

MAX_FEELINGS_TOLD = 16


def pages_of(ledger: Ledger, told: Iterable[EntryId], first: EntryId) -> list[Statement]:
    """The pages of a concert that its gatherer's chain holds, in the order in which they came."""
    gatherer = ledger.statements[first].entry.author if first in ledger.statements else None
    found = (ledger.statements[entry] for entry in told if entry in ledger.applied)
    return [
        page
        for page in found
        if isinstance(page.body, Concert)
        and page.body.sessions[0] == first
        and page.entry.author == gatherer
    ]


def state_with(ledger: Ledger, page: Statement) -> ChainState | None:
    """What the branch has come to that a page stands on."""
    states = ledger.tips.get(page.entry.author, {}).values()
    return next((state for state in states if page.id in state.contributions), None)


def minted_by(ledger: Ledger, page: Statement, rating: EntryId) -> int:
    """What one rating added to the page that rests on it; 0 for one that it doesn't rest on."""
    state = state_with(ledger, page)
    if state is None or not isinstance(page.body, Concert):
        return 0
    named = [gathered.rating for gathered in page.body.ratings]
    if rating not in named:
        return 0
    return state.contributions[page.id][named.index(rating)].amount_ujam


def subcoin(ledger: Ledger, pages: list[Statement], name: str, names: Names) -> SubcoinSeen | None:
    """The coins of a concert; None as long as there is no page."""
    state = state_with(ledger, pages[-1]) if pages else None
    first = pages[0].body.sessions[0] if pages and isinstance(pages[0].body, Concert) else None
    session = None if first is None else ledger.statements[first].body
    if state is None or first is None or not isinstance(session, Session):
        return None
    author = pages[0].entry.author
    amounts: Counter[IdentityId] = Counter()
    ratings: list[Rating] = []
    tags: set[str] = set()
    for page in pages:
        assert isinstance(page.body, Concert)
        tags.update(page.body.tags)
        amounts.update(dict(performer_shares(author, session, page.body.amount_ujam)))
        bodies = (ledger.statements[gathered.rating].body for gathered in page.body.ratings)
        ratings += [body for body in bodies if isinstance(body, Rating)]
    scores = [rating.opinion.score_ppm for rating in ratings]
    tenths = Counter((10 * score + MILLION // 2) // MILLION for score in scores)
    feelings = Counter(tag for rating in ratings for tag in rating.opinion.tags)
    sessions = state.concerts[first].sessions
    return SubcoinSeen(
        name=name,
        tags=sorted(tags),
        crowd=len(ratings),
        minted_ujam=amounts.total(),
        cap_ujam=sum(state.minted_ujam.get(session, 0) for session in sessions),
        shares=[
            AmountSeen(who.hex(), names.of(who), amount) for who, amount in amounts.most_common()
        ],
        pages=[page.id.hex() for page in pages],
        mean_score_ppm=sum(scores) // len(scores) if scores else 0,
        scores=[tenths[n] for n in range(11)],
        feelings=[FeelingSeen(*pair) for pair in feelings.most_common(MAX_FEELINGS_TOLD)],
        value_ujam=None,
    )
