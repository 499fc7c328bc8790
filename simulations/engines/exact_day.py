"""A day by the real law: what a plan says, written as entries and added to a ledger.

Everybody plays from midnight on, one session after another. Late in the evening verdicts are given,
each verifier's under as few signatures as law allows, then blocks are minted, then what was heard
is rated, gathered and reported: a day of a plan is a day of the law. A session without an audience
can't be announced, and nobody plays on into the evening.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from consensus.chart import Chart
from consensus.entries.appreciation import GatheredRating
from consensus.entries.attestation import Decision
from consensus.entries.dispute import Report, ReportReason
from consensus.entries.performance import NamedVerdict
from consensus.entries.transfer import Receive
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.parameters import MAX_VERDICTS, NetworkParams
from consensus.presence import Presence
from consensus.quality import Metrics
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement
from consensus.units import MILLION, Milliseconds, Ppm, day_of
from simulations import crowd_scribe, scribe
from simulations.scribe import GOOD_METRICS, Author, Performance, Said
from simulations.world.plan import ACCEPT, FLAG, REJECT, SEATS, SILENCE, Plan

HOUR_MS: Final = 3_600_000
BREAK_MS: Final = 1_000
"""Between two sessions; a block is written within it."""
PLAY_ENDS_MS: Final = 23 * HOUR_MS
"""Since midnight, as the next ones."""
VERDICTS_MS: Final = PLAY_ENDS_MS + 10 * 60_000
MINTS_MS: Final = VERDICTS_MS + 60_000
RATINGS_MS: Final = MINTS_MS + 60_000
PAGES_MS: Final = RATINGS_MS + 60_000
REPORTS_MS: Final = PAGES_MS + 60_000
RECEIVES_MS: Final = REPORTS_MS + 60_000
DECISIONS: Final = {ACCEPT: Decision.ACCEPT, FLAG: Decision.FLAG, REJECT: Decision.REJECT}
WORTHLESS: Final = frozenset(
    {RejectionReason.NO_QUORUM, RejectionReason.BELOW_FLOOR, RejectionReason.NOT_BELIEVED}
)
"""Why a block mints nothing."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a day is written down."""

    ledger: Ledger
    """What takes it in."""
    authors: Sequence[Author]
    """Everybody, by number."""
    is_receiving: bool
    """Whether verifiers take their shares into their chains: seven more entries for each block,
    which change nothing but who has signed for what."""

    @property
    def params(self) -> NetworkParams:
        """The law."""
        return self.ledger.params

    def add(self, statement: Statement) -> Statement:
        """Takes in an entry that law must like; asserts that it does."""
        scribe.add_all(self.ledger, [statement])
        return statement


class Show(NamedTuple):
    """A session of the day."""

    place: int
    """Its place in the plan."""
    performance: Performance
    """What was announced."""
    blocks: tuple["Sealed", ...]
    """Its windows, in order."""


class Sealed(NamedTuple):
    """A window of the day."""

    place: int
    """The place of its session in the plan."""
    block: Statement
    """What sealed it."""
    drawn: tuple[int, ...]
    """The seats of its verifiers, lowest rank first."""


def carry_out(desk: Desk, plan: Plan, midnight_ms: int) -> list[Show]:
    """Writes down a day; gives its sessions in the order of the plan."""
    shows = _performed(desk, plan, midnight_ms)
    sealed = [block for show in shows for block in show.blocks]
    words = _attested(desk, plan, sealed, midnight_ms + VERDICTS_MS)
    minted = _minted(desk, plan, sealed, words, midnight_ms + MINTS_MS)
    _rated(desk, plan, shows, midnight_ms)
    _reported(desk, plan, sealed, midnight_ms + REPORTS_MS)
    if desk.is_receiving:
        _received(desk, minted, midnight_ms + RECEIVES_MS)
    return shows


def metrics_of(params: NetworkParams, accuracy: float) -> Metrics:
    """What a dense, live window of some accuracy measures."""
    return Metrics(
        events=params.full_density_per_s * params.window_ms // 1_000,
        accuracy_ppm=Ppm(round(accuracy * MILLION)),
        diversity_ppm=GOOD_METRICS.diversity_ppm,
        harmony_ppm=GOOD_METRICS.harmony_ppm,
        riffs_seen=GOOD_METRICS.riffs_seen,
        riffs_answered=GOOD_METRICS.riffs_answered,
    )


@cache
def _chart() -> Chart:
    """What everybody plays; nobody looks at it."""
    return scribe.small_chart(2)


def _performed(desk: Desk, plan: Plan, midnight_ms: int) -> list[Show]:
    free_ms: dict[int, int] = {}
    shows: list[Show] = []
    for place, performer in enumerate(plan.performer.tolist()):
        start_ms = free_ms.get(performer, midnight_ms)
        left_ms = midnight_ms + PLAY_ENDS_MS - start_ms
        windows = min(int(plan.windows[place]), left_ms // desk.params.window_ms)
        if windows > 0 and plan.seats[place, 0] >= 0:
            shows.append(_show(desk, plan, place, start_ms, windows))
            free_ms[performer] = start_ms + windows * desk.params.window_ms + BREAK_MS
    return shows


def _show(desk: Desk, plan: Plan, place: int, start_ms: int, windows: int) -> Show:
    performer = desk.authors[plan.performer[place]]
    seats = [seat for seat in plan.seats[place].tolist() if seat >= 0]
    candidates = [desk.authors[who] for who in seats]
    show = scribe.announce(desk.params, performer, candidates, start_ms, windows, _chart())
    desk.add(show.session)
    seat_of = {candidate.id: seat for seat, candidate in enumerate(candidates)}
    revealed = [seat for seat in range(len(seats)) if plan.shown[place, seat]]
    metrics = metrics_of(desk.params, float(plan.accuracy[place]))
    blocks: list[Sealed] = []
    for window in range(windows):
        index = _blocks_of_day(desk, performer, start_ms)
        log = scribe.unread_log(show, window)
        block = desk.add(scribe.seal(desk.params, show, window, index, revealed, metrics, log))
        drawn = desk.ledger.tips[performer.id][block.id].blocks[block.id].drawn
        blocks.append(Sealed(place, block, tuple(seat_of[who] for who in drawn)))
    return Show(place, show, tuple(blocks))


def _blocks_of_day(desk: Desk, performer: Author, time_ms: int) -> int:
    state = desk.ledger.tips[performer.id][performer.head]
    return state.blocks_on_last_day if state.last_day == day_of(Milliseconds(time_ms)) else 0


def _attested(
    desk: Desk, plan: Plan, sealed: Sequence[Sealed], time_ms: int
) -> dict[EntryId, list[NamedVerdict]]:
    """All verdicts of the day, by block."""
    said: dict[int, list[Said]] = {}
    for place, block, drawn in sealed:
        metrics = metrics_of(desk.params, float(plan.accuracy[place]))
        for seat in drawn:
            if plan.says[place, seat] != SILENCE:
                verifier = int(plan.seats[place, seat])
                said.setdefault(verifier, []).append(_said(plan, place, seat, block, metrics))
    words: dict[EntryId, list[NamedVerdict]] = {}
    for verifier, own in said.items():
        author = desk.authors[verifier]
        for first in range(0, len(own), MAX_VERDICTS):
            some = own[first : first + MAX_VERDICTS]
            word = desk.add(scribe.attest_each(desk.params, author, some, time_ms))
            for position, one in enumerate(some):
                named = NamedVerdict(word.id, position, one.presence)
                words.setdefault(one.block.id, []).append(named)
    return words


def _said(plan: Plan, place: int, seat: int, block: Statement, metrics: Metrics) -> Said:
    return Said(
        block,
        DECISIONS[int(plan.says[place, seat])],
        int(plan.anomaly_ppm[place, seat]),
        metrics,
        Presence(int(plan.presence[place, seat])),
        bool(plan.by_hand[place, seat]),
    )


def _minted(
    desk: Desk,
    plan: Plan,
    sealed: Sequence[Sealed],
    words: Mapping[EntryId, Sequence[NamedVerdict]],
    time_ms: int,
) -> list[Statement]:
    mints: list[Statement] = []
    for place, block, _ in sealed:
        performer = desk.authors[plan.performer[place]]
        named = words.get(block.id, ())
        try:
            mint = scribe.mint_named(desk.ledger, performer, block, named, time_ms)
        except RejectionError as error:
            if error.reason not in WORTHLESS:
                raise
        else:
            mints.append(desk.add(mint))
    return mints


def _rated(desk: Desk, plan: Plan, shows: Sequence[Show], midnight_ms: int) -> None:
    told = [_told(desk, plan, show, midnight_ms + RATINGS_MS) for show in shows]
    for show, ratings in zip(shows, told, strict=True):
        if ratings:
            performer, session = show.performance.performer, show.performance.session
            page = crowd_scribe.page_of(desk.ledger, performer, [session], ratings)
            if page.amount_ujam:
                desk.add(performer.write(desk.params, midnight_ms + PAGES_MS, page))


def _told(desk: Desk, plan: Plan, show: Show, time_ms: int) -> list[GatheredRating]:
    """What the audience of a session says of it."""
    session, found = show.performance.session, []
    for seat in range(SEATS):
        score_ppm = int(plan.scores_ppm[show.place, seat])
        if score_ppm >= 0 and plan.seats[show.place, seat] >= 0:
            rater = desk.authors[plan.seats[show.place, seat]]
            presence = Presence(int(plan.presence[show.place, seat]))
            said = crowd_scribe.opinion(session, score_ppm)
            body = crowd_scribe.rating(desk.ledger, rater, said, time_ms, presence=presence)
            rating = desk.add(rater.write(desk.params, time_ms, body))
            found.append(GatheredRating(rating.id, presence))
    return found


def _reported(desk: Desk, plan: Plan, sealed: Sequence[Sealed], time_ms: int) -> None:
    for place, block, drawn in sealed:
        for seat in drawn:
            if plan.reports[place, seat]:
                reporter = desk.authors[plan.seats[place, seat]]
                report = Report(block.id, ReportReason.NOT_PLAYED_LIVE, None)
                desk.add(reporter.write(desk.params, time_ms, report))


def _received(desk: Desk, mints: Sequence[Statement], time_ms: int) -> None:
    by_id: dict[IdentityId, Author] = {author.id: author for author in desk.authors}
    for mint in mints:
        for holder in desk.ledger.claims[mint.id]:
            desk.add(by_id[holder].write(desk.params, time_ms, Receive(mint.id)))
