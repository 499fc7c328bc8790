"""The exact engine: a world day by day by the real law, everything a signed entry in a ledger.

A block takes it some two milliseconds, hundreds of times what the fast one needs, so it is for
hundreds of people: what they come to by the fast engine is held against it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from consensus.ledger import Ledger
from consensus.units import MILLISECONDS_PER_DAY, Milliseconds
from simulations import scribe
from simulations.engines import fast
from simulations.engines.exact_day import Desk, Show, carry_out
from simulations.scribe import Author
from simulations.stories import FIRST_MS
from simulations.world.people import People
from simulations.world.plan import REJECT, Plan
from simulations.world.planning import Planner
from simulations.world.rows import State
from simulations.world.scenario import Scenario

NAMED_SO: Final = "exact"
"""What keys are derived from besides the seed and the number of a person."""


@dataclass(slots=True)
class ExactWorld:
    """A world while it runs."""

    scenario: Scenario
    """What it was made from."""
    people: People
    """Who lives there."""
    planner: Planner
    """What they do."""
    ledger: Ledger
    """What came of it."""
    authors: Sequence[Author]
    """Everybody's pen, by number."""
    state: State
    """What results need besides: windows, refused and minted; the rest stays empty."""
    is_receiving: bool = False
    """Whether verifiers' shares are received."""
    day: int = 0
    """The next day."""

    @property
    def now_ms(self) -> Milliseconds:
        """When the next day begins."""
        return midnight_ms(self.day)


Watch = Callable[[ExactWorld], None]
"""Looks at the world after a day."""


def midnight_ms(day: int) -> Milliseconds:
    """When a day of a world begins."""
    return Milliseconds(FIRST_MS + day * MILLISECONDS_PER_DAY)


def exact_world_of(scenario: Scenario, seed: int, *, is_receiving: bool = False) -> ExactWorld:
    """A world before its first day, with the people of the fast engine's.

    Raises KeyError for a strategy that there is not.
    """
    same = fast.world_of(scenario, seed)
    authors = [scribe.author(f"{NAMED_SO} {seed} {number}") for number in range(len(same.people))]
    ledger = Ledger(scenario.params)
    return ExactWorld(
        scenario, same.people, same.planner, ledger, authors, same.state, is_receiving
    )


def live_exactly(world: ExactWorld) -> list[Show]:
    """Lets one day pass; gives its sessions in the order of the plan."""
    return carry_out_exactly(world, world.planner.plan(world.day))


def carry_out_exactly(world: ExactWorld, plan: Plan) -> list[Show]:
    """Lets one day of this plan pass."""
    desk = Desk(world.ledger, world.authors, world.is_receiving)
    for number in (world.people.born == world.day).nonzero()[0].tolist():
        desk.add(scribe.begin(desk.params, world.authors[number], world.now_ms))
    shows = carry_out(desk, plan, world.now_ms)
    if world.day >= world.scenario.attack_day:
        _note(world, plan, shows)
    world.day += 1
    return shows


def run_exactly(scenario: Scenario, seed: int, watch: Watch | None = None) -> ExactWorld:
    """A whole run; `watch` is called after each day."""
    world = exact_world_of(scenario, seed)
    while world.day < scenario.days:
        live_exactly(world)
        if watch is not None:
            watch(world)
    return world


def _note(world: ExactWorld, plan: Plan, shows: Sequence[Show]) -> None:
    """What results need of a day."""
    for show in shows:
        performer = plan.performer[show.place]
        world.state.windows[performer] += len(show.blocks)
        says = plan.says[show.place, : len(show.performance.candidates)]
        world.state.refused[performer] += 2 * (says == REJECT).sum() > len(says)
        session = show.performance.session
        state = world.ledger.tips[session.entry.author][show.performance.performer.head]
        rated = state.concerts.get(session.id)
        praised = rated.rated_ujam if rated is not None else 0
        world.state.minted[performer] += state.minted_ujam.get(session.id, 0) + praised
