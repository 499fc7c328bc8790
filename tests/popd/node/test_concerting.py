"""Concerts in virtual time: from the announcement to pages whose shares add up."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from consensus.encoding import encode
from consensus.entries.appreciation import voice_of
from consensus.entries.performance import Session
from consensus.lots import LotKey
from consensus.presence import Presence
from consensus.units import Ppm
from popd.node.concert_commands import Applaud, HideComment, OpenConcert
from popd.node.concert_opinions import OpinionState
from popd.node.messages import to_bytes
from popd.node.messages.concerts import Phase
from popd.node.notices import ConcertChanged, CrowdFelt
from simulations.virtual_network import Faults
from tests.popd.node.festivals import CONCERT, NAME, NAME_SALT, Festival


def played(festival: Festival, guests: int = 60) -> None:
    """A whole concert: the first listener hosts guests, the others rate for themselves."""
    festival.announce()
    festival.player.begin()
    festival.run(8)
    host, *listeners = festival.listeners_here
    festival.bring_guests(host, guests)
    for number, listener in enumerate(listeners):
        festival.rate(listener, 900_000 - number, text="Encore!")
    festival.run(80)
    festival.go_on(Phase.LOCKED)
    festival.run(2)
    festival.go_on(Phase.REVEALED)
    festival.run_until(Phase.CLOSED, 120)
    festival.run(25)


def check_ended_well(festival: Festival, voices: int) -> None:
    assert len(festival.digests()) == 1
    pages = festival.pages()
    gathered = [rating for _, page in pages for rating, _ in page.ratings]
    assert len(set(gathered)) == len(gathered) == voices
    ratings = festival.ratings()
    assert len(ratings) == voices
    ledger = festival.node(festival.gatherer).ledger
    authors = {rating: ledger.statements[rating].entry.author for rating in ratings}
    assert len({voice_of(authors[i], said) for i, said in ratings.items()}) == voices
    for virtual in festival.people:
        live = festival.live(virtual)
        assert live.phase is Phase.CLOSED
        assert live.card.pages == tuple(page for page, _ in pages)
        states = {opinion.state for opinion in live.opinions.values()}
        assert states <= {OpinionState.GATHERED}


def test_a_concert_ends_with_pages_whose_shares_add_up_and_every_rating_once() -> None:
    festival = Festival(6)
    played(festival)
    check_ended_well(festival, 60 + 3)
    pages = festival.pages()
    assert [len(page.ratings) for _, page in pages] == [48, 15]
    ledger = festival.node(festival.gatherer).ledger
    held = {h.key: h.amount_ujam for h in ledger.holdings()}
    minted = 0
    for page_id, page in pages:
        state = ledger.state(festival.gatherer.identity)
        assert state is not None
        parts = state.contributions[page_id]
        assert sum(part.amount_ujam for part in parts) == page.amount_ujam > 0
        theirs = page.amount_ujam * 300_000 // 1_000_000
        amounts = {
            who: held[LotKey(page_id, (who,))]  # type: ignore[arg-type]
            for who, _ in festival.shares
        }
        assert amounts == {
            festival.gatherer.identity: page.amount_ujam - theirs,
            festival.partner.identity: theirs,
        }
        minted += page.amount_ujam
    state = ledger.state(festival.gatherer.identity)
    assert state is not None
    blocks = sum(state.minted_ujam[session] for session in pages[0][1].sessions)
    assert 0 < minted <= blocks
    for virtual in festival.people:
        live = festival.live(virtual)
        assert sorted(live.words.values()) == sorted(
            ["Guest 0 was here.", "Guest 1 was here."] + ["Encore!"] * 3
        )
        name = live.card.name_id
        assert name == pages[0][1].name
        assert live.card.name == NAME
        assert live.id == CONCERT


def test_lost_and_doubled_messages_change_nothing() -> None:
    festival = Festival(6, Faults(latency_us=(1_000, 40_000), loss=0.1, duplication=0.1))
    played(festival)
    festival.run(60)
    check_ended_well(festival, 60 + 3)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.02, 0.15, 0.25]), st.integers(1, 70))
def test_whatever_is_lost_every_rating_counts_once(seed: int, loss: float, guests: int) -> None:
    faults = Faults(latency_us=(1_000, 90_000), loss=loss, duplication=loss)
    festival = Festival(5, faults, seconds=24, seed=seed)
    festival.announce()
    festival.player.begin()
    festival.run(12)
    host, *listeners = festival.listeners_here
    if CONCERT not in festival.node(host).concerting.concerts:
        festival.run(10)
    assume(all(festival.live(v).first_session is not None for v in festival.listeners_here))
    festival.bring_guests(host, guests)
    for listener in listeners:
        festival.rate(listener, 900_000)
    festival.run(40)
    festival.go_on(Phase.LOCKED)
    festival.run(12)
    festival.go_on(Phase.REVEALED)
    festival.run_until(Phase.CLOSED, 120)
    festival.run(240)
    pages = festival.pages()
    gathered = [rating for _, page in pages for rating, _ in page.ratings]
    assert len(set(gathered)) == len(gathered)
    assert len(festival.digests()) == 1
    for virtual in festival.listeners_here:
        for opinion in festival.live(virtual).opinions.values():
            is_in = opinion.rating in gathered
            assert is_in == (opinion.state is OpinionState.GATHERED)
            assert is_in or opinion.why
    assert len(gathered) == guests + 2


def test_a_listener_who_is_not_connected_to_the_gatherer_rates_through_others() -> None:
    chain = [(0, 6), (0, 7), (1, 7), (2, 7), (3, 7), (4, 7), (5, 7)]
    festival = Festival(8, seconds=24, apart=chain)
    far = festival.people[7]
    assert set(festival.node(far).context.peers) == {festival.people[6].key}
    festival.announce()
    festival.player.begin()
    festival.run(10)
    festival.rate(far, 800_000, text="From afar.")
    festival.run(20)
    assert festival.live(far).mine(far.identity).state is OpinionState.TOLD  # type: ignore[union-attr]
    festival.go_on(Phase.LOCKED)
    festival.run(2)
    festival.go_on(Phase.REVEALED)
    festival.run_until(Phase.CLOSED, 90)
    festival.run(60)
    check_ended_well(festival, 1)
    assert list(festival.live(festival.gatherer).words.values()) == ["From afar."]
    [(_, page)] = festival.pages()
    assert page.ratings[0].presence is Presence.REMOTE


def test_a_listener_who_comes_late_catches_the_card_and_rates() -> None:
    festival = Festival(6, seconds=24, late=1)
    festival.announce()
    festival.player.begin()
    festival.run(10)
    late = festival.people[5]
    festival.start(late)
    festival.run(10)
    assert festival.live(late).phase is Phase.OPEN
    festival.rate(late, 800_000)
    festival.run(10)
    festival.go_on(Phase.LOCKED)
    festival.run(2)
    festival.go_on(Phase.REVEALED)
    festival.run_until(Phase.CLOSED, 90)
    festival.run(60)
    check_ended_well(festival, 1)


def test_before_the_reveal_nothing_but_digests_leaves_a_node() -> None:
    festival = Festival(6, seconds=24)
    festival.announce()
    festival.player.begin()
    festival.run(8)
    host, listener = festival.listeners_here[:2]
    festival.bring_guests(host, 5)
    festival.rate(listener, 812_345, text="Encore!")
    festival.run(25)
    festival.go_on(Phase.LOCKED)
    festival.run(5)
    secrets: list[bytes] = []
    for virtual in (host, listener):
        for kept in festival.live(virtual).opinions.values():
            said = kept.opinion
            assert kept.state is OpinionState.TOLD
            secrets += [said.salt, encode(said.to_body()), encode(said.score_ppm)]
            secrets += [encode(said.tags), kept.comment_salt, kept.comment_text.encode()]
            secrets += [] if kept.guest is None else [kept.guest.signature]
            secrets += [] if said.comment is None else [said.comment]
    asked = {secret for secret in secrets if len(secret) > 4}
    assert len(asked) > 20
    before = [to_bytes(message) for *_, message in festival.said]
    for secret in asked:
        assert not [data for data in before if secret in data]
    festival.go_on(Phase.REVEALED)
    festival.run_until(Phase.CLOSED, 60)
    after = [to_bytes(message) for *_, message in festival.said[len(before) :]]
    told = [kept.opinion.salt for kept in festival.live(host).opinions.values()]
    assert all(any(salt in data for data in after) for salt in told)


def test_a_comment_that_is_taken_down_is_gone_everywhere_and_may_come_back() -> None:
    festival = Festival(5, seconds=24)
    played(festival, guests=2)
    gatherer = festival.gatherer
    [comment] = [c for c, t in festival.live(gatherer).words.items() if t == "Guest 0 was here."]
    festival.give(gatherer, HideComment(CONCERT, comment, is_hidden=True))
    festival.run(65)
    for virtual in festival.people:
        assert comment not in festival.live(virtual).words
        assert comment not in virtual.blobs
        assert comment not in festival.node(virtual).blobs.charts
    festival.give(gatherer, HideComment(CONCERT, comment, is_hidden=False))
    festival.run(130)
    for virtual in festival.people:
        assert festival.live(virtual).words[comment] == "Guest 0 was here."


def test_everybody_feels_the_applause_of_all_once_a_second() -> None:
    festival = Festival(4, seconds=24)
    festival.announce()
    festival.run(2)
    for _ in range(5):
        for number, virtual in enumerate(festival.people[1:]):
            festival.give(virtual, Applaud(CONCERT, number + 1, 10, Ppm(300_000 * (number + 1))))
        festival.run(1)
    festival.run(6)
    for virtual in festival.people:
        felt = [notice for notice in virtual.notices if isinstance(notice, CrowdFelt)]
        assert CrowdFelt(CONCERT, 6, 30, Ppm(700_000)) in felt
        assert felt[-1] == CrowdFelt(CONCERT, 0, 0, Ppm(0)), "and silence too"
        assert len(felt) <= 9


def test_sessions_of_a_concert_bear_its_tags_and_shares_and_later_ones_do_not() -> None:
    festival = Festival(5, seconds=24)
    played(festival, guests=1)
    festival.player.begin()
    festival.run(40)
    own = [s for s in festival.gatherer.disk if isinstance(s.body, Session)]
    first, later = (s.body for s in own if s.entry.author == festival.gatherer.identity)
    assert isinstance(first, Session)
    assert isinstance(later, Session)
    assert (first.tags, first.performers) == (("jazz",), festival.shares)
    assert (later.tags, later.performers) == ((), ())
    assert festival.partner.identity not in {o.candidate for o in first.openings}
    assert festival.partner.identity in {o.candidate for o in later.openings}
    assert festival.live(festival.gatherer).card.sessions == (own[0].id,)


def test_a_concert_that_stays_as_it_is_tells_its_user_nothing() -> None:
    festival = Festival(3)
    festival.announce()
    festival.run(5)
    people = festival.gatherer, festival.partner
    before = [sum(isinstance(n, ConcertChanged) for n in one.notices) for one in people]
    number = festival.live(festival.partner).card.number
    festival.run(30)
    after = [sum(isinstance(n, ConcertChanged) for n in one.notices) for one in people]
    assert after == before
    assert festival.live(festival.partner).card.number > number, "it is told of all the same"


def test_a_concert_that_waits_is_told_of_from_its_announcement_on() -> None:
    festival = Festival(4)
    announced = OpenConcert(CONCERT, NAME, NAME_SALT, ("jazz",), 80, festival.shares)
    festival.give(festival.gatherer, announced)
    festival.run(60)
    for virtual in festival.listeners_here:
        assert not festival.live(virtual).is_stale
