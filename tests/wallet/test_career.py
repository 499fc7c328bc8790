"""Careers: concerts with their crowds, feelings and shares, off a performer's own chain."""

from consensus.identifiers import IdentityId
from simulations import scribe
from simulations.festival import festival
from wallet.career import Career, career_of

FESTIVAL = festival()
ADA, BEA = scribe.author("ada"), scribe.author("bea")


def test_a_concert_of_two_pages_is_one_with_all_its_voices_and_shares() -> None:
    career = career_of(FESTIVAL.ledger, ADA.id)
    (concert,) = career.concerts
    state = FESTIVAL.ledger.state(ADA.id)
    assert state is not None
    record = state.concerts[concert.first]
    assert concert.pages == record.pages
    assert len(concert.pages) == 2
    assert concert.minted_ujam == record.rated_ujam > 0
    assert sum(amount for _, amount in concert.shares) == concert.minted_ujam
    assert [who for who, _ in concert.shares] == [ADA.id, BEA.id]
    assert concert.voices == career.voices == 6
    assert concert.feelings == (("joy", 6),)
    assert concert.mean_score_ppm == (3 * 900_000 + 1_000_000 + 1_000_000 + 250_000) // 6
    assert (len(concert.charts), concert.name) == (1, None)


def test_totals_count_windows_witnesses_and_everything_minted() -> None:
    career = career_of(FESTIVAL.ledger, ADA.id)
    state = FESTIVAL.ledger.state(ADA.id)
    assert state is not None
    blocks = sum(state.minted_ujam.values())
    assert career.windows == len(state.mints) == 2
    assert career.minted_ujam == blocks + career.concerts[0].minted_ujam
    assert 0 < career.witnesses <= 7


def test_whoever_only_shared_or_is_not_known_has_gathered_nothing() -> None:
    empty = Career((), 0, 0, 0, 0)
    assert career_of(FESTIVAL.ledger, BEA.id) == empty
    assert career_of(FESTIVAL.ledger, IdentityId(bytes(32))) == empty
