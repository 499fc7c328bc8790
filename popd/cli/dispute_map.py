"""The phase map as text: a letter for each person where the map places them, then who parted."""

from collections.abc import Mapping
from string import ascii_letters, digits
from typing import Any, Final

from popd.cli.people import named

WIDTH: Final = 60
HEIGHT: Final = 20
SIGNS: Final = ascii_letters.replace("o", "") + digits
"""For people other than the user, the nearest first; who comes after them is a dot."""
ME: Final = "@"
MAX_NAMED: Final = 40


def map_lines(found: Mapping[str, Any]) -> list[str]:
    """A picture of a phase map, a legend by phase, and the divergences in words."""
    people = sorted(found["people"], key=lambda one: (-one["proximity_ppm"], one["id"]))
    if not people:
        return ["Nobody is known yet. Play with people nearby."]
    others = [one for one in people if not one["is_me"]]
    signs = {one["id"]: sign for one, sign in zip(others, SIGNS, strict=False)}
    signs |= {one["id"]: ME for one in people if one["is_me"]}
    named = {one["id"]: one["name"] for one in people}
    return [
        *_picture(people, signs),
        *_legend(people, signs),
        *_partings(found["arcs"], named),
        *([f"{found['left_out']} more people are too far away."] if found["left_out"] else []),
    ]


def _picture(people: list[dict[str, Any]], signs: Mapping[str, str]) -> list[str]:
    """Few people need few rows: empty ones are left out."""
    rows = [[" "] * WIDTH for _ in range(HEIGHT)]
    for one in sorted(people, key=lambda one: (one["is_me"], one["proximity_ppm"])):
        column = min(WIDTH - 1, int(one["x"] * WIDTH))
        row = min(HEIGHT - 1, int(one["y"] * HEIGHT))
        rows[row][column] = signs.get(one["id"], ".")
    lines = ["".join(row).rstrip() for row in rows]
    return [line for line in lines if line] + [""]


def _legend(people: list[dict[str, Any]], signs: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for phase in sorted({one["phase"] for one in people}):
        members = [one for one in people if one["phase"] == phase]
        lines.append(f"Phase {phase + 1}:")
        lines += [f"  {signs.get(one['id'], '.')} {named(one)}" for one in members[:MAX_NAMED]]
        if len(members) > MAX_NAMED:
            lines.append(f"  and {len(members) - MAX_NAMED} more")
    return lines


def _partings(arcs: list[dict[str, Any]], named: Mapping[str, str]) -> list[str]:
    if not arcs:
        return ["Nobody has parted from anybody."]
    return [
        f"{named.get(arc['from'], arc['from'][:8])} -/- {named.get(arc['to'], arc['to'][:8])}: "
        f"{arc['why']}"
        for arc in arcs
    ]
