"""What the page shows, from ledgers in which everything happens."""

from dataclasses import replace
from random import Random

import pytest

from consensus.entries.attestation import Attestation, Decision
from consensus.entries.performance import Mint
from consensus.identifiers import EntryId, LotId
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.trust.acknowledged import acknowledgements
from consensus.trust.graph import graph_from
from consensus.trust.proximity import proximity
from consensus.units import Milliseconds, Ppm
from popd.api.library import UNKNOWN_TITLE
from popd.api.names import Names, label, names_in
from popd.api.opinions import Opinions
from popd.api.outlook import Outlook, whole_lot
from popd.api.stage import Stage, cut_to
from popd.api.views import charts_in_purse, purse_view
from popd.api.windows import session_windows, verdict_reasons, window_message
from popd.node.context import Context, NodeSettings, Peer
from popd.node.notices import SessionEnded, WindowChanged, WindowState
from simulations import scribe
from simulations.stories import Story, court, village


def outlook_of(story: Story, name: str) -> Outlook:
    opinions = Opinions(story.ledger)
    opinions.refresh(Milliseconds(story.now_ms))
    return Outlook(story.ledger, opinions, Names(scribe.author(name).id, "", {}))


def test_where_people_belong_shows_in_values_and_in_words():
    story = village()
    outlook = outlook_of(story, "c")
    purse = purse_view(outlook, outlook.me, {})
    people = dict.fromkeys(story.ledger.tips, "c1")
    outlook.opinions.belong(people, {"c1": "the village"})
    together = purse_view(outlook, outlook.me, {})
    assert together.total_value_ujam > purse.total_value_ujam
    assert "because it passed through" in str(purse.coins)
    assert "because it passed through" not in str(together.coins)
    assert all(numbers_of(coin.why) == coin.value_ujam for coin in together.coins)


def numbers_of(lines: list[str]) -> int:
    return sum(round(float(line.split()[0]) * 1_000_000) for line in lines)


@pytest.mark.parametrize("tell", [village, court])
def test_a_graph_that_grew_gives_the_scores_of_one_made_at_once(tell):
    story = tell()
    growing = Story()
    opinions = Opinions(growing.ledger)
    for statement in story.told:
        growing.tell(statement)
        opinions.refresh(Milliseconds(statement.entry.time_ms))
    whole = graph_from(acknowledgements(story.ledger), story.now_ms)
    for observer in story.ledger.tips:
        assert opinions.scores(observer) == pytest.approx(proximity(whole, observer))


def test_a_purse_lists_every_coin_with_reasons_that_add_up():
    story = village()
    outlook = outlook_of(story, "a")
    state = story.ledger.state(outlook.me)
    (chart,) = charts_in_purse(story.ledger, outlook.me)
    purse = purse_view(outlook, outlook.me, {chart: "Scribe's study"})
    assert purse.seen_by.name == "You"
    assert {(coin.lot, tuple(coin.path)): coin.amount_ujam for coin in purse.coins} == {
        (key.origin.hex(), tuple(holder.hex() for holder in key.path)): amount
        for key, amount in state.purse.items()
    }
    assert {coin.came_by for coin in purse.coins} == {"minted", "witnessed"}
    assert {coin.song for coin in purse.coins} == {"Scribe's study"}
    assert all(numbers_of(coin.why) == coin.value_ujam for coin in purse.coins)
    assert purse.total_ujam == sum(state.purse.values())
    assert purse.total_value_ujam == sum(coin.value_ujam for coin in purse.coins) > 0
    assert [coin.minted_ms for coin in purse.coins] == sorted(
        (coin.minted_ms for coin in purse.coins), reverse=True
    )


def test_a_purse_in_the_eyes_of_another_speaks_of_them():
    story = village()
    outlook = outlook_of(story, "a")
    observer = scribe.author("b").id
    purse = purse_view(outlook, observer, {})
    lines = [line for coin in purse.coins for line in coin.why]
    assert purse.seen_by.id == observer.hex()
    assert any("their own word" in line for line in lines)
    assert not any(" you " in line or "You" in line for line in lines)
    assert {coin.song for coin in purse.coins} == {UNKNOWN_TITLE}


def test_coins_that_were_handed_over_are_received_and_forks_contest_them():
    story = court()
    mia, noa = outlook_of(story, "m"), outlook_of(story, "n")
    received = [c for c in purse_view(mia, mia.me, {}).coins if c.came_by == "received"]
    assert received
    contested = [c for c in purse_view(noa, noa.me, {}).coins if c.contested]
    assert contested
    assert all(coin.value_ujam == 0 for coin in contested)


def test_whoever_never_played_has_an_empty_purse():
    story = village()
    outlook = outlook_of(story, "nobody")
    purse = purse_view(outlook, outlook.me, {})
    assert (purse.coins, purse.total_ujam, purse.total_value_ujam) == ([], 0, 0)


def test_a_minted_window_tells_who_drew_said_got_and_values_what():
    story = Story()
    people = story.people(*"abcdefghij")
    (played,) = story.performed(people[0], people[1:])
    outlook = outlook_of(story, "a")
    changed = WindowChanged(played.show.session.id, 0, WindowState.MINTED, played.block.id, "", "")
    message = window_message(outlook, changed)
    assert isinstance(played.mint.body, Mint)
    assert (message.state, message.block) == ("minted", played.block.id.hex())
    assert (len(message.drawn), message.needed, len(message.verdicts)) == (8, 6, 8)
    assert message.verdicts[0].reasons == ["played like a person", "2 of 2 riffs answered"]
    assert message.quality.accuracy_ppm == scribe.GOOD_METRICS.accuracy_ppm
    assert message.minted_ujam == played.mint.body.amount_ujam
    assert sum(share.amount_ujam for share in message.shares) == message.minted_ujam
    assert message.shares[0].name == "You"
    assert [value.is_me for value in message.values] == [True] + [False] * 8
    assert all(numbers_of(value.why) == value.value_ujam for value in message.values)
    assert session_windows(outlook, played.show.session.id, {}) == [message]


def test_a_window_before_its_verdicts_is_drawn_and_worth_nothing_yet():
    story = Story()
    people = story.people(*"abcd")
    chart = scribe.small_chart(20)
    show = scribe.announce(PRACTICE, people[0], people[1:], story.tick(), 1, chart)
    block = scribe.seal(PRACTICE, show, 0, 0)
    story.tell(show.session, block)
    outlook = outlook_of(story, "a")
    (drawn,) = session_windows(outlook, show.session.id, {})
    assert (drawn.state, drawn.needed, len(drawn.drawn)) == ("drawn", 2, 3)
    assert (drawn.verdicts, drawn.quality, drawn.shares, drawn.values) == ([], None, [], [])
    time_ms = story.now_ms + 30_000
    story.tell(scribe.attest(PRACTICE, people[1], [block], time_ms, Decision.REJECT, 950_000))
    (attested,) = session_windows(outlook, show.session.id, {})
    assert attested.state == "attested"
    assert [item.decision for item in attested.verdicts] == ["reject"]
    assert attested.verdicts[0].reasons[0] == "not believed to be played by a person"


def test_what_the_node_said_of_a_failed_window_is_kept():
    story = Story()
    story.people("a")
    outlook = outlook_of(story, "a")
    session = EntryId(bytes(32))
    failed = WindowChanged(session, 1, WindowState.FAILED, None, "Silence.", "Play.")
    (message,) = session_windows(outlook, session, {1: failed})
    assert (message.state, message.why, message.next_step) == ("failed", "Silence.", "Play.")


def test_reasons_name_what_is_missing():
    story = Story()
    people = story.people(*"abc")
    (played,) = story.performed(people[0], people[1:])
    body = played.attestations[0].body
    assert isinstance(body, Attestation)
    verdict = body.verdicts[0]

    def with_metrics(**changes):
        return verdict_reasons(
            PRACTICE, replace(verdict, metrics=replace(verdict.metrics, **changes))
        )

    assert with_metrics(riffs_answered=1)[1] == "1 of 2 riffs answered: 75 % are needed"
    assert with_metrics(riffs_seen=0, riffs_answered=0)[1] == (
        "saw no riff of yours: 75 % are needed"
    )
    assert with_metrics(accuracy_ppm=Ppm(599_999))[2] == "accuracy was 59 %: 60 % are needed"
    assert with_metrics(events=9)[2] == "9 notes were hit: 10 are needed"


def test_only_a_mint_that_took_its_place_is_a_lot():
    story = court()
    mints = [s for s in story.told if isinstance(s.body, Mint)]
    for mint in mints:
        lot = whole_lot(story.ledger, LotId(mint.id))
        assert (lot is not None) == (mint.id in story.ledger.applied)
    assert any(mint.id not in story.ledger.applied for mint in mints)
    assert whole_lot(story.ledger, LotId(bytes(32))) is None


def test_nobody_can_pass_for_you_or_for_another_by_a_name():
    people = [scribe.author(name) for name in "abcde"]
    context = Context(
        PRACTICE,
        NodeSettings(name="Ann"),
        people[0].id,
        people[0].node,
        bytes(32),
        Random(1),
        Story().ledger,
    )
    claimed = [" you\n", "Ben", "ben", ""]
    for who, name in zip(people[1:], claimed, strict=True):
        context.peers[who.node] = Peer(Presence.REMOTE, identity=who.id, name=name)
    names = names_in(context)
    assert [names.of(who.id) for who in people] == [
        "You",
        f"you ({label(people[1].id)})",
        f"Ben ({label(people[2].id)})",
        f"ben ({label(people[3].id)})",
        f"someone ({label(people[4].id)})",
    ]
    assert names.for_others(people[0].id) == "Ann"


def test_a_petname_wins_over_every_claim_and_two_of_one_are_told_apart():
    me, ben, cat, dan, eve = (scribe.author(name) for name in "abcde")
    context = Context(
        PRACTICE, NodeSettings(name="Ann"), me.id, me.node, bytes(32), Random(1), Story().ledger
    )
    for who, name in ((ben, "Drummer"), (cat, "Cat"), (dan, "Dan")):
        context.peers[who.node] = Peer(Presence.REMOTE, identity=who.id, name=name)
    given = {me.id: "Not me", cat.id: "Drummer", dan.id: "Twin", eve.id: "twin"}
    names = names_in(context, petnames=given)
    assert [names.of(who.id) for who in (me, ben, cat, dan, eve)] == [
        "You",
        f"Drummer ({label(ben.id)})",
        "Drummer",
        f"Twin ({label(dan.id)})",
        f"twin ({label(eve.id)})",
    ]


def test_a_batch_of_keys_counts_once_a_session():
    stage, one, other = Stage(), EntryId(bytes(32)), EntryId(bytes([1]) * 32)
    assert [stage.is_new(one, batch) for batch in (1, 2, 2, 1, 3)] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert stage.is_new(other, 1)


def test_one_drives_until_the_end():
    stage, page, other = Stage(), object(), object()
    assert stage.take(page)
    assert not stage.take(other)
    stage.leave(other)
    assert stage.is_closed_to(other)
    stage.note(SessionEnded(EntryId(bytes(32))))
    assert stage.take(other)


@pytest.mark.parametrize(
    ("seconds", "windows", "is_cut"), [(20, 1, False), (38, 1, True), (47, 2, False)]
)
def test_a_chart_is_cut_only_where_more_windows_would_be_played(seconds, windows, is_cut):
    chart = scribe.small_chart(seconds)
    played = cut_to(chart, windows, 20_000_000)
    assert (played != chart) == is_cut
    assert cut_to(chart, None, 20_000_000) == chart
