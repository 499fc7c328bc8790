"""What follows the user from one browser and device to another: settings, keys, best runs."""

import re
from collections.abc import Mapping
from typing import Final, get_args

import trio

from popd.api.answers import bad_request, not_found
from popd.api.desk import Desk
from popd.api.device_shapes import OwnMap, OwnValues
from popd.api.petnames import not_kept
from popd.api.plays import best_runs
from popd.api.routing import Call
from popd.own_notes import KEYMAPS, RUNS, SETTINGS, NotKeptError

LOOK_S: Final = 2
"""How often it is looked at whether a best run is not in the notes yet."""
NAMES: Final = {
    SETTINGS: re.compile(r"[a-z]{1,32}\.[a-z_]{1,32}", re.ASCII),
    KEYMAPS: re.compile(r"[a-z]{1,32}\.[0-9]{1,2}", re.ASCII),
}
"""What the page puts in; choices without a point in their name have routes of their own."""


async def read_own_map(desk: Desk, call: Call) -> OwnValues:
    """A map of what you keep for yourself, on all your devices."""
    place = _place(call)
    names = NAMES.get(place)
    values = _maps(desk)[place]
    return OwnValues({k: v for k, v in values.items() if names is None or names.fullmatch(k)})


async def write_own_map(desk: Desk, call: Call) -> OwnValues:
    """Keep values under their names; the last word on a name wins, on whichever device."""
    body: OwnValues = call.body
    place = _place(call)
    names = NAMES.get(place)
    if names is None:
        raise bad_request("Best runs follow from what you play.", "Play.")
    wrong = next((name for name in body.values if not names.fullmatch(name)), None)
    if wrong is not None:
        example = "scroll.ms" if place == SETTINGS else "keyboard.4"
        raise bad_request(f"{wrong[:40]!r} names nothing in {place}.", f"Name it like {example}.")
    try:
        await desk.daemon.keep_all_own(place, body.values)
    except NotKeptError as error:
        raise not_kept(error) from None
    return await read_own_map(desk, call)


async def keep_runs(desk: Desk) -> None:
    """Puts what was played best here into the notes, until cancelled."""
    seen: object = None
    while True:
        now = desk.daemon.own.runs, desk.plays_kept
        if now != seen:
            seen = now
            better = better_runs(await best_runs(desk), desk.daemon.own.runs)
            try:
                await desk.daemon.keep_all_own(RUNS, better)
            except NotKeptError:
                seen = now  # the notes say why; what is played next is tried again
        await trio.sleep(LOOK_S)


def better_runs(here: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Runs of this device that are better than what is known of their charts."""
    return {chart: run for chart, run in here.items() if merit(run) > merit(known.get(chart, ""))}


def merit(run: str) -> tuple[int, int]:
    """Notes earned, then accuracy; a text that is no run is worth nothing."""
    numbers = run.split(" ")
    if len(numbers) != 3 or not all(n.isascii() and n.isdigit() and len(n) < 16 for n in numbers):
        return (-1, -1)
    accuracy_ppm, notes = int(numbers[0]), int(numbers[1])
    return (notes * accuracy_ppm, accuracy_ppm)


def _place(call: Call) -> OwnMap:
    for place in get_args(OwnMap):
        if call.path["map"] == place:
            found: OwnMap = place
            return found
    raise not_found("There is no such map.", f"Ask for one of {', '.join(get_args(OwnMap))}.")


def _maps(desk: Desk) -> dict[str, Mapping[str, str]]:
    own = desk.daemon.own
    return {SETTINGS: own.settings, KEYMAPS: own.keymaps, RUNS: own.runs}
