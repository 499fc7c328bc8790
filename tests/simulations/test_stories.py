"""The scribe and the stories write the same bytes every time, and valid ones where they say so."""

import pytest

from consensus.evidence import evidence_from_bytes
from consensus.judgement import Grade, judge
from consensus.parameters import MAIN, PRACTICE, NetworkParams
from simulations import scribe
from simulations.stories import FIRST_MS, Story, court, village


def test_a_story_is_told_the_same_every_time() -> None:
    for tell in (village, court):
        assert [item.wire for item in tell().told] == [item.wire for item in tell().told]


def test_in_the_village_everything_is_applied_and_only_the_mended_backup_is_marked() -> None:
    story = village()
    ledger = story.ledger
    assert (len(ledger.applied), ledger.rejected, ledger.waiting) == (len(story.told), {}, ())
    assert set(ledger.forks) == {scribe.author("d").id}
    assert ledger.contested == frozenset()


@pytest.mark.parametrize("params", [MAIN, PRACTICE], ids=lambda params: params.name)
def test_the_evidence_of_a_scribe_is_an_exact_play(params: NetworkParams) -> None:
    story = Story(params)
    ann, *others = story.people("ann", "ben", "cat")
    chart = scribe.small_chart(params.window_ms // 1_000)
    show = scribe.announce(params, ann, others, FIRST_MS, 1, chart)
    evidence = scribe.evidence_of(params, show, 0)
    assert evidence_from_bytes(evidence.to_bytes()) == evidence
    judgement = judge(chart, evidence)
    assert judgement.grades[Grade.PERFECT] == len(chart.notes)
    assert judgement.accuracy_ppm == 1_000_000


def test_the_first_block_of_strangers_on_one_link_pays_three_jam_times_its_quality() -> None:
    story = Story(MAIN)
    ann, *others = story.people("ann", *"bcdefghij")
    (played,) = story.performed(ann, others)
    state = story.ledger.state(ann.id)
    assert state is not None
    claims = story.ledger.claims[played.mint.id]
    total = state.purse[played.share(ann)] + sum(c.amount_ujam for c in claims.values())
    assert total == played.mint.body.amount_ujam  # type: ignore[union-attr]
    quality = (0.95**4 * 0.6**2 * 0.9 * 1.0) ** 0.1 * 80 / 240
    assert total == pytest.approx(3_000_000 * quality, abs=32)
