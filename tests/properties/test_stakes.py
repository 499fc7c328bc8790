"""Random lives with stakes and forks: the ledger that grows entry by entry marks what the clear
form marks over the whole set, and no coin is made."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.entries.staking import Unstake
from consensus.forks import contested_lots, slashed_stakes
from consensus.ledger import Ledger, folded
from consensus.lots import LotKey
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story
from tests.properties.test_orders import balance, chosen_branches, moves_of, outcome, shuffled

SEEDS = st.integers(0, 2**64)
STEPS = 22


def beginning() -> Story:
    """Two people who minted, and two who watched."""
    story = Story()
    people = story.people("ann", "ben", "cat", "dan")
    for performer in people[:2]:
        story.performed(performer, [who for who in people if who is not performer])
    return story


BEGINNING = beginning()


def life(seed: int) -> Story:
    """What may happen to them: they stake, take back, give, take, decline, and restore backups."""
    chance = Random(seed)
    story = Story()
    story.tell(*BEGINNING.told)
    story.now_ms = BEGINNING.now_ms
    devices = [_at_head(story, name) for name in ("ann", "ben")]
    for _ in range(STEPS):
        who = chance.choice(devices)
        if chance.random() < 0.12:
            devices.append(scribe.restored(who))
        else:
            _live(chance, story, who, devices)
    return story


def _live(chance: Random, story: Story, who: Author, devices: list[Author]) -> None:
    state = story.ledger.tips[who.id].get(who.head) or story.ledger._folded(who.id, who.head)
    waiting = [
        source
        for source, claims in sorted(story.ledger.claims.items())
        if who.id in claims and source not in state.taken
    ]
    match chance.choice(["stake", "stake", "unstake", "unstake", "give", "give", "take", "take"]):
        case "stake" if state.purse:
            key, held = chance.choice(sorted(state.purse.items()))
            story.stakes(who, key, chance.randint(1, held))
        case "unstake" if state.stakes:
            stake = story.ledger.statements[chance.choice(sorted(state.stakes))]
            story.unstakes(who, stake)
        case "give" if state.purse:
            key, held = chance.choice(sorted(state.purse.items()))
            to = chance.choice([one for one in devices if one.id != who.id])
            story.gives(who, key, chance.randint(1, held), to)
        case "take" if waiting:
            source = story.ledger.statements[chance.choice(waiting)]
            if source.entry.kind == "transfer" and chance.random() < 0.3:
                story.declines(who, source)
            elif source.entry.kind in ("mint", "transfer") or source.id in state.unstakes:
                story.receives(who, source)


def check_marks(ledger: Ledger) -> None:
    moves = moves_of(ledger)
    assert ledger.slashed == slashed_stakes(moves)
    assert ledger.contested == contested_lots(moves)


@settings(max_examples=120, deadline=None)
@given(SEEDS, SEEDS)
def test_any_order_of_any_life_makes_the_same_marks_as_the_clear_form(
    seed: int, order: int
) -> None:
    story = life(seed)
    assert not story.ledger.rejected
    check_marks(story.ledger)
    other = folded(story.params, shuffled(story.told, order))
    assert outcome(other) == outcome(story.ledger)


@settings(max_examples=15, deadline=None)
@given(SEEDS, SEEDS)
def test_marks_agree_with_the_clear_form_at_every_moment_and_only_switch_on(
    seed: int, order: int
) -> None:
    story = life(seed)
    ledger = Ledger(story.params)
    slashed, contested = ledger.slashed, ledger.contested
    for statement in shuffled(story.told, order):
        ledger.add(statement)
        check_marks(ledger)
        assert slashed <= ledger.slashed
        assert contested <= ledger.contested
        slashed, contested = ledger.slashed, ledger.contested


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_stakes_make_and_lose_no_coins_on_any_choice_of_branches(seed: int) -> None:
    ledger = life(seed).ledger
    for heads in chosen_branches(ledger)[:32]:
        minted, there, foreign = balance(ledger, heads)
        assert there == minted + foreign


def test_lives_have_slashed_stakes_and_coins_that_came_back_from_them() -> None:
    """The properties above would hold of empty lives too."""
    lives = [life(seed).ledger for seed in range(150)]
    slashed = [ledger for ledger in lives if ledger.slashed]
    returned = [
        ledger
        for ledger in slashed
        if any(
            isinstance(item.body, Unstake) and item.body.stake in ledger.slashed
            for item in ledger.statements.values()
        )
    ]
    assert (len(slashed) >= 5, len(returned) >= 1) == (True, True)


def test_a_stake_that_came_back_from_a_slashed_one_contests_what_was_paid_with_it() -> None:
    story = beginning()
    ann, ben, cat, _ = (_at_head(story, name) for name in ("ann", "ben", "cat", "dan"))
    own, shared = _lots(story, ann)
    stake = story.stakes(ann, own, 1_000)
    backup = scribe.restored(ann)
    story.receives(ann, story.unstakes(ann, stake))
    story.receives(cat, story.gives(ann, own, 700, cat))
    for device in (ann, backup):
        story.gives(device, shared, 5, ben)
    assert story.ledger.slashed == {stake.id}
    assert story.ledger.contested == {own, shared, LotKey(own.origin, (*own.path, cat.id))}


def _at_head(story: Story, name: str) -> Author:
    who = scribe.author(name)
    state = story.ledger.state(who.id)
    assert state is not None
    who.head, who.number = state.head, state.number
    return who


def _lots(story: Story, who: Author) -> tuple[LotKey, LotKey]:
    """A lot of one's own, and one that was earned by witnessing."""
    mints = [item for item in story.told if item.entry.kind == "mint"]
    earned = next(item for item in mints if item.entry.author != who.id)
    story.receives(who, earned)
    state = story.ledger.state(who.id)
    assert state is not None
    first, second = sorted(state.purse, key=lambda key: key.origin == earned.id)
    return first, second
