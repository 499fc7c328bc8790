"""Sessions and blocks that break a rule: the reason is named, and nothing changes."""

from dataclasses import replace

import pytest

from consensus.chain import ChainState, check_follows
from consensus.chart import Chart
from consensus.entries.chains import Profile
from consensus.entries.performance import Block, Session
from consensus.entry import Entry
from consensus.identifiers import NO_ENTRY, ChartId, EntryId, IdentityId
from consensus.ledger import Applied
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement, stated
from consensus.units import MILLISECONDS_PER_DAY, Milliseconds, Ppm
from simulations import scribe
from simulations.scribe import Author, Performance
from simulations.stories import Story
from tests.consensus.conftest import Refuse, TurnDown

CHART = scribe.small_chart(20)
PROFILE = Profile(None, is_automated=False)


@pytest.fixture
def people(story: Story) -> tuple[Author, ...]:
    return story.people("ann", "ben", "cat", "dan")


def announced(story: Story, people: tuple[Author, ...], windows: int = 3) -> Performance:
    show = scribe.announce(story.params, people[0], people[1:], story.tick(), windows, CHART)
    story.tell(show.session)
    return show


def draft(story: Story, people: tuple[Author, ...]) -> Session:
    """A session that would be valid if it were written now."""
    performer = scribe.restored(people[0])
    show = scribe.announce(story.params, performer, people[1:], story.now_ms + 5_000, 3, CHART)
    assert isinstance(show.session.body, Session)
    return show.session.body


def sealed(story: Story, show: Performance, window: int = 0, day_index: int = 0) -> Statement:
    """A valid seal of a window, by a performer who goes on as if it had not been."""
    copy = replace(show, performer=scribe.restored(show.performer))
    return scribe.seal(story.params, copy, window, day_index)


def changed(
    story: Story, show: Performance, time_ms: int | None = None, **fields: object
) -> Statement:
    """The seal of window 0 with some fields changed."""
    good = sealed(story, show)
    assert isinstance(good.body, Block)
    written_ms = good.entry.time_ms if time_ms is None else time_ms
    body = replace(good.body, **fields)  # type: ignore[arg-type]
    return scribe.restored(show.performer).write(story.params, written_ms, body)


def applied(story: Story, statement: Statement) -> bool:
    return [type(change) for change in story.ledger.add(statement)] == [Applied]


def test_a_chain_begins_with_a_profile(story: Story, turn_down: TurnDown) -> None:
    stranger = scribe.author("stranger")
    candidates = story.people("ann", "ben")
    show = scribe.announce(story.params, stranger, candidates, story.tick(), 1, CHART)
    assert turn_down(story, show.session) is RejectionReason.BROKEN_CHAIN


def test_a_number_that_skips_breaks_the_chain(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    ann = scribe.restored(people[0])
    ann.number += 1
    written = ann.write(story.params, story.tick(), PROFILE)
    assert turn_down(story, written) is RejectionReason.BROKEN_CHAIN


def test_nobody_goes_on_from_somebody_elses_entry(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    thief = replace(people[0], head=people[1].head)
    written = thief.write(story.params, story.tick(), PROFILE)
    assert turn_down(story, written) is RejectionReason.BROKEN_CHAIN


@pytest.mark.parametrize(("number", "prev"), [(1, NO_ENTRY), (0, None)])
def test_only_number_0_has_nothing_before_it(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown, number: int, prev: EntryId | None
) -> None:
    head = people[0].head if prev is None else prev
    odd = replace(people[0], number=number - 1, head=head)
    written = odd.write(story.params, story.tick(), PROFILE)
    assert turn_down(story, written) is RejectionReason.BROKEN_CHAIN


def test_what_follows_a_broken_entry_is_broken_too(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    ann = replace(people[0], number=people[0].number + 1)
    assert turn_down(story, ann.write(story.params, story.tick(), PROFILE))
    written = ann.write(story.params, story.tick(), PROFILE)
    assert turn_down(story, written) is RejectionReason.BROKEN_DEPENDENCY


def test_time_never_runs_backwards_along_a_chain(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    earlier = people[0].write(story.params, story.now_ms - 1, PROFILE)
    assert turn_down(story, earlier) is RejectionReason.TIME_RUNS_BACKWARDS


def test_nothing_is_older_than_what_it_names(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    show = announced(story, people)
    block = sealed(story, show)
    story.tell(block)
    early = scribe.attest(story.params, people[1], [block], block.entry.time_ms - 1)
    assert turn_down(story, early) is RejectionReason.TIME_RUNS_BACKWARDS


def test_a_version_never_falls_along_a_chain() -> None:
    state = ChainState(IdentityId(bytes(32)), EntryId(b"h" * 32), 4, version=2)
    entry = Entry(
        1, "main", state.author, 5, state.head, (), Milliseconds(9), "profile", (b"", 0)
    )  # fmt: skip
    with pytest.raises(RejectionError) as caught:
        check_follows(state, entry, ())
    assert caught.value.reason is RejectionReason.VERSION_FELL
    check_follows(state, replace(entry, version=3), ())


@pytest.mark.parametrize(("version", "kind"), [(1, "haiku"), (2, "profile")])
def test_what_is_not_understood_waits_and_so_does_what_follows(
    story: Story, people: tuple[Author, ...], version: int, kind: str
) -> None:
    ann = people[0]
    digest = story.ledger.digest()
    now_ms = Milliseconds(story.tick())
    unknown = Entry(
        version, story.params.name, ann.id, 1, ann.head, (), now_ms, kind, (b"", 0)
    )  # fmt: skip
    first = stated(scribe.sealed(unknown, bytes(64)))
    ann.head, ann.number = first.id, 1
    second = ann.write(story.params, story.tick(), PROFILE)
    story.tell(second, first)
    assert story.ledger.digest() == digest
    assert set(story.ledger.waiting) == {first.id, second.id}
    assert story.ledger.missing == frozenset()
    story.ledger.drop(first.id)
    assert (story.ledger.waiting, story.ledger.missing) == ((second.id,), {first.id})


def test_a_session_nonce_is_used_once(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    announced(story, people)
    people[0].nonces -= 1
    body = draft(story, people)
    assert refuse(story, people[0], body) is RejectionReason.NONCE_USED_TWICE


@pytest.mark.parametrize(
    "fields",
    [
        {"nonce": bytes(16)},
        {"performer_node": bytes(32)},
    ],
)
def test_an_opening_for_another_session_is_bad(
    story: Story, people: tuple[Author, ...], refuse: Refuse, fields: dict[str, bytes]
) -> None:
    body = replace(draft(story, people), **fields)  # type: ignore[arg-type]
    assert refuse(story, people[0], body) is RejectionReason.BAD_OPENING


@pytest.mark.parametrize("field", ["candidate_node", "anchor", "signature"])
def test_an_opening_that_was_changed_is_bad(
    story: Story, people: tuple[Author, ...], refuse: Refuse, field: str
) -> None:
    body = draft(story, people)
    size = 64 if field == "signature" else 32
    forged = replace(body.openings[0], **{field: bytes(size)})  # type: ignore[arg-type]
    body = replace(body, openings=(forged, *body.openings[1:]))
    assert refuse(story, people[0], body) is RejectionReason.BAD_OPENING


def test_an_opening_serves_no_other_performer(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    body = draft(story, people)
    body = replace(body, openings=body.openings[1:])
    assert refuse(story, people[1], body) is RejectionReason.BAD_OPENING


def test_a_candidate_is_named_once(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    body = draft(story, people)
    body = replace(body, openings=(*body.openings, body.openings[0]))
    assert refuse(story, people[0], body) is RejectionReason.DUPLICATE


def test_who_performs_does_not_witness(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    alone = replace(people[0], number=people[0].number)
    show = scribe.announce(story.params, alone, people[:2], story.tick() + 5_000, 1, CHART)
    assert isinstance(show.session.body, Session)
    reason = refuse(story, people[0], show.session.body)
    assert reason is RejectionReason.CANDIDATE_IS_PERFORMER
    half = Ppm(500_000)
    jam = replace(draft(story, people), performers=((people[0].id, half), (people[2].id, half)))
    assert refuse(story, people[0], jam) is RejectionReason.CANDIDATE_IS_PERFORMER


@pytest.mark.parametrize(
    "shares", [(("ann", 999_999),), (("ann", 500_000), ("ann", 500_000)), (("zoe", 1_000_000),)]
)
def test_the_shares_of_a_jam_make_one_whole(
    story: Story,
    people: tuple[Author, ...],
    refuse: Refuse,
    shares: tuple[tuple[str, int], ...],
) -> None:
    performers = tuple((scribe.author(name).id, Ppm(share)) for name, share in shares)
    body = replace(draft(story, people), performers=performers)
    assert refuse(story, people[0], body) is RejectionReason.BAD_SHARES


@pytest.mark.parametrize("tags", [("b", "a"), ("a", "a")])
def test_tags_have_one_order(
    story: Story, people: tuple[Author, ...], refuse: Refuse, tags: tuple[str, ...]
) -> None:
    body = replace(draft(story, people), tags=tags)
    assert refuse(story, people[0], body) is RejectionReason.DUPLICATE


def test_a_session_is_announced_before_it_starts_and_soon(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    body = draft(story, people)
    late = replace(body, start_ms=Milliseconds(story.now_ms))
    assert refuse(story, people[0], late) is RejectionReason.TOO_LATE
    ahead_ms = story.params.start_ahead_ms
    early = replace(body, start_ms=Milliseconds(story.now_ms + 1_000 + ahead_ms + 1))
    assert refuse(story, people[0], early) is RejectionReason.TOO_EARLY


def test_a_block_seals_a_session_of_its_own_chain(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    show = announced(story, people)
    good = sealed(story, show)
    assert good.body is not None
    stolen = scribe.restored(people[1]).write(story.params, good.entry.time_ms, good.body)
    assert turn_down(story, stolen) is RejectionReason.UNKNOWN_SESSION
    assert applied(story, good)


BAD_BLOCKS = {
    "another chart": (RejectionReason.WRONG_CHART, {"chart": ChartId(bytes(32))}),
    "a window beyond the last": (RejectionReason.WRONG_WINDOW, {"window": 3}),
    "less than half a window": (RejectionReason.WRONG_WINDOW, {"duration_ms": 9_999}),
    "more than a window": (RejectionReason.WRONG_WINDOW, {"duration_ms": 20_001}),
    "a later window, now": (RejectionReason.TOO_EARLY, {"window": 1}),
    "an index of the day too high": (RejectionReason.WRONG_DAY_INDEX, {"day_index": 1}),
}


@pytest.mark.parametrize("name", BAD_BLOCKS)
def test_bad_blocks_are_named(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown, name: str
) -> None:
    reason, fields = BAD_BLOCKS[name]
    show = announced(story, people)
    assert turn_down(story, changed(story, show, **fields)) is reason


def test_a_block_is_sealed_within_ten_seconds_of_its_end(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    show = announced(story, people)
    end_ms = show.start_ms + story.params.window_ms
    assert turn_down(story, changed(story, show, end_ms - 1)) is RejectionReason.TOO_EARLY
    late = end_ms + story.params.block_deadline_ms
    assert turn_down(story, changed(story, show, late + 1)) is RejectionReason.TOO_LATE
    assert applied(story, changed(story, show, late))


def test_half_a_window_is_the_last_of_its_session(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    show = announced(story, people)
    half = changed(story, show, show.start_ms + 10_000, duration_ms=10_000)
    assert applied(story, half)
    show.performer.head, show.performer.number = half.id, half.entry.number
    assert turn_down(story, sealed(story, show, 1, 1)) is RejectionReason.WRONG_WINDOW


def test_windows_never_overlap(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    one, other = announced(story, people), announced(story, people)
    scribe.add_all(story.ledger, [scribe.seal(story.params, one, 0, 0)])
    again = changed(story, one, day_index=1)
    assert turn_down(story, again) is RejectionReason.OVERLAPPING_WINDOWS
    crossing = changed(story, other, day_index=1)
    assert turn_down(story, crossing) is RejectionReason.OVERLAPPING_WINDOWS


def test_windows_may_be_left_out(story: Story, people: tuple[Author, ...]) -> None:
    show = announced(story, people)
    assert applied(story, scribe.seal(story.params, show, 0, 0))
    assert applied(story, scribe.seal(story.params, show, 2, 1))


def test_the_day_of_a_block_is_that_of_its_beginning(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    story.now_ms += MILLISECONDS_PER_DAY - 31_000
    show = announced(story, people)
    assert (show.start_ms + 2 * 20_000) % MILLISECONDS_PER_DAY == 10_000
    scribe.add_all(story.ledger, [scribe.seal(story.params, show, 0, 0)])
    scribe.add_all(story.ledger, [scribe.seal(story.params, show, 1, 1)])
    assert turn_down(story, sealed(story, show, 2, 2)) is RejectionReason.WRONG_DAY_INDEX
    scribe.add_all(story.ledger, [scribe.seal(story.params, show, 2, 0)])
    state = story.ledger.state(people[0].id)
    assert state is not None
    assert [record.day_index for record in state.blocks.values()] == [0, 1, 0]


def test_tickets_match_their_openings(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    show = announced(story, people)
    tickets = [(p, chain[0]) for p, chain in enumerate(show.tickets)]
    first, second, third = tickets
    for wrong in (
        ((0, bytes(32)), second),
        ((0, show.tickets[0][1]), second),
        ((0, second[1]), (1, first[1])),
        (second, first),
        (first, first),
        (first, (3, third[1])),
    ):
        bad = changed(story, show, tickets=wrong)
        assert turn_down(story, bad) is RejectionReason.BAD_TICKET
    assert applied(story, changed(story, show, tickets=(first, third)))


def test_a_ticket_is_checked_against_the_last_one_seen(
    story: Story, people: tuple[Author, ...], turn_down: TurnDown
) -> None:
    show = announced(story, people)
    scribe.add_all(story.ledger, [scribe.seal(story.params, show, 0, 0, revealed=[0])])
    good = sealed(story, show, 2, 1)
    assert isinstance(good.body, Block)
    stale = replace(good.body, tickets=((0, show.tickets[0][1]),))
    written = scribe.restored(people[0]).write(story.params, good.entry.time_ms, stale)
    assert turn_down(story, written) is RejectionReason.BAD_TICKET
    assert applied(story, good)


def test_a_chart_of_nothing_still_has_an_id() -> None:
    assert len(Chart("", "", 4, CHART.timing, ()).id) == 32
