"""Disputes as lines of text: in a list, in full, and what parting from somebody would do."""

from datetime import UTC, datetime
from typing import Any, Final

MAX_COINS_SHOWN: Final = 10


def listed(found: dict[str, Any]) -> list[str]:
    """A line for each dispute."""
    lines = [f"Stake {one['stake'][:16]}  {one['words']}" for one in found["stakes"]]
    lines += [
        f"You diverged from {one['person']['name']} on {_day(one)}: {one['why']}."
        for one in found["divergences"]
    ]
    lines += [
        f"{one['person']['name']} diverged from you on {_day(one)}: {one['why']}."
        for one in found["diverged_from_you"]
    ]
    lines += [
        f"Block {one['block'][:16]} by {one['performer']['name']}: {one['words']}"
        for one in found["reports"]
    ]
    lines += [
        f"{one['person']['name']} forked at number {one['number']}"
        f"{' and mended it' if one['is_mended'] else ''}. {one['person']['id'][:16]}"
        for one in found["forks"]
    ]
    lines += [f"Lot {one['lot'][:16]}  {_yours(one)}" for one in found["contested"]]
    return lines


def _yours(one: dict[str, Any]) -> str:
    yours, counted = one["yours_ujam"] / 1e6, one["yours_counted_ujam"] / 1e6
    words = f"{one['person']['name']} moved it twice."
    if not one["yours_ujam"]:
        return f"{words} None of it is yours."
    return f"{words} {yours:.3f} JAM of yours came from it; you count {counted:.3f} of them."


def matching(found: dict[str, Any], beginning: str) -> list[tuple[str, dict[str, Any]]]:
    """The disputes about a stake, block, person or lot whose id begins so, with their kinds."""
    wanted = beginning.lower()

    def ids(one: dict[str, Any]) -> list[str]:
        person_id = one.get("person", {}).get("id", "")
        return [one.get("stake", ""), one.get("block", ""), one.get("lot", ""), person_id]

    return [
        (kind, one)
        for kind, ones in found.items()
        for one in ones
        if wanted and any(known.startswith(wanted) for known in ids(one))
    ]


def shown(kind: str, one: dict[str, Any]) -> list[str]:
    """One dispute in full."""
    match kind:
        case "stakes":
            return [f"Stake {one['stake']}", one["words"], f"Free from {_at(one['free_ms'])}."]
        case "reports":
            said = (
                f"  {word['name']} on {_at(word['since_ms'])}: {word['reason'].replace('_', ' ')}"
                for word in one["reports"]
            )
            return [f"Block {one['block']} by {one['performer']['name']}", one["words"], *said]
        case "contested":
            stories = (
                f"  {'counted' if story['is_counted'] else 'not counted'}: {story['words']}"
                for story in one["stories"]
            )
            return [f"Lot {one['lot']}", one["words"], *stories, _yours(one)]
        case "forks":
            return [f"Fork of {one['person']['name']}", *one["words"]]
        case _:
            who = one["person"]["name"]
            return [f"{who}, since {_day(one)}: {one['why']}", *one["consequences"]]


def previewed(preview: dict[str, Any]) -> list[str]:
    """What follows from parting from somebody."""
    name = preview["person"]["name"]
    before, after = preview["before_ujam"] / 1e6, preview["after_ujam"] / 1e6
    through = [coin for coin in preview["coins"] if coin["is_through_them"]]
    lines = [f"If you diverge from {name}:", *(f"- {line}" for line in preview["consequences"])]
    lines.append(
        f"- In 30 days you two were in {len(preview['sessions'])} sessions together; "
        "from now on neither witnesses the other by itself."
    )
    lines.append(
        f"- {len(through)} of your coins came through them. Your purse, worth {before:.3f} to you, "
        f"would be worth {after:.3f}."
    )
    for coin in preview["coins"][:MAX_COINS_SHOWN]:
        was, will = coin["before_ujam"] / 1e6, coin["after_ujam"] / 1e6
        lines.append(f"    {coin['lot'][:16]}  {was:.3f} -> {will:.3f}")
    if preview["between"]:
        names = ", ".join(one["name"] for one in preview["between"][:MAX_COINS_SHOWN])
        lines.append(f"- People between you: {names}.")
    return lines


def _day(one: dict[str, Any]) -> str:
    return _at(one["since_ms"]).split()[0]


def _at(time_ms: int) -> str:
    try:
        return f"{datetime.fromtimestamp(time_ms / 1_000, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{time_ms} ms after 1970"
