"""How hard a chart is, in the stars of osu!mania.

Reckoned by rosu-pp, which follows the game (https://github.com/MaxOhn/rosu-pp): strain of each
lane and of all together, over time. It was made for 4 and 7 keys; for other numbers it is a guess
by the same measure.
"""

import math
from typing import Final

from consensus.chart import Chart
from game.charts.osu_export import osu_from_chart

MAX_STARS: Final = 1_000.0
"""Nothing that anybody could play comes near it; beyond it the number says nothing."""


def stars_of(chart: Chart) -> float | None:
    """The star rating, to a hundredth; 0 without notes, None where it can't be reckoned."""
    import rosu_pp_py

    if not chart.notes:
        return 0.0
    try:
        beatmap = rosu_pp_py.Beatmap(content=osu_from_chart(chart))
        if beatmap.is_suspicious():
            return None
        stars = float(rosu_pp_py.Difficulty().calculate(beatmap).stars)
    except (rosu_pp_py.ParseError, rosu_pp_py.ConvertError, rosu_pp_py.ArgsError):
        return None
    return round(stars, 2) if math.isfinite(stars) and stars <= MAX_STARS else None
