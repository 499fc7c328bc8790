"""Which ratings a gatherer gathers, in which order, and when it writes its pages."""

from dataclasses import replace
from itertools import pairwise

import pytest

from consensus.entries.appreciation import Modality, Opinion, Rating
from consensus.entries.performance import Block
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.presence import Presence
from consensus.signing import public_key
from consensus.units import MicroJam, Ppm, day_of
from popd.node.concert_ballots import BallotBox
from popd.node.concert_commands import OpenConcert, SetConcertPhase
from popd.node.concert_opinions import OpinionState
from popd.node.concert_order import (
    NO_BALLOT,
    NO_PAGE,
    OTHER_BALLOT,
    SECOND,
    Candidate,
    in_order,
)
from popd.node.events import TrustChanged
from popd.node.messages.concerts import Phase, concert_id
from popd.node.notices import OpinionRefused
from simulations.virtual_network import VirtualNode
from tests.popd.node.festivals import CONCERT, Festival, guest_seed, opinion_of


def opened(nodes: int = 6, wait: float = 30) -> Festival:
    """A concert that is open, and whose music is over unless one waits for less."""
    festival = Festival(nodes, seconds=24)
    festival.announce()
    festival.player.begin()
    festival.run(wait)
    return festival


def end(festival: Festival) -> None:
    """It is locked, revealed and gathered."""
    festival.run(4)
    festival.go_on(Phase.LOCKED)
    festival.run(2)
    festival.go_on(Phase.REVEALED)
    festival.run_until(Phase.CLOSED, 60)
    festival.run(30)
    assert len(festival.digests()) == 1


def refusals(festival: Festival) -> set[str]:
    return set(festival.live(festival.gatherer).refusals.values())


def amounts(festival: Festival) -> dict[IdentityId, int]:
    """What each teller's ratings minted."""
    state = festival.node(festival.gatherer).ledger.state(festival.gatherer.identity)
    assert state is not None
    found: dict[IdentityId, int] = {}
    for page, _ in festival.pages():
        for part in state.contributions[page]:
            found[part.verifier] = found.get(part.verifier, 0) + part.amount_ujam
    return found


def kept(festival: Festival, virtual: VirtualNode, voice: bytes) -> tuple[OpinionState, str]:
    opinion = festival.live(virtual).opinions[voice]
    return opinion.state, opinion.why


def test_a_rating_that_is_not_what_its_ballot_said_is_never_gathered() -> None:
    festival = opened()
    liar, honest = festival.listeners_here[:2]
    for virtual in (liar, honest):
        festival.rate(virtual, 100_000)
    festival.run(6)
    live = festival.live(liar)
    said = live.opinions[liar.identity]
    raised = replace(said.opinion, score_ppm=Ppm(1_000_000))
    live.change(liar.identity, replace(said, opinion=raised))
    end(festival)
    assert refusals(festival) == {OTHER_BALLOT}
    assert set(amounts(festival)) == {honest.identity}
    assert kept(festival, liar, liar.identity)[0] is OpinionState.REFUSED
    assert kept(festival, honest, honest.identity) == (OpinionState.GATHERED, "")


def test_a_rating_without_a_ballot_is_never_gathered() -> None:
    festival = opened()
    rogue, honest = festival.listeners_here[:2]
    festival.rate(honest, 500_000)
    first = festival.live(rogue).first_session
    assert first is not None
    opinion = Opinion(
        first, festival.gatherer.identity, Ppm(10**6), (), Modality.MANUAL, "", None, bytes(16)
    )
    festival.node(rogue).pen.write(
        lambda time_ms: Rating(opinion, None, Presence.SAME_LINK, day_of(time_ms), 0, 0)
    )
    festival.flush(rogue)
    end(festival)
    assert refusals(festival) == {NO_BALLOT}
    assert set(amounts(festival)) == {honest.identity}


def test_of_two_ratings_of_one_voice_the_first_is_gathered() -> None:
    festival = opened()
    hosts = festival.listeners_here[:2]
    seed = guest_seed("anywhere", 1)
    for host in hosts:
        festival.rate(host, 500_000, seed)
    end(festival)
    [(_, page)] = festival.pages()
    assert len(page.ratings) == 1
    assert refusals(festival) == {SECOND}
    states = {kept(festival, host, public_key(seed))[0] for host in hosts}
    assert states == {OpinionState.GATHERED, OpinionState.REFUSED}


def test_performers_can_t_host_ratings_of_themselves_and_their_guests_mint_nothing() -> None:
    festival = opened()
    gatherer, partner = festival.gatherer, festival.partner
    honest = festival.listeners_here[0]
    seed = guest_seed("stage", 1)
    festival.rate(honest, 500_000)
    festival.rate(gatherer, 1_000_000, seed)
    refused = [n for n in gatherer.notices if isinstance(n, OpinionRefused)]
    assert [n.voice for n in refused] == [public_key(seed)]
    live = festival.live(gatherer)
    about_partner = opinion_of(live, gatherer.identity, partner.identity, 900_000, seed)
    festival.give(gatherer, about_partner)
    festival.rate(partner, 1_000_000, guest_seed("stage", 2))
    end(festival)
    [(_, page)] = festival.pages()
    assert len(page.ratings) == 3, "they show"
    assert {who: bool(amount) for who, amount in amounts(festival).items()} == {
        gatherer.identity: False,
        partner.identity: False,
        honest.identity: True,
    }
    state, _ = kept(festival, gatherer, public_key(seed))
    assert state is OpinionState.GATHERED


def test_what_comes_after_the_lock_is_refused_at_once_with_a_reason() -> None:
    festival = opened()
    listener = festival.listeners_here[0]
    festival.rate(listener, 500_000)
    festival.run(4)
    festival.go_on(Phase.LOCKED)
    festival.run(2)
    festival.rate(listener, 900_000)
    [refused] = [n for n in listener.notices if isinstance(n, OpinionRefused)]
    assert (refused.concert, refused.voice) == (CONCERT, listener.identity)
    assert refused.why == "The ratings are locked."
    end(festival)
    [rating] = festival.ratings().values()
    assert rating.opinion.score_ppm == 500_000


def test_a_changed_mind_counts_until_the_lock() -> None:
    festival = opened()
    listener = festival.listeners_here[0]
    for score in (100_000, 900_000, 300_000):
        festival.rate(listener, score)
        festival.run(3)
    end(festival)
    [rating] = festival.ratings().values()
    assert rating.opinion.score_ppm == 300_000
    assert kept(festival, listener, listener.identity)[0] is OpinionState.GATHERED


def test_a_guest_s_opinion_that_somebody_else_signed_is_not_kept() -> None:
    festival = opened()
    host = festival.listeners_here[0]
    live, performer = festival.live(host), festival.gatherer.identity
    given = opinion_of(live, host.identity, performer, 500_000, guest_seed("x", 1))
    assert given.guest is not None
    forged = replace(given, guest=given.guest._replace(key=public_key(guest_seed("x", 2))))
    for wrong in (forged, replace(given, score_ppm=Ppm(600_000)), replace(given, salt=b"short")):
        festival.give(host, wrong)
    assert festival.live(host).opinions == {}
    assert len([n for n in host.notices if isinstance(n, OpinionRefused)]) == 3


def test_pages_put_the_trusted_first_and_let_hosts_take_turns() -> None:
    festival = opened()
    crowded, small, friend = festival.listeners_here[:3]
    festival.give(festival.gatherer, TrustChanged(frozenset({friend.identity})))
    festival.bring_guests(crowded, 5)
    festival.bring_guests(small, 2)
    festival.run(1)
    festival.rate(friend, 500_000)
    end(festival)
    [(_, page)] = festival.pages()
    ledger = festival.node(festival.gatherer).ledger
    order = [ledger.statements[rating].entry.author for rating, _ in page.ratings]
    assert order[0] == friend.identity
    assert {order[1], order[2]} == {order[3], order[4]} == {crowded.identity, small.identity}
    assert set(order[5:]) == {crowded.identity}
    assert {presence for _, presence in page.ratings} == {Presence.SAME_LINK}


def test_pages_wait_for_the_mints_of_the_music() -> None:
    festival = opened(wait=10)
    listener = festival.listeners_here[0]
    festival.rate(listener, 1_000_000)
    festival.run(4)
    festival.go_on(Phase.LOCKED)
    festival.go_on(Phase.REVEALED)
    festival.run(8)
    live = festival.live(festival.gatherer)
    assert festival.pages() == []
    assert live.waiting_for
    festival.run_until(Phase.CLOSED, 60)
    [(_, page)] = festival.pages()
    assert page.amount_ujam == 100_000
    assert live.waiting_for == ""


def test_whoever_finishes_gets_what_is_possible_now() -> None:
    festival = opened(wait=10)
    festival.rate(festival.listeners_here[0], 1_000_000)
    festival.run(4)
    festival.go_on(Phase.LOCKED)
    festival.go_on(Phase.REVEALED)
    festival.run(3)
    assert not [s for s in festival.gatherer.disk if isinstance(s.body, Block)]
    festival.finish()
    festival.run(1)
    [(_, page)] = festival.pages()
    assert page.amount_ujam == MicroJam(0)
    assert festival.live(festival.gatherer).phase is Phase.CLOSED


def test_the_ratings_of_a_host_that_is_gone_are_waited_for_ten_seconds() -> None:
    festival = opened(wait=45)
    gone, here = festival.listeners_here[:2]
    for virtual in (gone, here):
        festival.rate(virtual, 500_000)
    festival.run(4)
    festival.go_on(Phase.LOCKED)
    festival.run(1)
    festival.crash(gone)
    festival.go_on(Phase.REVEALED)
    festival.run(9)
    assert festival.pages() == []
    assert "on their way" in festival.live(festival.gatherer).waiting_for
    festival.run(5)
    [(_, page)] = festival.pages()
    assert len(page.ratings) == 1
    festival.start(gone)
    festival.run(30)
    state, why = kept(festival, gone, gone.identity)
    assert state is OpinionState.REFUSED
    assert why == "The concert was closed before it was revealed."
    assert len(festival.ratings()) == 1, "what can't count any more is not revealed"


def test_who_finds_no_room_on_the_pages_hears_just_that(monkeypatch: pytest.MonkeyPatch) -> None:
    festival = opened()
    listener = festival.listeners_here[0]
    festival.rate(listener, 500_000)
    for place in ("gathering", "revealing"):
        monkeypatch.setattr(f"popd.node.concert_{place}.MAX_PAGES", 0)
    end(festival)
    assert refusals(festival) == {NO_PAGE}
    assert kept(festival, listener, listener.identity) == (OpinionState.REFUSED, NO_PAGE)


def test_the_order_of_the_ratings_is_worked_out_only_when_it_may_have_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    basis: list[list[EntryId]] = []

    def counted(box: BallotBox, ledger: Ledger, ratings: list[EntryId]) -> list[Candidate]:
        basis.append(ratings)
        return in_order(box, ledger, ratings)

    monkeypatch.setattr("popd.node.concert_gathering.in_order", counted)
    festival = opened(wait=10)
    for listener in festival.listeners_here:
        festival.rate(listener, 500_000)
    end(festival)
    [(_, page)] = festival.pages()
    assert len(page.ratings) == len(festival.listeners_here)
    assert basis
    assert all(before != after for before, after in pairwise(basis))


def test_a_concert_that_nobody_rated_is_closed_without_a_page() -> None:
    festival = opened()
    festival.go_on(Phase.CLOSED)
    festival.run(1)
    assert festival.live(festival.gatherer).phase is Phase.CLOSED
    assert festival.pages() == []


def test_a_concert_that_claims_somebody_else_s_music_gets_no_ratings() -> None:
    festival = opened()
    thief, listener = festival.listeners_here[:2]
    claimed = festival.live(festival.gatherer).card.sessions
    stolen = concert_id(thief.identity, bytes(16))
    festival.give(thief, OpenConcert(stolen, "Mine", bytes(16), (), 5))
    theirs = festival.node(thief).concerting.concerts[stolen]
    theirs.card = replace(theirs.card, sessions=claimed)
    festival.give(thief, SetConcertPhase(stolen, Phase.OPEN))
    festival.run(2)
    live = festival.node(listener).concerting.concerts[stolen]
    assert live.first_session == claimed[0]
    festival.give(listener, opinion_of(live, listener.identity, thief.identity, 900_000))
    festival.give(
        listener, opinion_of(live, listener.identity, festival.gatherer.identity, 900_000)
    )
    assert live.opinions == {}
    festival.rate(listener, 400_000)
    end(festival)
    assert kept(festival, listener, listener.identity)[0] is OpinionState.GATHERED
    assert live.ratings == {}


def test_what_the_ledger_lets_go_is_no_word_of_the_concert_any_more() -> None:
    festival = opened()
    listener = festival.listeners_here[0]
    festival.rate(listener, 400_000)
    end(festival)
    node = festival.node(festival.partner)
    live = node.concerting.concerts[CONCERT]
    first = live.first_session
    assert first is not None
    [rating] = live.ratings
    [(page, _)] = festival.pages()
    assert set(node.concerting.told[first]) == {rating, page}
    for entry in (rating, page):
        node.concerting.forget(node.ledger.statements[entry])
    assert first not in node.concerting.told
    assert live.ratings == {}
