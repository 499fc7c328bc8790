"""Ratings and pages of concerts that break a rule, and what those that break none come to."""

from dataclasses import replace

import pytest

from consensus.entries.appreciation import Concert, GatheredRating, Guest, Rating
from consensus.identifiers import EntryId, LotId
from consensus.lots import LotKey
from consensus.parameters import MAX_CONCERT_SESSIONS
from consensus.presence import Presence
from consensus.rejections import RejectionReason
from consensus.statement import Statement
from consensus.units import MILLION, MILLISECONDS_PER_DAY, Day, MicroJam, Ppm
from consensus.value.appraisal import lot_view
from simulations import crowd_scribe, scribe
from simulations.scribe import Author, Performance
from simulations.stories import Story, Witnessed
from simulations.swarm import check_ledger
from tests.consensus.conftest import Refuse

People = tuple[Author, ...]


@pytest.fixture
def people(story: Story) -> People:
    return story.people("ada", "host", "cleo", "dora", "eve")


@pytest.fixture
def played(story: Story, people: People) -> Witnessed:
    (witnessed,) = story.performed(people[0], people[1:])
    return witnessed


def rating_of(story: Story, who: Author, played: Witnessed) -> Rating:
    said = crowd_scribe.opinion(played.show.session, 800_000)
    return crowd_scribe.rating(story.ledger, who, said, story.now_ms + 1_000)


def page_of(played: Witnessed, *ratings: Statement, amount: int = 0) -> Concert:
    rows = tuple(GatheredRating(rating.id, Presence.SAME_LINK) for rating in ratings)
    return Concert((played.show.session.id,), None, (), rows, MicroJam(amount))


def minted(story: Story, page: Statement) -> list[int]:
    state = story.ledger.state(page.entry.author)
    assert state is not None
    return [part.amount_ujam for part in state.contributions[page.id]]


def test_a_crowd_mints_by_score_and_each_further_word_of_one_teller_mints_less(
    story: Story, people: People, played: Witnessed
) -> None:
    ada, host, cleo, *_ = people
    ratings = [story.rates(cleo, played.show.session, 500_000)]
    ratings += [story.rates(host, played.show.session, MILLION, f"guest {n}") for n in range(3)]
    page = story.gathers(played.show, *ratings)
    assert minted(story, page) == [50_000, 100_000, 95_238, 90_909]
    assert story.ledger.tips[ada.id][ada.head].purse[(page.id, (ada.id,))] == 336_147  # type: ignore[index]
    check_ledger(story.ledger)


def test_the_same_rater_on_further_days_mints_less_and_after_thirty_days_as_at_first(
    story: Story, people: People
) -> None:
    ada, _, cleo, *others = people
    amounts: list[int] = []
    for wait_days in (0, 1, 1, 31):
        story.now_ms += wait_days * MILLISECONDS_PER_DAY
        (played,) = story.performed(ada, (cleo, *others))
        rating = story.rates(cleo, played.show.session, MILLION)
        amounts += minted(story, story.gathers(played.show, rating))
    assert amounts == [100_000, 57_142, 32_727, 100_000]


def test_ratings_mint_at_most_what_the_witnesses_made_of_the_concert(
    story: Story, people: People, played: Witnessed
) -> None:
    hosts = story.people(*(f"host {n}" for n in range(30)))
    ratings = [story.rates(who, played.show.session, MILLION) for who in hosts]
    body = played.mint.body
    whole = sum(minted(story, story.gathers(played.show, *ratings[:15])))
    whole += sum(minted(story, story.gathers(played.show, *ratings[15:])))
    assert whole == min(3_000_000, body.amount_ujam)  # type: ignore[union-attr]
    check_ledger(story.ledger)


def test_a_performers_own_crowd_shows_and_mints_nothing(story: Story) -> None:
    ada, bea, cleo, *others = story.people("ada", "bea", "cleo", "dora", "eve")
    shares = ((ada.id, Ppm(500_000)), (bea.id, Ppm(500_000)))
    (played,) = story.performed(ada, (cleo, *others), shares=tuple(sorted(shares)))
    own = story.rates(bea, played.show.session, MILLION)
    page = story.gathers(played.show, own, story.rates(bea, played.show.session, MILLION, "guest"))
    assert minted(story, page) == [0, 0]
    assert story.ledger.claims.get(page.id) is None


def test_shares_of_a_concert_add_up_and_each_performer_receives_theirs(story: Story) -> None:
    ada, bea, cleo, *others = story.people("ada", "bea", "cleo", "dora", "eve")
    shares = tuple(sorted(((ada.id, Ppm(333_333)), (bea.id, Ppm(666_667)))))
    (played,) = story.performed(ada, (cleo, *others), shares=shares)
    page = story.gathers(played.show, story.rates(cleo, played.show.session, 777_777))
    (amount,) = minted(story, page)
    received = story.receives(bea, page)
    assert received.id in story.ledger.applied
    bea_gets = amount * 666_667 // MILLION
    assert story.ledger.claims[page.id][bea.id].amount_ujam == bea_gets
    purse = story.ledger.tips[ada.id][ada.head].purse
    assert purse[(page.id, (ada.id,))] == amount - bea_gets  # type: ignore[index]
    check_ledger(story.ledger)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("performer", RejectionReason.WRONG_PERFORMER),
        ("oneself", RejectionReason.ABOUT_ONESELF),
        ("day", RejectionReason.WRONG_DAY),
        ("tags", RejectionReason.DUPLICATE),
        ("forged", RejectionReason.BAD_GUEST),
        ("another host", RejectionReason.BAD_GUEST),
        ("own guest", RejectionReason.BAD_GUEST),
        ("block", RejectionReason.WRONG_REFERENCE_KIND),
    ],
)
def test_a_rating_is_turned_down(
    change: str,
    reason: RejectionReason,
    story: Story,
    people: People,
    played: Witnessed,
    refuse: Refuse,
) -> None:
    ada, host, cleo, *_ = people
    rating = rating_of(story, cleo, played)
    opinion, ledger = rating.opinion, story.ledger
    guest = crowd_scribe.guest_of(ledger, opinion, cleo, "a guest")
    who = ada if change == "oneself" else cleo
    bad = {
        "performer": replace(rating, opinion=replace(opinion, performer=host.id)),
        "oneself": rating,
        "day": replace(rating, day=Day(rating.day + 1)),
        "tags": replace(rating, opinion=replace(opinion, tags=("joy", "calm"))),
        "forged": replace(rating, opinion=replace(opinion, score_ppm=Ppm(MILLION)), guest=guest),
        "another host": replace(
            rating, guest=crowd_scribe.guest_of(ledger, opinion, host, "a guest")
        ),
        "own guest": replace(rating, guest=Guest(cleo.id, guest.signature)),
        "block": replace(rating, opinion=replace(opinion, session=played.block.id)),
    }[change]
    assert refuse(story, who, bad) is reason


def test_nobody_rates_before_the_concert_begins(
    story: Story, people: People, refuse: Refuse
) -> None:
    ada, _, cleo, *others = people
    start_ms = story.tick() + 60_000
    chart = scribe.small_chart(20)
    show = scribe.announce(story.params, ada, (cleo, *others), story.now_ms, 1, chart)
    later = replace(show.session.body, start_ms=start_ms)  # type: ignore[type-var]
    session = scribe.restored(ada)
    session.number, session.head = ada.number - 1, show.session.entry.prev
    announced = session.write(story.params, story.now_ms, later)  # type: ignore[arg-type]
    story.tell(announced)
    said = crowd_scribe.opinion(announced, 1)
    rating = crowd_scribe.rating(story.ledger, cleo, said, story.now_ms + 1_000)
    assert refuse(story, cleo, rating) is RejectionReason.TOO_EARLY


def test_a_voice_that_speaks_twice_or_declares_falsely_is_marked_and_stays(
    story: Story, people: People, played: Witnessed
) -> None:
    _, _, cleo, dora, eve = people
    story.rates(cleo, played.show.session)
    again = story.rates(cleo, played.show.session, MILLION)
    lie = replace(rating_of(story, dora, played), budget_ppm=1)
    told = dora.write(story.params, story.tick(), lie)
    story.tell(told)
    strange = replace(rating_of(story, eve, played), familiarity_days=1)
    story.tell(eve.write(story.params, story.tick(), strange))
    assert {again.id, told.id} <= story.ledger.applied
    assert {proof.number for proof in story.ledger.forks.values()} == {
        again.entry.number,
        told.entry.number,
    }
    assert set(story.ledger.forks) == {cleo.id, dora.id, eve.id}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("amount", RejectionReason.WRONG_AMOUNT),
        ("twice", RejectionReason.DUPLICATE),
        ("no rating", RejectionReason.WRONG_REFERENCE_KIND),
        ("session twice", RejectionReason.DUPLICATE),
        ("unknown session", RejectionReason.UNKNOWN_SESSION),
        ("tags", RejectionReason.DUPLICATE),
        ("late page", RejectionReason.TOO_LATE),
        ("late rating", RejectionReason.TOO_LATE),
    ],
)
def test_a_page_is_turned_down(
    change: str,
    reason: RejectionReason,
    story: Story,
    people: People,
    played: Witnessed,
    refuse: Refuse,
) -> None:
    ada, _, cleo, *_ = people
    (other,) = story.performed(cleo, [who for who in people if who is not cleo])
    if change == "late rating":
        story.now_ms += 2 * MILLISECONDS_PER_DAY
    rating = story.rates(cleo, played.show.session, 500_000)
    if change == "late page":
        story.now_ms += 8 * MILLISECONDS_PER_DAY
    page = page_of(played, rating, amount=50_000)
    session = played.show.session.id
    bad = {
        "amount": replace(page, amount_ujam=MicroJam(50_001)),
        "twice": page_of(played, rating, rating, amount=100_000),
        "no rating": page_of(played, played.block),
        "session twice": replace(page, sessions=(session, session)),
        "unknown session": replace(page, sessions=(other.show.session.id,)),
        "tags": replace(page, tags=("b", "a")),
        "late page": page,
        "late rating": page,
    }[change]
    assert refuse(story, ada, bad) is reason


def test_a_page_takes_no_voice_that_an_earlier_one_heard_and_no_rating_of_another_concert(
    story: Story, people: People, played: Witnessed, refuse: Refuse
) -> None:
    ada, host, cleo, dora, _ = people
    heard = story.rates(cleo, played.show.session)
    story.gathers(played.show, heard)
    assert refuse(story, ada, page_of(played, heard)) is RejectionReason.DUPLICATE
    (next_one,) = story.performed(ada, people[1:])
    elsewhere = story.rates(dora, next_one.show.session)
    assert refuse(story, ada, page_of(played, elsewhere)) is RejectionReason.WRONG_RATING
    story.gathers(next_one.show, elsewhere)
    fresh = story.rates(host, played.show.session)
    both = replace(
        page_of(played, fresh), sessions=(played.show.session.id, next_one.show.session.id)
    )
    assert refuse(story, ada, both) is RejectionReason.ALREADY_TAKEN


def test_a_forged_guest_is_refused_by_the_page_even_where_the_hosts_chain_is_not_known(
    story: Story, people: People, played: Witnessed, refuse: Refuse
) -> None:
    ada, _, cleo, *_ = people
    rating = rating_of(story, cleo, played)
    guest = crowd_scribe.guest_of(story.ledger, rating.opinion, cleo, "a guest")
    forged = replace(rating, opinion=replace(rating.opinion, score_ppm=Ppm(1)), guest=guest)
    statement = scribe.restored(cleo).write(story.params, story.tick(), forged)
    story.tell(statement)
    assert refuse(story, ada, page_of(played, statement)) is RejectionReason.BAD_GUEST


def test_a_concert_spans_sessions_and_its_cap_is_what_all_of_them_minted(
    story: Story, people: People, played: Witnessed
) -> None:
    ada, _, cleo, *_ = people
    (second,) = story.performed(ada, people[1:])
    rating = story.rates(cleo, played.show.session, MILLION)
    shows: list[Performance] = [played.show, second.show]
    body = crowd_scribe.page(story.ledger, ada, [show.session for show in shows], [rating])
    page = ada.write(story.params, story.tick(), body)
    story.tell(page)
    state = story.ledger.tips[ada.id][page.id]
    record = state.concerts[played.show.session.id]
    assert (record.rated_ujam, record.pages) == (100_000, (page.id,))
    assert state.concert_of == {show.session.id: played.show.session.id for show in shows}


def test_no_more_sessions_fit_a_page_than_its_references_hold(
    story: Story, played: Witnessed
) -> None:
    body = page_of(played, played.block)
    many = tuple(EntryId(bytes([n]) * 32) for n in range(MAX_CONCERT_SESSIONS + 1))
    assert len(replace(body, sessions=many[:-1], ratings=body.ratings * 48).named()) == 64


def test_whoever_played_in_any_of_a_concerts_sessions_mints_nothing_on_any_page(
    story: Story,
) -> None:
    ada, bea, cleo, *others = story.people("ada", "bea", "cleo", "dora", "eve")
    (alone,) = story.performed(ada, (cleo, *others))
    shares = tuple(sorted(((ada.id, Ppm(500_000)), (bea.id, Ppm(500_000)))))
    (together,) = story.performed(ada, (cleo, *others), shares=shares)
    sessions = [alone.show.session, together.show.session]
    heard = story.rates(cleo, alone.show.session, MILLION)
    body = crowd_scribe.page(story.ledger, ada, sessions, [heard])
    story.tell(ada.write(story.params, story.tick(), body))
    own = story.rates(bea, alone.show.session, MILLION)
    page = story.gathers(alone.show, own)
    assert page.id in story.ledger.applied
    assert minted(story, page) == [0]


def test_a_word_that_stands_in_no_chain_counts_for_nothing_beside_its_authors_true_ones(
    story: Story, people: People, played: Witnessed
) -> None:
    ada, host, *_ = people
    true = story.rates(host, played.show.session, MILLION, "guest 0")
    said = crowd_scribe.opinion(played.show.session, MILLION)
    body = crowd_scribe.rating(story.ledger, host, said, story.tick(), "guest 1")
    loose = scribe.restored(host)
    loose.number, loose.head = 1_000, EntryId(bytes([7]) * 32)
    invented = loose.write(story.params, story.now_ms, replace(body, budget_ppm=0))
    story.tell(invented)
    page = story.gathers(played.show, true, invented)
    assert page.id in story.ledger.applied
    assert minted(story, page) == [100_000, 100_000]
    key = LotKey(LotId(page.id), (ada.id,))
    assert dict(lot_view(story.ledger, key, 200_000, False).contributions) == {host.id: 100_000}
