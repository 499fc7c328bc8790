"""A coin knows its way, what givers said, and whether a person played for it."""

import pytest

from consensus.entries.chains import Profile
from consensus.entries.transfer import Transfer
from consensus.identifiers import LotId
from consensus.lots import LotKey
from consensus.parameters import PRACTICE
from consensus.units import MicroJam
from consensus.value.appraisal import lot_view
from consensus.value.policy import MadeBy
from consensus.value.trail import Step, trail_of
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story


@pytest.fixture
def story() -> Story:
    return Story()


def handed(story: Story, giver: Author, key: LotKey, to: Author, worth: int | None) -> int:
    """Gives 5,000 with a valuation and has it received; says when."""
    stated = None if worth is None else MicroJam(worth)
    body = Transfer(key, MicroJam(5_000), to.id, stated)
    given = giver.write(PRACTICE, story.tick(), body)
    story.tell(given)
    return story.receives(to, given).entry.time_ms


def test_every_step_says_when_how_much_and_what_the_giver_said(story: Story) -> None:
    ann, ben, cat, *others = people = story.people(*"abcdefgh")
    (played,) = story.performed(ann, people[1:])
    key = played.share(ann)
    minted_ms = played.mint.entry.time_ms
    handed(story, ann, key, ben, 1_000)
    at_ben_ms = handed(story, ann, key, ben, 2_000)
    there = LotKey(key.origin, (ann.id, ben.id))
    at_cat_ms = handed(story, ben, there, cat, None)
    assert trail_of(story.ledger, LotKey(key.origin, (ann.id, ben.id, cat.id))) == (
        Step(ann.id, minted_ms),
        Step(ben.id, at_ben_ms, 5_000, 2_000),
        Step(cat.id, at_cat_ms, 5_000, None),
    )
    dan = others[0]
    unheard = trail_of(story.ledger, LotKey(key.origin, (ann.id, dan.id)))
    assert unheard == (Step(ann.id, minted_ms), Step(dan.id))
    assert trail_of(story.ledger, LotKey(LotId(bytes(32)), (dan.id,))) == (Step(dan.id),)


def test_whoever_is_labelled_as_a_machine_made_machine_coins(story: Story) -> None:
    people = story.people(*"bcdefghi")
    robot = scribe.author("robot")
    story.tell(robot.write(PRACTICE, story.tick(), Profile(None, is_automated=True)))
    made = {}
    for performer, others in ((robot, people), (people[0], people[1:])):
        (played,) = story.performed(performer, others)
        view = lot_view(story.ledger, played.share(performer), 1, False)
        made[performer.id] = (view.made_by, view.minter, view.minted_ms)
        last_ms = played.mint.entry.time_ms
    assert made[robot.id][:2] == (MadeBy.MACHINE, robot.id)
    assert made[people[0].id] == (MadeBy.PERSON, people[0].id, last_ms)


@pytest.mark.parametrize(
    ("anomaly_ppm", "made_by"), [(400_000, MadeBy.PERSON), (600_000, MadeBy.DOUBTFUL)]
)
def test_a_block_that_its_witnesses_doubted_made_doubtful_coins(
    story: Story, anomaly_ppm: int, made_by: MadeBy
) -> None:
    ann, *others = story.people(*"abcdefghi")
    chart = scribe.small_chart(PRACTICE.window_ms // 1_000)
    show = scribe.announce(PRACTICE, ann, others, story.tick(), 1, chart)
    story.tell(show.session)
    story.tick(PRACTICE.window_ms)
    block = scribe.seal(PRACTICE, show, 0, 0)
    story.tell(block)
    verdicts = [
        scribe.attest(PRACTICE, verifier, [block], story.tick(), anomaly_ppm=anomaly_ppm)
        for verifier in scribe.drawn_verifiers(PRACTICE, show, block)
    ]
    story.tell(*verdicts)
    named = [(attestation, 0) for attestation in verdicts]
    mint = scribe.mint(story.ledger, ann, block, named, story.tick())
    story.tell(mint)
    view = lot_view(story.ledger, LotKey(LotId(mint.id), (ann.id,)), 1, False)
    assert view.made_by is made_by
