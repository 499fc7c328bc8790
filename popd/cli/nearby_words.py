"""What `popctl nearby` says: performances, duties, words and windows that minted nothing."""

import time
from typing import Any, Final

SHOWN_DIGITS: Final = 12
"""Of a block: enough to name it by."""
REPORTS: Final = {
    "not_played_live": "no person played it live",
    "copied": "it is a copy of an earlier play",
    "false_witness": "its witnesses did not witness it",
    "stolen": "it was played with somebody's stolen key",
    "other": "something else is wrong with it",
}
"""What a report may hold against a block, as the ledger knows it."""
REPORTED: Final = (
    "Reported. For you its coins are worth nothing from now on; for others only if three whom they "
    "trust say so."
)
SAID: Final = {"accept": "accepted", "flag": "had doubts about", "reject": "rejected"}
WOULD: Final = {
    "accept": "would accept it",
    "flag": "has doubts, and would not accept it",
    "reject": "would reject it",
}
MINUTES_FROM_S: Final = 100
"""From here on minutes are easier to read."""
UNKNOWN_SONG: Final = "a song that is not here"


def clean(text: str) -> str:
    """Others' words without anything that moves a terminal's cursor."""
    return "".join(char if char.isprintable() else " " for char in text)


def performance_lines(performance: dict[str, Any], now_us: int) -> list[str]:
    """Somebody who performs, in a few lines."""
    played_s = (now_us - performance["start_us"]) // 1_000_000
    window = min(
        performance["windows"], max(0, played_s * 1_000_000) // performance["window_us"] + 1
    )
    where = (
        f"begins in {-played_s} s"
        if played_s < 0
        else f"window {window} of {performance['windows']}"
    )
    name = clean(performance["performer"]["name"])
    song = clean(performance["song"]) or UNKNOWN_SONG
    keys = f" on {performance['keys']} keys" if performance["keys"] else ""
    role = "you may be drawn" if performance["is_candidate"] else "you only watch"
    return [
        f"{name} plays {song}{keys}: {where}",
        f"  {performance['openings']} witnesses ready, {role}; "
        f"their node {performance['nearness']['words']}",
        f"  session {performance['session'][:SHOWN_DIGITS]}",
    ]


def duty_lines(duty: dict[str, Any], now_ms: float) -> list[str]:
    """A block that this node was drawn for."""
    lines = [f"Drawn: block {duty['block'][:SHOWN_DIGITS]}, {_what(duty)}"]
    if duty["look"]:
        lines.append(f"  A person is asked to look. {duty['look']}")
    if duty["suggestion"]:
        reasons = "; ".join(map(clean, duty["reasons"]))
        lines.append(f"  Your node {WOULD[duty['suggestion']]}: {reasons}.")
    lines += [f"  {state_words(duty, now_ms)}"]
    return lines


def state_words(duty: dict[str, Any], now_ms: float) -> str:
    """What is being waited for, or what became of it."""
    left_s = max(0, round((duty["until_ms"] - now_ms) / 1_000))
    choice, suggestion = duty["choice"], duty["suggestion"]
    match duty["state"]:
        case "fetching" | "judging" if choice:
            return f"You said {_said(choice)}; it is signed once it is measured."
        case "fetching":
            return "What was played is on its way here; usually 1 s."
        case "judging":
            return "The detectors look at it; usually 1 s."
        case "asking":
            return f"It says so by itself in {lasting(left_s)}."
        case "decided" if choice == "cannot_judge":
            return f"You can't judge it; your node stays silent in {lasting(left_s)}."
        case "decided":
            return f"You {choice} it; signed in {lasting(left_s)}."
        case "signed" if choice:
            return f"Signed: you {SAID.get(choice, choice)} it."
        case "signed":
            return f"Signed: your node {SAID.get(suggestion, 'judged')} it by itself."
        case "passed":
            return "No word was given. That costs nothing."
        case _:
            return clean(duty["why"]) or "It can't be judged here."


def attested_lines(word: dict[str, Any]) -> list[str]:
    """A word of one's own chain."""
    who = "You" if word["by_hand"] else "Your node by itself"
    said = SAID.get(word["decision"], word["decision"])
    digits = word["block"][:SHOWN_DIGITS]
    return [
        f"{when(word['time_ms'])}  {who} {said} {_what(word)}, block {digits}",
        f"  {'; '.join(map(clean, word['reasons']))}",
    ]


def unminted_lines(block: dict[str, Any]) -> list[str]:
    """A window of one's own that minted nothing."""
    song = clean(block["song"]) or UNKNOWN_SONG
    digits = block["block"][:SHOWN_DIGITS]
    lines = [
        f"{when(block['played_ms'])}  {song}, window {block['window'] + 1}, block {digits}",
        f"  {clean(block['why'])} {clean(block['next'])}",
    ]
    if block["can_appeal"]:
        lines.append(f"  A human look can be asked for: popctl nearby appeal {digits}")
    return lines


def read_words(read: dict[str, Any]) -> str:
    """What the detectors make of a play so far, in one line: words first, then numbers."""
    metrics = read["metrics"]
    answered, seen = metrics["riffs"]
    return (
        f"{read['impression']} (odd {read['anomaly_ppm'] // 10_000} %), "
        f"accuracy {metrics['accuracy_ppm'] // 10_000} %, riffs {answered} of {seen}, "
        f"{metrics['events']} notes"
    )


def report_preview(performer: dict[str, Any] | None, reason: str) -> str:
    """What a report says to everybody, and what it does."""
    name = clean(performer["name"]) if performer else "somebody"
    return (
        f"Everybody will see: you reported a play of {name}: {REPORTS[reason]}.\n"
        "For you its coins will be worth nothing; for others only if three whom they trust say so. "
        "It can't be taken back."
    )


def lasting(whole_s: int) -> str:
    """A time in seconds, or in minutes where it is long."""
    return f"{whole_s} s" if whole_s < MINUTES_FROM_S else f"{round(whole_s / 60)} min"


def when(time_ms: int) -> str:
    """A moment, as people write it down."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(time_ms / 1_000))


def _what(block: dict[str, Any]) -> str:
    name = clean(block["performer"]["name"]) if block["performer"] else "somebody"
    return f"window {block['window'] + 1} of {clean(block['song']) or UNKNOWN_SONG} by {name}"


def _said(choice: str) -> str:
    return "nothing" if choice == "cannot_judge" else choice
