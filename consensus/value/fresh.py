"""Fresh coins: value fades with a coin's age. The plug-in that comes with popd, and an example."""

from typing import Final

from consensus.units import MILLISECONDS_PER_DAY
from consensus.value.plugins import Judgement, PluginView

HALF_LIFE_DAYS: Final = 90.0
"""Where the policy names none."""


def fresh_coins(view: PluginView) -> Judgement:
    """Half the value is left after `half_life_days`; raises ValueError where that is no time."""
    half_life_days = float(view.parameters.get("half_life_days", HALF_LIFE_DAYS))
    if not half_life_days > 0:
        raise ValueError("half_life_days is above 0")
    age_days = max(0, view.now_ms - view.lot.minted_ms) / MILLISECONDS_PER_DAY
    factor = 0.5 ** (age_days / half_life_days)
    return Judgement(
        factor, f"because it is {age_days:.0f} days old and halves every {half_life_days:g} days"
    )
