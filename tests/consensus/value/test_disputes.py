"""What disputes do to values: branches that count, stakes that burn, reports that are believed."""

from fractions import Fraction

import pytest

from consensus.entries.transfer import Receive
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.parameters import PRACTICE
from consensus.value.appraisal import holding_view, lot_view
from consensus.value.counting import contests_of
from consensus.value.explain import explain, rounded
from consensus.value.stance import Stance
from consensus.value.valuation import value_of
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story, Witnessed


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def people(story: Story) -> tuple[Author, ...]:
    return story.people("ann", "ben", "cat", "dan", "eve")


@pytest.fixture
def played(story: Story, people: tuple[Author, ...]) -> Witnessed:
    (witnessed,) = story.performed(people[0], people[1:])
    return witnessed


def counted_head(ledger: Ledger, author: IdentityId, near: dict[IdentityId, float]) -> EntryId:
    branch = contests_of(ledger).counted_branch(author, near)
    assert branch is not None
    return branch.head


def counted_lots(ledger: Ledger, near: dict[IdentityId, float]) -> frozenset[LotKey]:
    return contests_of(ledger).counted(near)


def double_spend(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> tuple[Author, LotKey, LotKey]:
    """Ann pays Ben on one branch and Cat on another; returns her other device and both lots."""
    ann, ben, cat, _, _ = people
    lot = played.share(ann)
    backup = scribe.restored(ann)
    story.receives(ben, story.gives(ann, lot, 10, ben))
    story.receives(cat, story.gives(backup, lot, 20, cat))
    return (
        backup,
        LotKey(lot.origin, (ann.id, ben.id)),
        LotKey(lot.origin, (ann.id, cat.id)),
    )


def test_the_branch_whose_later_mints_trusted_people_witnessed_counts(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, _, _, dan, eve = people
    backup, bens, cats = double_spend(story, people, played)
    story.performed(ann, (dan,))
    near_dan, near_eve = {dan.id: 0.3}, {eve.id: 0.3}
    assert counted_head(story.ledger, ann.id, near_dan) == ann.head
    assert counted_lots(story.ledger, near_dan) >= {bens}
    assert cats not in counted_lots(story.ledger, near_dan)
    own = played.share(ann)
    assert counted_lots(story.ledger, near_dan) == {own, bens}
    lower = counted_head(story.ledger, ann.id, near_eve)
    assert lower == counted_head(story.ledger, ann.id, {})
    first = {ann.head: bens, backup.head: cats}
    assert first[lower] in counted_lots(story.ledger, near_eve)
    assert len(counted_lots(story.ledger, near_eve)) == 2


def test_without_later_mints_the_lower_id_where_they_part_counts(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann = people[0]
    backup, _, _ = double_spend(story, people, played)
    assert counted_head(story.ledger, ann.id, {}) == min(ann.head, backup.head)


def test_coins_of_the_counted_branch_keep_their_value_and_the_explanation_says_so(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    _, _, _, dan, _ = people
    _, bens, cats = double_spend(story, people, played)
    near = {dan.id: 0.3}
    stance = Stance(counted=counted_lots(story.ledger, near))
    shown = {}
    for lot in (bens, cats):
        view = lot_view(story.ledger, lot, 10_000, True)
        valuation = value_of(view, near, stance=stance)
        lines = explain(valuation, lambda who: who.hex()[:4])
        total = sum(Fraction(line.split()[0]) for line in lines) * 1_000_000
        assert total == rounded(valuation.value_ujam)
        shown[lot in stance.counted] = (valuation.value_ujam > 0, lines[-1])
    assert shown[True] == (
        True,
        "0.000 contested: a fork moved it twice, and you count this branch",
    )
    is_worth, words = shown[False]
    assert (is_worth, "it is contested (x 0.000)" in words) == (False, True)


def test_what_came_back_from_a_slashed_stake_counts_for_nobody(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, cat, dan, _ = people
    (second,) = story.performed(ann, people[1:])
    stake = story.stakes(ann, second.share(ann), 100)
    backup = scribe.restored(ann)
    story.receives(ann, story.unstakes(ann, stake))
    story.receives(dan, story.gives(ann, second.share(ann), 50, dan))
    story.gives(ann, played.share(ann), 1, ben)
    story.gives(backup, played.share(ann), 1, cat)
    paid = LotKey(second.share(ann).origin, (ann.id, dan.id))
    assert paid in story.ledger.contested
    for near in ({}, {ben.id: 1.0, dan.id: 1.0}):
        assert paid not in counted_lots(story.ledger, near)


def test_a_burnt_stake_is_worth_nothing_and_says_why(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, cat, _, _ = people
    (second,) = story.performed(ann, people[1:])
    story.stakes(ann, second.share(ann), 100_000)
    near = {ben.id: 0.4}
    (whole,) = (item for item in story.ledger.holdings() if item.stake)
    assert value_of(holding_view(story.ledger, whole), near).value_ujam > 0
    backup = scribe.restored(ann)
    story.gives(ann, played.share(ann), 1, ben)
    story.gives(backup, played.share(ann), 1, cat)
    burnt = next(item for item in story.ledger.holdings() if item.is_slashed)
    valuation = value_of(holding_view(story.ledger, burnt), near)
    assert valuation.value_ujam == 0
    assert "this stake burnt" in explain(valuation, lambda who: "somebody")[-1]


def test_a_believed_report_zeroes_the_lots_of_the_block_and_the_stakes_of_its_verifiers(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, _, dan, _ = people
    (other,) = story.performed(dan, [who for who in people if who is not dan])
    story.tell(ben.write(PRACTICE, story.tick(), Receive(other.mint.id)))
    story.stakes(ben, other.share(ben), 50)
    (staked,) = (item for item in story.ledger.holdings() if item.stake)
    view = lot_view(story.ledger, played.share(ann), 10_000, False)
    near = {ben.id: 0.4, ann.id: 0.2}
    believed = Stance(frozenset({played.block.id}), frozenset({ben.id}))
    plain, zero = value_of(view, near), value_of(view, near, stance=believed)
    assert (plain.value_ujam > 0, zero.value_ujam) == (True, 0)
    assert "you believe the reports" in explain(zero, lambda who: "somebody")[-1]
    stake = value_of(holding_view(story.ledger, staked), near, stance=believed)
    assert stake.value_ujam == 0
    assert "whoever staked it vouched" in explain(stake, lambda who: "somebody")[-1]
    free = lot_view(story.ledger, other.share(ben), 50, False)
    assert value_of(free, near, stance=believed).value_ujam > 0


def test_a_lot_knows_which_contested_lots_it_came_from(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    _, ben, _, dan, _ = people
    _, bens, cats = double_spend(story, people, played)
    story.receives(dan, story.gives(ben, bens, 5, dan))
    dans = LotKey(bens.origin, (*bens.path, dan.id))
    contests = contests_of(story.ledger)
    assert contests.roots(dans) == {dans, bens, played.share(people[0])}
    assert cats in contests.contested


def test_where_nothing_is_contested_nobody_counts_anything(story: Story, played: Witnessed) -> None:
    contests = contests_of(story.ledger)
    assert (contests.counted({}), contests.branches, contests.receipts) == (frozenset(), {}, ())
