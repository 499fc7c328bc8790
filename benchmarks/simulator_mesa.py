"""The laboratory's townspeople once more, as one writes them with Mesa 3: agents with methods.

The same habits, seats, words, draws, rewards, ratings and acknowledgements as the fast engine has,
with the same tables; only chance is Mesa's own.
"""

from collections import defaultdict
from typing import Final, NamedTuple

import mesa
import numpy as np

from consensus.presence import Presence
from simulations.world.behaviour import TOWNSPERSON
from simulations.world.kernels import PLEASED, PLEASED_SPREAD, WEEK
from simulations.world.law import Law, law_of, quality_of
from simulations.world.plan import SEATS
from simulations.world.rows import BUDGET_DAYS
from simulations.world.scenario import Scenario

MAX_WINDOWS: Final = 30


class Seat(NamedTuple):
    """A candidate of a session."""

    who: "Townsperson"
    presence: int
    is_by_hand: bool


class Townsperson(mesa.Agent):
    """Plays, witnesses and rates."""

    def __init__(self, model: "Town", town: int, venue: int) -> None:
        """A newcomer."""
        super().__init__(model)
        self.town, self.venue = town, venue
        self.drawn: dict[int, set[int]] = defaultdict(set)
        self.rated: dict[int, set[int]] = defaultdict(set)
        self.given: dict[int, float] = defaultdict(float)
        self.returned: dict[int, float] = defaultdict(float)
        self.amount: dict[int, float] = defaultdict(float)
        self.spent = [0.0] * BUDGET_DAYS
        self.praised = [0.0] * BUDGET_DAYS
        self.blocks_today = 0
        self.minted = 0.0

    def rest(self) -> None:
        """A new day."""
        day = self.model.steps % BUDGET_DAYS
        self.blocks_today, self.spent[day], self.praised[day] = 0, 0.0, 0.0

    def live(self) -> None:
        """Whatever this person plays today."""
        for _ in range(self.model.generator.poisson(TOWNSPERSON.sessions_per_week / WEEK)):
            self.play()

    def play(self) -> None:
        """One session."""
        model, does = self.model, TOWNSPERSON
        windows = min(int(model.generator.geometric(1 / does.windows)), MAX_WINDOWS)
        accuracy = min(max(model.random.gauss(does.accuracy, does.accuracy_spread), 0.0), 1.0)
        quality = float(np.interp(accuracy, *model.quality))
        finding = model.random.random()
        is_fine = finding >= does.refuted + does.suspected
        seats = self.seats()
        minted = sum(self.block(seats, quality, is_fine=is_fine) for _ in range(windows))
        if is_fine:
            self.be_rated(seats, minted)
        self.minted += minted

    def seats(self) -> list[Seat]:
        """Who came."""
        model, does = self.model, TOWNSPERSON
        town, venue = self.town, self.venue
        if model.random.random() < does.away:
            if model.random.random() < 0.5:
                town = model.random.randrange(model.towns)
            venue = town * model.venues + model.random.randrange(model.venues)
        found: list[Seat] = []
        seen = {self.unique_id}
        for mean, pool, presence in (
            (does.mates, model.by_venue[venue], Presence.SAME_LINK),
            (does.near, model.by_town[town], Presence.NEAR),
            (does.remote, model.everybody, Presence.REMOTE),
        ):
            for _ in range(min(int(model.generator.poisson(mean)), SEATS - len(found))):
                who = model.random.choice(pool)
                if who.unique_id not in seen:
                    seen.add(who.unique_id)
                    is_by_hand = model.random.random() < does.by_hand
                    found.append(Seat(who, int(presence), is_by_hand))
        return found

    def block(self, seats: list[Seat], quality: float, *, is_fine: bool) -> float:
        """One window: who is drawn, what they say, what it mints."""
        model, law = self.model, self.model.law
        day = model.steps
        index = self.blocks_today
        self.blocks_today += 1
        decay = float(law.daily[index]) if index < len(law.daily) else 0.0
        drawn = model.random.sample(seats, min(law.drawn, len(seats)))
        full = law.block_reward * decay * quality / law.drawn if is_fine and drawn else 0.0
        minted = 0.0
        for seat in drawn:
            who = seat.who
            days = self.drawn[who.unique_id]
            since = day - law.familiarity_days
            familiar = sum(since <= one < day for one in days)
            days.add(day)
            if not is_fine:
                continue
            weight = model.growth * (law.by_hand if seat.is_by_hand else law.by_itself)
            who.given[self.unique_id] += weight
            spent = sum(who.spent)
            who.spent[day % BUDGET_DAYS] += decay
            amount = (
                full
                * float(law.familiarity[familiar])
                * float(law.presence[seat.presence])
                * law.budget
                / (law.budget + spent)
            )
            self.returned[who.unique_id] += model.growth * law.by_itself
            self.amount[who.unique_id] += amount
            minted += amount
        return minted

    def be_rated(self, seats: list[Seat], left: float) -> None:
        """Some of those who heard it rate it."""
        model, law, day = self.model, self.model.law, self.model.steps
        for seat in seats:
            if model.random.random() >= TOWNSPERSON.rates:
                continue
            rater = seat.who
            score = min(max(model.random.gauss(PLEASED, PLEASED_SPREAD), 0.0), 1.0)
            days = self.rated[rater.unique_id]
            since = day - law.familiarity_days
            familiar = sum(since <= one < day for one in days)
            days.add(day)
            spent = sum(rater.praised)
            rater.praised[day % BUDGET_DAYS] += score
            rater.given[self.unique_id] += model.growth * law.by_hand * score
            if familiar < len(law.rating_familiarity):
                amount = (
                    law.rating_reward
                    * score
                    * float(law.presence[seat.presence])
                    * float(law.rating_familiarity[familiar])
                    * law.rating_budget
                    / (law.rating_budget + spent)
                )
                amount = min(amount, left)
                left -= amount
                self.amount[rater.unique_id] += amount
                self.minted += amount


class Town(mesa.Model):
    """Towns of townspeople; a step is a day."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Everybody of a scenario with townspeople only."""
        super().__init__(seed=seed)
        self.generator = np.random.default_rng(seed)
        self.law: Law = law_of(scenario.params)
        accuracy = np.linspace(0.0, 1.0, 1_001)
        self.quality = accuracy, quality_of(accuracy)
        people = sum(group.count for group in scenario.groups)
        self.venues = scenario.venues
        self.towns = max(1, round(people / scenario.town_size))
        places = self.towns * self.venues
        self.by_venue: list[list[Townsperson]] = [[] for _ in range(places)]
        self.by_town: list[list[Townsperson]] = [[] for _ in range(self.towns)]
        self.everybody: list[Townsperson] = []
        for number in range(people):
            venue = number % places
            who = Townsperson(self, venue // self.venues, venue)
            self.by_venue[venue].append(who)
            self.by_town[who.town].append(who)
            self.everybody.append(who)
        self.growth = 1.0

    def step(self) -> None:
        """One day."""
        self.growth = 2.0 ** (self.steps / 30.0)
        self.agents.do("rest")
        self.agents.shuffle_do("live")
