"""All that is compiled: a day is planned, and carried out by the law of reward.

One file, because the compiler keeps what it made until *this* file changes: helpers elsewhere could
change unnoticed. The law's half says for whole days what `consensus.reward` and its rulebooks say
of single entries; tests hold the two against each other. Chance is SplitMix64 (Steele, Lea and
Flood 2014): everybody's day has a stream of its own, whoever else lives in the world. Pairs are
found by linear probing (Knuth, The Art of Computer Programming 3, 6.4, algorithm L).
"""

import math
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from consensus.parameters import MAX_WINDOWS
from consensus.presence import Presence
from consensus.units import MILLION
from simulations.world.ground import Ground, Pool
from simulations.world.plan import ACCEPT, FLAG, REJECT, SEATS, SILENCE, Chance, Plan, Session
from simulations.world.rows import BUDGET_DAYS, FREE, REMEMBERED_DAYS, Books, Numbers, Pairs

ATTEMPTS: Final = 4
"""Whoever is drawn for a second seat is drawn anew, so often."""
FLAGGED_PPM, CLEAN_PPM = 600_000, 100_000
"""What detectors state of a suspicious play, and of a fine one."""
PLEASED, PLEASED_SPREAD = 0.75, 0.15
"""Mean and standard deviation of an honest rating's score."""
WEEK: Final = 7
PLANNING, DRAWING = 1, 2

SAYS_ACCEPT, SAYS_REJECT, SAYS_SILENT = 1.0, 2.0, 3.0
REMOTE, NEAR, SAME_LINK = (int(one) for one in Presence)
STEP: Final = np.uint64(0x9E3779B97F4A7C15)
FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
SECOND: Final = np.uint64(0x94D049BB133111EB)
UNIT: Final = 1.0 / 9007199254740992.0


@njit(cache=True)
def fill(plan: Plan, ground: Ground, order: Numbers, day: int, seed: int) -> int:
    """Plans a day in this order of people; gives how many sessions, as far as there is room."""
    count, room = 0, len(plan.performer)
    seen = np.full(len(ground.doing), -1, np.int64)
    for person in order:
        does = ground.behaviours[ground.doing[person]]
        chance = _stream(seed, day, person, PLANNING)
        evenings = _poisson(chance, does.sessions_per_week / does.sessions_per_evening / WEEK)
        for _ in range(evenings):
            for number in range(_geometric(chance, does.sessions_per_evening)):
                if count == room:
                    return count
                if number == 0:
                    _play(plan, count, ground, person, seen, chance)
                else:
                    _play_on(plan, count, does.windows, chance)
                count += 1
    return count


@njit(cache=True)
def _play(plan: Plan, s: int, ground: Ground, person: int, seen: Numbers, chance: Chance) -> None:
    does, crew = ground.behaviours[ground.doing[person]], ground.crew[person]
    plan.performer[s] = person
    plan.windows[s] = min(_geometric(chance, does.windows), MAX_WINDOWS)
    accuracy = does.accuracy + does.accuracy_spread * _normal(chance)
    plan.accuracy[s] = min(max(accuracy, 0.0), 1.0)
    finding = _uniform(chance)
    is_crews = _uniform(chance) < does.crew_share and crew >= 0
    venue, town = ground.home[person], ground.town[person]
    if _uniform(chance) < does.away:
        if _uniform(chance) < 0.5:
            town = _below(chance, len(ground.by_town.start) - 1)
        venue = town * ground.venues + _below(chance, ground.venues)
    seen[person], at = s, Session(plan, s, seen, chance)
    seat, opens = 0, 1.0
    if is_crews:
        opens = does.crew_open
        wanted = min(_poisson(chance, does.crew_seats), SEATS)
        if does.is_one_way > 0:
            seat = _follow(at, wanted, person, ground.by_crew, crew)
        else:
            seat = _seat(at, 0, wanted, REMOTE, ground.by_crew, crew)
    mates = _poisson(chance, does.mates * opens)
    around = _poisson(chance, does.near * opens)
    afar = _poisson(chance, does.remote * opens)
    seat = _seat(at, seat, mates, SAME_LINK, ground.by_venue, venue)
    seat = _seat(at, seat, around, NEAR, ground.by_town, town)
    seat = _seat(at, seat, afar, REMOTE, ground.anywhere, 0)
    for place in range(seat):
        _speak(plan, s, place, finding, ground, chance)


@njit(cache=True)
def _play_on(plan: Plan, s: int, windows: float, chance: Chance) -> None:
    """Another session before the audience of the last one, who rate an evening once."""
    plan.performer[s], plan.accuracy[s] = plan.performer[s - 1], plan.accuracy[s - 1]
    plan.windows[s] = min(_geometric(chance, windows), MAX_WINDOWS)
    plan.seats[s], plan.presence[s] = plan.seats[s - 1], plan.presence[s - 1]
    plan.says[s], plan.anomaly_ppm[s] = plan.says[s - 1], plan.anomaly_ppm[s - 1]
    plan.by_hand[s], plan.shown[s] = plan.by_hand[s - 1], plan.shown[s - 1]


@njit(cache=True)
def _seat(at: Session, seat: int, wanted: int, presence: int, pool: Pool, where: int) -> int:
    """Seats up to `wanted` people of a place; gives the next free seat."""
    if where >= len(pool.start) - 1:
        return seat
    first, size = pool.start[where], pool.start[where + 1] - pool.start[where]
    for _ in range(min(wanted, SEATS - seat) if size else 0):
        for _attempt in range(ATTEMPTS):
            candidate = pool.members[first + _below(at.chance, size)]
            if at.seen[candidate] != at.s:
                at.seen[candidate] = at.s
                at.plan.seats[at.s, seat] = candidate
                at.plan.presence[at.s, seat] = presence
                seat += 1
                break
    return seat


@njit(cache=True)
def _follow(at: Session, wanted: int, person: int, pool: Pool, crew: int) -> int:
    """Seats those who come next in a circle; at most half of it, so that nobody returns it."""
    first, size = pool.start[crew], pool.start[crew + 1] - pool.start[crew]
    own, seat = np.searchsorted(pool.members[first : first + size], person), 0
    for step in range(1, min(wanted, (size - 1) // 2) + 1):
        candidate = pool.members[first + (own + step) % size]
        at.seen[candidate] = at.s
        at.plan.seats[at.s, seat] = candidate
        at.plan.presence[at.s, seat] = REMOTE
        seat += 1
    return seat


@njit(cache=True)
def _speak(plan: Plan, s: int, place: int, finding: float, ground: Ground, chance: Chance) -> None:
    """What one candidate would say; `finding` in [0, 1) is what detectors make of the play."""
    speaker, performer = plan.seats[s, place], plan.performer[s]
    does = ground.behaviours[ground.doing[speaker]]
    played = ground.behaviours[ground.doing[performer]]
    is_crews = ground.crew[speaker] >= 0 and ground.crew[speaker] == ground.crew[performer]
    says = does.says_of_crew if is_crews else does.says
    said, anomaly_ppm = ACCEPT, CLEAN_PPM
    if says == SAYS_SILENT:
        said, anomaly_ppm = SILENCE, MILLION
    elif says == SAYS_ACCEPT:
        anomaly_ppm = 0
    elif says == SAYS_REJECT or finding < played.refuted:
        said, anomaly_ppm = REJECT, MILLION
    elif finding < played.refuted + played.suspected:
        said, anomaly_ppm = FLAG, FLAGGED_PPM
    plan.says[s, place] = said
    plan.anomaly_ppm[s, place] = anomaly_ppm
    plan.by_hand[s, place] = _uniform(chance) < does.by_hand
    if is_crews and played.claims_link > 0:
        plan.presence[s, place] = SAME_LINK
    plan.shown[s, place] = is_crews or _uniform(chance) >= played.withholds
    rates = does.rates_crew if is_crews else does.rates
    if _uniform(chance) < rates and said == ACCEPT:
        score = min(max(PLEASED + PLEASED_SPREAD * _normal(chance), 0.0), 1.0)
        plan.scores_ppm[s, place] = MILLION if says == SAYS_ACCEPT else np.int32(score * MILLION)
    plan.reports[s, place] = not is_crews and _uniform(chance) < does.reports


@njit(cache=True)
def carry_out(plan: Plan, quality: NDArray[np.float64], books: Books) -> None:
    """Carries out a day's plan; `quality` is that of each session, shape (s,)."""
    law, today, state = books.law, books.today, books.state
    drawn, shown = np.empty(law.drawn, np.int64), np.empty(SEATS, np.int64)
    for s in range(len(plan.performer)):
        performer = plan.performer[s]
        opened, revealed, refused = 0, 0, 0
        while opened < SEATS and plan.seats[s, opened] >= 0:
            if plan.shown[s, opened]:
                shown[revealed] = opened
                revealed += 1
            refused += plan.says[s, opened] == REJECT
            opened += 1
        chance = _stream(today.seed, today.day, s, DRAWING)
        count, minted = min(law.drawn, revealed), 0.0
        for _ in range(plan.windows[s]):
            for i in range(count):
                j = i + _below(chance, revealed - i)
                shown[i], shown[j] = shown[j], shown[i]
                drawn[i] = shown[i]
            pays = quality[s] * revealed / max(opened, 1)
            minted += _block(plan, s, drawn[:count], pays, books)
        if today.is_measured:
            state.windows[performer] += plan.windows[s]
            state.minted[performer] += minted
            state.refused[performer] += 2 * refused > opened
        _rate(plan, s, minted, books)


@njit(cache=True)
def _block(plan: Plan, s: int, drawn: Numbers, pays: float, books: Books) -> float:
    """Seals, judges and mints one window; gives what it mints, in uJAM."""
    law, today, pairs, state = books
    performer, people = np.int64(plan.performer[s]), len(state.blocks_today)
    index = state.blocks_today[performer]
    state.blocks_today[performer] += 1
    decay = law.daily[index] if index < len(law.daily) else 0.0
    full = law.block_reward * decay * pays * _tier(plan, s, drawn, books)
    full /= max(len(drawn), 1) if law.is_divided_by_drawn else law.drawn
    if law.clique > 0:
        full *= 1.0 - law.clique * _acquainted(plan, s, drawn, books)
    minted = 0.0
    for place in drawn:
        verifier, said = np.int64(plan.seats[s, place]), plan.says[s, place]
        row = pairs[_row(books, performer * people + verifier)]
        familiar = _ones(row.drawn, law.familiarity_days)
        row.drawn |= np.uint32(1)
        weight = today.growth * (law.by_hand if plan.by_hand[s, place] else law.by_itself)
        if said == REJECT:
            row.against += weight
        if plan.reports[s, place]:
            row.against += today.growth * law.by_hand
        if full > 0 and said != SILENCE:
            row.returned += today.growth * law.by_itself
        if said == ACCEPT:
            row.given += weight
            fades = law.familiarity[min(familiar, len(law.familiarity) - 1)]
            amount = full * fades * law.presence[plan.presence[s, place]] * law.budget
            amount /= law.budget + state.spent_week[verifier]
            state.spent[verifier, today.day % BUDGET_DAYS] += decay
            state.spent_week[verifier] += decay
            row.played += amount * today.is_measured
            minted += amount
    return minted


@njit(cache=True)
def _tier(plan: Plan, s: int, drawn: Numbers, books: Books) -> float:
    """What share of its reward a block pays: 0 without a quorum, above a floor, by anomaly."""
    law, count = books.law, len(drawn)
    accepting, doubting, disbelieving = 0, 0, 0
    for place in drawn:
        said = plan.says[s, place]
        anomaly_ppm = plan.anomaly_ppm[s, place] if said != SILENCE else MILLION
        accepting += said == ACCEPT
        doubting += anomaly_ppm >= law.suspicious_ppm
        disbelieving += anomaly_ppm >= law.unbelievable_ppm
    upper_half = count - count // 2
    is_short = count == 0 or 3 * accepting < 2 * count or plan.accuracy[s] < law.floor
    if is_short or disbelieving >= upper_half:
        return 0.0
    return 0.5 if doubting >= upper_half else 1.0


@njit(cache=True)
def _acquainted(plan: Plan, s: int, drawn: Numbers, books: Books) -> float:
    """The share of pairs among the drawn of whom one was drawn for the other lately."""
    people, known = len(books.state.blocks_today), 0
    for i in range(len(drawn)):
        for j in range(i):
            one, other = np.int64(plan.seats[s, drawn[i]]), np.int64(plan.seats[s, drawn[j]])
            known += _met(books, one * people + other) or _met(books, other * people + one)
    return known / max(len(drawn) * (len(drawn) - 1) / 2, 1.0)


@njit(cache=True)
def _met(books: Books, key: Any) -> bool:
    row = books.pairs[_find(books.pairs, key + 1)]
    elapsed = min(books.today.day - row.day, REMEMBERED_DAYS)
    return _ones(np.int64(row.drawn) << elapsed, books.law.familiarity_days) > 0


@njit(cache=True)
def _rate(plan: Plan, s: int, left: float, books: Books) -> None:
    """Ratings of a session; together they mint no more than `left`, which its blocks did."""
    law, today, pairs, state = books
    performer, people = np.int64(plan.performer[s]), len(state.blocks_today)
    for place in range(SEATS):
        if plan.scores_ppm[s, place] < 0 or plan.seats[s, place] < 0:
            continue
        rater, score = np.int64(plan.seats[s, place]), plan.scores_ppm[s, place] / MILLION
        at = _row(books, performer * people + rater)
        familiar = _ones(pairs[at].rated, law.familiarity_days)
        pairs[at].rated |= 1
        spent = state.praised[rater].sum()
        state.praised[rater, today.day % BUDGET_DAYS] += score
        pairs[at].given += today.growth * law.by_hand * score
        if familiar < len(law.rating_familiarity):
            amount = (
                law.rating_reward
                * score
                * law.presence[plan.presence[s, place]]
                * law.rating_familiarity[familiar]
                * law.rating_budget
                / (law.rating_budget + spent)
            )
            amount = min(amount, left)
            left -= amount
            pairs[at].praised += amount * today.is_measured
            state.minted[performer] += amount * today.is_measured


@njit(cache=True)
def _row(books: Books, key: Any) -> Any:
    """The place of a pair, which is made where there is none, with bits as of today."""
    pairs, day = books.pairs, books.today.day
    at = _find(pairs, key + 1)
    if pairs[at].key == FREE:
        pairs[at].key, pairs[at].day = key + 1, day
        books.state.rows[0] += 1
    elapsed = day - pairs[at].day
    if elapsed > 0:
        step = min(elapsed, REMEMBERED_DAYS)
        pairs[at].drawn = np.uint32(np.int64(pairs[at].drawn) << step)
        pairs[at].rated = np.uint32(np.int64(pairs[at].rated) << step)
        pairs[at].day = day
    return at


@njit(cache=True)
def _ones(bits: Any, days: int) -> int:
    """How many of some days before today are marked."""
    bits = (np.int64(bits) >> 1) & ((np.int64(1) << days) - 1)
    count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


@njit(cache=True)
def _find(pairs: Pairs, key: int) -> Any:
    place = np.int64(_mixed(np.uint64(key)) & np.uint64(len(pairs) - 1))
    while pairs[place].key != FREE and pairs[place].key != key:
        place = (place + 1) & (len(pairs) - 1)
    return place


@njit(cache=True)
def move(old: Pairs, day: int, least: float, fresh: Pairs) -> int:
    """Copies what still says something into a table with room for it; gives how much."""
    count = 0
    for place in range(len(old)):
        row = old[place]
        is_fresh = row.key != FREE and row.day > day - REMEMBERED_DAYS
        is_known = max(row.given, row.returned, row.against) > least
        if is_fresh or is_known or row.played + row.praised > 0:
            fresh[_find(fresh, row.key)] = row
            count += 1
    return count


@njit(cache=True)
def _mixed(value: Any) -> Any:
    value = (value ^ (value >> np.uint64(30))) * FIRST
    value = (value ^ (value >> np.uint64(27))) * SECOND
    return value ^ (value >> np.uint64(31))


@njit(cache=True)
def _stream(seed: int, day: int, person: int, purpose: int) -> Chance:
    chance = np.empty(1, np.uint64)
    key = _mixed(_mixed(np.uint64(seed) + STEP) ^ _mixed(np.uint64(day) + STEP))
    key = _mixed(key ^ _mixed(np.uint64(person) + STEP))
    chance[0] = _mixed(key ^ _mixed(np.uint64(purpose) + STEP))
    return chance


@njit(cache=True)
def _uniform(chance: Chance) -> Any:
    """A number in [0, 1)."""
    chance[0] += STEP
    return (_mixed(chance[0]) >> np.uint64(11)) * UNIT


@njit(cache=True)
def _below(chance: Chance, bound: int) -> Any:
    return np.int64(_uniform(chance) * bound)


@njit(cache=True)
def _poisson(chance: Chance, mean: float) -> int:
    """A Poisson number of a small mean (Knuth, The Art of Computer Programming 2, 3.4.1)."""
    least, product, count = math.exp(-mean), _uniform(chance), 0
    while product > least:
        product *= _uniform(chance)
        count += 1
    return count


@njit(cache=True)
def _geometric(chance: Chance, mean: float) -> Any:
    """A geometric number of at least 1."""
    if mean <= 1.0:
        return 1
    return 1 + np.int64(math.log(1.0 - _uniform(chance)) / math.log(1.0 - 1.0 / mean))


@njit(cache=True)
def _normal(chance: Chance) -> Any:
    """A standard normal number (Box and Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - _uniform(chance)))
    return radius * math.cos(2.0 * math.pi * _uniform(chance))
