"""What disputes mean, in sentences to the user."""

from types import MappingProxyType
from typing import Final

from consensus.entries.dispute import DivergeReason
from consensus.value.explain import in_jam

DIVERGE_WORDS: Final = MappingProxyType(
    {
        DivergeReason.UNFAIR_PLAY: "plays unfairly",
        DivergeReason.FALSE_WITNESS: "witnesses falsely",
        DivergeReason.MOVED_TWICE: "moved a coin twice",
        DivergeReason.STOLEN: "took what is somebody else's",
        DivergeReason.OTHER: "for reasons of their own",
    }
)


def consequences_for_you(name: str) -> list[str]:
    """What follows when the user diverges from somebody."""
    return [
        f"Your node does not answer {name}'s invitations, and gives no verdicts on them by itself.",
        f"Coins that {name} transfers to you are not received by themselves, and you can't send "
        "them any.",
        "Their word, and that of people who are near to you only through them, adds nothing to "
        "what coins are worth to you.",
        "Others who trust you see it, and weigh it by how near you are to them.",
        "You can take it back at any time; both stay in your chain for everybody to read.",
    ]


def consequences_of_theirs(name: str) -> list[str]:
    """What follows when somebody diverges from the user."""
    return [
        "Their node does not answer your invitations or receive your coins by itself.",
        f"Your word adds nothing to what coins are worth to {name}.",
        f"People who trust {name} hear it; nobody loses a coin.",
    ]


def stake_words(state: str, amount_ujam: int) -> str:
    """What a stake is up to."""
    amount = f"{in_jam(amount_ujam)} JAM"
    if state == "burnt":
        return f"{amount} burnt: two branches of your chain moved a lot twice after you staked it."
    if state == "locked":
        return f"{amount} are locked, and burn if two branches of your chain move a lot twice."
    return f"{amount} can be taken back."


def lasting(whole_s: int) -> str:
    """A time, in the unit that is easiest to read."""
    for unit, length_s in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if whole_s >= 2 * length_s:
            return f"{round(whole_s / length_s)} {unit}"
    return f"{whole_s} s"


def report_words(count: int, is_believed: bool, is_own_word: bool, denied: bool) -> str:
    """What the user makes of the reports of a block."""
    people = "One person reports" if count == 1 else f"{count} people report"
    if is_own_word and count == 1:
        return "You report it: its coins are worth nothing to you; for others nothing changes yet."
    if is_own_word:
        return f"{people} it, you among them: its coins are worth nothing to you."
    if is_believed:
        return (
            f"{people} it; you trust three or more of them enough, and none vouches for another: "
            "its coins, and what its witnesses have at stake, are worth nothing to you."
        )
    if denied:
        return (
            f"{people} it, but witnesses whom you trust more say otherwise: its coins keep their "
            "value, and the word of its reporters counts less to you."
        )
    return (
        f"{people} it. You believe that once three or more people whom you trust enough do, none "
        "of whom vouches for another; until then nothing changes."
    )
