"""Concerts in virtual time: from the announcement to pages whose shares add up."""

from consensus.entries.appreciation import voice_of
from consensus.lots import LotKey
from popd.node.concert_opinions import OpinionState
from popd.node.messages.concerts import Phase
from simulations.virtual_network import Faults
from tests.popd.node.festivals import CONCERT, NAME, Festival


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
