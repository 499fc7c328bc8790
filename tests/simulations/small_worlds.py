"""A world that is small enough to be lived many times."""

from simulations.world.scenario import Group, Scenario


def small(name: str = "small", count: int = 6, days: int = 12) -> Scenario:
    """Forty townspeople and a ring."""
    return Scenario(
        name,
        "A small town",
        (Group("people", "honest", 40), Group("attack", "ring", count, crew=count)),
        days=days,
        attack_day=4,
        town_size=40,
        venue_size=20,
        observers=3,
    )
