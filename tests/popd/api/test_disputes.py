"""What the API tells of disputes, what parting would do, and what the law refuses, in sentences."""

import re
from dataclasses import replace
from fractions import Fraction

import msgspec
import pytest

from consensus.entries.chains import Reconcile
from consensus.entries.dispute import Diverge, DivergeReason
from consensus.identifiers import to_did
from consensus.parameters import PRACTICE
from consensus.units import Milliseconds
from popd.api import shapes
from popd.api.dispute_map import map_view
from popd.api.dispute_preview import preview_view
from popd.api.dispute_shapes import Disputes, PhaseMap, Preview
from popd.api.dispute_views import disputes_view
from popd.api.dispute_words import lasting
from popd.api.names import Names
from popd.api.opinions import Opinions
from popd.api.outlook import Outlook
from simulations import scribe
from simulations.stories import Story, court

REASONS = ["not_played_live", "copied", "false_witness", "stolen", "other"]


def outlook_of(story: Story, name: str) -> Outlook:
    opinions = Opinions(story.ledger)
    opinions.refresh(Milliseconds(story.now_ms))
    return Outlook(story.ledger, opinions, Names(scribe.author(name).id, "", {}))


def view_of(story: Story, name: str) -> Disputes:
    now_ms, lock_ms = Milliseconds(story.now_ms), PRACTICE.stake_lock_ms
    return disputes_view(outlook_of(story, name), now_ms, lock_ms)


def hall() -> tuple[Story, tuple[scribe.Author, ...]]:
    """Six people; the first five each played once, and all watched."""
    story = Story()
    people = story.people(*"abcdef")
    for performer in people[:5]:
        story.performed(performer, [who for who in people if who is not performer])
    return story, people


def test_a_stake_is_told_with_its_state_and_a_value_that_adds_up() -> None:
    story, people = hall()
    state = story.ledger.state(people[0].id)
    assert state is not None
    (lot,) = state.purse
    stake = story.stakes(people[0], lot, 100_000)
    (locked,) = view_of(story, "a").stakes
    assert (locked.stake, locked.state, locked.amount_ujam) == (stake.id.hex(), "locked", 100_000)
    assert locked.free_ms == stake.entry.time_ms + PRACTICE.stake_lock_ms
    assert sum(Fraction(line.split()[0]) for line in locked.why) * 10**6 == locked.value_ujam > 0
    story.tick(PRACTICE.stake_lock_ms)
    (free,) = view_of(story, "a").stakes
    assert (free.state, free.words) == ("free", "0.100 JAM can be taken back.")
    backup = scribe.restored(people[0])
    for device, to in ((people[0], people[1]), (backup, people[2])):
        story.gives(device, lot, 1, to)
    (burnt,) = view_of(story, "a").stakes
    assert (burnt.state, burnt.value_ujam) == ("burnt", 0)


def test_reports_say_who_whether_you_believe_them_and_what_follows() -> None:
    story, people = hall()
    blocks = {item.entry.author: item for item in story.told if item.entry.kind == "block"}
    reported = blocks[people[0].id]
    story.reports(people[1], reported)
    (lone,) = view_of(story, "f").reports
    assert (lone.is_believed, len(lone.reports), len(lone.vouchers)) == (False, 1, 5)
    assert "until then nothing changes" in lone.words
    assert lone.minted_ujam > 0
    (own,) = view_of(story, "b").reports
    assert (own.is_believed, own.is_reported_by_me) == (True, True)
    assert own.words.startswith("You report it: its coins are worth nothing to you")
    story.reports(people[2], reported)
    (own,) = view_of(story, "b").reports
    assert own.words.startswith("2 people report it, you among them:")
    (mine,) = view_of(story, "a").reports
    assert mine.is_mine


def test_divergences_tell_whom_since_when_why_and_what_follows_until_taken_back() -> None:
    story, people = hall()
    parted = story.diverges(people[0], people[1], DivergeReason.STOLEN)
    view = view_of(story, "a")
    (mine,) = view.divergences
    assert (mine.person.id, mine.since_ms) == (people[1].id.hex(), parted.entry.time_ms)
    assert (mine.reason, mine.why) == ("stolen", "took what is somebody else's")
    assert len(mine.consequences) == 5
    (theirs,) = view_of(story, "b").diverged_from_you
    assert (theirs.person.id, theirs.entry) == (people[0].id.hex(), parted.id.hex())
    story.takes_back(people[0], parted)
    for name in "ab":
        view = view_of(story, name)
        assert (view.divergences, view.diverged_from_you) == ([], [])


@pytest.mark.parametrize("is_grown", [True, False])
def test_a_divergence_taken_back_leaves_the_scores_as_they_were(is_grown: bool) -> None:
    story, people = hall()
    before = dict(outlook_of(story, "a").opinions.scores(people[0].id))
    opinions = Opinions(story.ledger)
    opinions.refresh(Milliseconds(story.now_ms))
    parted = story.diverges(people[0], people[1])
    if is_grown:
        opinions.refresh(Milliseconds(story.now_ms))
        assert people[1].id not in opinions.scores(people[0].id)
    story.takes_back(people[0], parted)
    opinions.refresh(Milliseconds(story.now_ms))
    assert opinions.scores(people[0].id) == pytest.approx(before)


def test_forks_and_both_stories_of_contested_lots_are_told_in_words() -> None:
    story = court()
    view = view_of(story, "n")
    assert {fork.person.id for fork in view.forks} == {
        author.hex() for author in story.ledger.forks
    }
    assert all(len(fork.words) >= 2 for fork in view.forks)
    assert all(fork.entries for fork in view.forks)
    first = view.contested[0]
    assert [len(item.stories) for item in view.contested] == [2] * len(view.contested)
    assert [sum(story.is_counted for story in item.stories) for item in view.contested] == [
        1
    ] * len(view.contested)
    assert first.yours_ujam == 19_000
    assert first.yours_counted_ujam in (0, 19_000)
    assert "a transfer of 0.020 JAM" in " ".join(story.words for story in first.stories)
    assert msgspec.json.decode(msgspec.json.encode(view), type=Disputes) == view


def test_a_preview_says_what_the_purse_would_be_worth_and_is_what_then_happens() -> None:
    story, people = hall()
    me, other = people[0], people[1]
    now_ms = Milliseconds(story.now_ms)
    preview = preview_view(outlook_of(story, "a"), other.id, now_ms)
    assert (preview.is_diverged, len(preview.consequences)) == (False, 5)
    assert [one.performer.name for one in preview.sessions].count("You") == 1
    assert len(preview.sessions) == 2
    assert all(one.blocks == 1 and one.minted_ujam > 0 for one in preview.sessions)
    (coin,) = preview.coins
    assert (coin.is_through_them, coin.before_ujam > coin.after_ujam) == (True, True)
    assert {one.id for one in preview.between} == {who.id.hex() for who in people[2:]}
    story.diverges(me, other)
    after = preview_view(outlook_of(story, "a"), other.id, Milliseconds(story.now_ms))
    assert after.is_diverged
    assert after.before_ujam == preview.after_ujam


def test_the_map_places_everybody_draws_who_parted_and_is_the_same_each_time() -> None:
    story, people = hall()
    parted = story.diverges(people[0], people[1])
    shown = map_view(outlook_of(story, "a"))
    assert {one.id for one in shown.people} == {who.id.hex() for who in people}
    assert [one.name for one in shown.people if one.is_me] == ["You"]
    assert all(0 <= value <= 1 for one in shown.people for value in (one.x, one.y))
    (arc,) = shown.arcs
    assert (arc.source, arc.target) == (people[0].id.hex(), people[1].id.hex())
    assert (arc.since_ms, arc.why) == (parted.entry.time_ms, "plays unfairly")
    assert map_view(outlook_of(story, "a")) == shown
    assert shown.left_out == 0


def test_the_map_has_ties_to_those_whom_somebody_acknowledged_and_did_not_part_from() -> None:
    story, people = hall()
    before = map_view(outlook_of(story, "a"))
    tied = {(one.id, before.people[place].id) for one in before.people for place in one.ties}
    graph = outlook_of(story, "a").opinions.graph.trust
    acknowledged = {
        (source.hex(), target.hex()) for source, targets in graph.items() for target in targets
    }
    assert tied == acknowledged
    source, target = sorted(tied)[0]
    named = {one.id.hex(): one for one in people}
    story.diverges(named[source], named[target])
    after = map_view(outlook_of(story, "a"))
    kept = {(one.id, after.people[place].id) for one in after.people for place in one.ties}
    assert kept == tied - {(source, target), (target, source)}


def test_who_is_connected_is_on_the_map_before_they_wrote_anything() -> None:
    story, people = hall()
    newcomer = scribe.author("z").id
    shown = map_view(replace(outlook_of(story, "a"), neighbours=(newcomer,)))
    known = {who.id.hex() for who in people}
    assert {one.id for one in shown.people} == known | {newcomer.hex()}
    (alone,) = (one for one in shown.people if one.id == newcomer.hex())
    assert (alone.proximity_ppm, alone.ties) == (0, [])


def test_whoever_disputes_nothing_sees_nothing() -> None:
    view = view_of(hall()[0], "nobody")
    assert view == Disputes([], [], [], [], [], [])


async def got(http, path, shape):
    answer = await http.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=shape)


def test_disputes_go_their_way_over_http(perform):
    async def scene(backstage):
        other = scribe.author("b").id
        ledger = backstage.daemon.node.ledger
        block = next(
            item.id
            for item in ledger.statements.values()
            if item.entry.kind == "block" and item.entry.author == other
        )
        async with backstage.http() as http:
            lot = (await got(http, "purse", shapes.Purse)).coins[0].lot
            sent = [
                ("stake", {"lot": lot, "amount_ujam": 5}),
                ("report", {"block": block.hex(), "reason": "copied"}),
                ("diverge", {"person": to_did(other), "reason": "unfair_play"}),
            ]
            entries = []
            for path, body in sent:
                answer = await http.post(f"/api/v1/{path}", json=body)
                assert answer.status_code == 200, answer.text
                entries.append(answer.json()["entry"])
            seen = await got(http, "disputes", Disputes)
            assert [one.stake for one in seen.stakes] == entries[:1]
            assert [one.block for one in seen.reports] == [block.hex()]
            assert [one.entry for one in seen.divergences] == entries[2:]
            preview = await got(http, f"disputes/preview?diverge={other.hex()}", Preview)
            assert preview.is_diverged
            assert len((await got(http, "disputes/map", PhaseMap)).arcs) == 1
            refused = await http.post(
                "/api/v1/send", json={"lot": lot, "amount_ujam": 1, "to": other.hex()}
            )
            assert (refused.status_code, refused.json()["error"]) == (409, "diverged")
            back = await http.post("/api/v1/reconcile-with", json={"person": other.hex()})
            assert back.status_code == 200
            assert (await got(http, "disputes", Disputes)).divergences == []
        state = ledger.state(scribe.author("a").id)
        bodies = [item.body for item in ledger.chain(state.head)]
        assert Diverge(other, DivergeReason.UNFAIR_PLAY) in bodies
        assert any(isinstance(body, Reconcile) for body in bodies)

    perform(scene)


def test_what_the_law_refuses_is_told_in_a_sentence(perform):
    async def scene(backstage):
        me, other = scribe.author("a").id.hex(), scribe.author("b").id.hex()
        own = next(
            item.id.hex()
            for item in backstage.daemon.node.ledger.statements.values()
            if item.entry.kind == "block" and item.entry.author.hex() == me
        )
        async with backstage.http() as http:
            lot = (await got(http, "purse", shapes.Purse)).coins[0].lot
            stake = (await http.post("/api/v1/stake", json={"lot": lot, "amount_ujam": 5})).json()
            answers = [
                await http.post("/api/v1/stake", json={"lot": lot, "amount_ujam": 10**15}),
                await http.post("/api/v1/unstake", json={"stake": "0" * 64}),
                await http.post("/api/v1/unstake", json={"stake": stake["entry"]}),
                await http.post("/api/v1/report", json={"block": own}),
                await http.post("/api/v1/diverge", json={"person": me}),
                await http.post("/api/v1/reconcile-with", json={"person": other}),
            ]
            assert [answer.status_code for answer in answers] == [409] * 6
            assert [answer.json()["error"] for answer in answers] == [
                "insufficient_funds",
                "unknown_stake",
                "too_early",
                "own_block",
                "about_oneself",
                "nothing_to_reconcile",
            ]
            assert all(answer.json()["why"] and answer.json()["next"] for answer in answers)
            why = [answer.json()["why"] for answer in answers]
            assert re.fullmatch(
                r"You have [0-9.]+ JAM of that lot, and 1000000000\.000 are asked for\.", why[0]
            )
            assert re.fullmatch(r"Your stake stays locked for [0-9]+ s more\.", why[2])
            for status, said in ((200, ""), (409, "You have diverged from them already.")):
                answer = await http.post("/api/v1/diverge", json={"person": other})
                assert (answer.status_code, answer.json().get("why", "")) == (status, said)
            unknown = await http.post("/api/v1/report", json={"block": "0" * 64})
            assert unknown.status_code == 404
            hostile = [
                await http.get("/api/v1/disputes/preview"),
                await http.get("/api/v1/disputes/preview?diverge=nobody"),
                await http.get(f"/api/v1/disputes/preview?diverge={me}"),
                await http.post("/api/v1/diverge", json={"person": other, "reason": "x"}),
                await http.post("/api/v1/diverge", json={"person": "d" * 81}),
                await http.post("/api/v1/stake", json={"lot": lot, "amount_ujam": 0}),
                await http.post("/api/v1/stake", json={"lot": "zz", "amount_ujam": 1}),
                await http.post("/api/v1/unstake", json={"stake": 1}),
                await http.post("/api/v1/report", json=[]),
            ]
            assert [answer.status_code for answer in hostile] == [400] * len(hostile)

    perform(scene)


@pytest.mark.parametrize(
    ("whole_s", "words"),
    [(0, "0 s"), (119, "119 s"), (120, "2 minutes"), (7_200, "2 hours"), (604_800, "7 days")],
)
def test_a_time_is_told_in_the_unit_that_is_easiest_to_read(whole_s: int, words: str) -> None:
    assert lasting(whole_s) == words


def test_strangers_who_report_and_part_crowd_nobody_out() -> None:
    story, people = hall()
    block = next(item for item in story.told if item.entry.kind == "block")
    story.reports(people[1], block)
    story.diverges(people[1], people[0])
    strangers = story.people(*(f"stranger {number}" for number in range(210)))
    for stranger in strangers:
        story.reports(stranger, block)
        story.diverges(stranger, people[0])
    view = view_of(story, "a")
    (reported,) = view.reports
    assert (len(reported.reports), reported.reports[0].id) == (200, people[1].id.hex())
    assert not reported.is_believed
    assert (len(view.diverged_from_you), view.diverged_from_you[0].person.id) == (
        200,
        people[1].id.hex(),
    )
    shown = map_view(outlook_of(story, "a"))
    assert len(shown.people) == len(people) + len(strangers)
    assert shown.arcs[0].source == people[1].id.hex()
