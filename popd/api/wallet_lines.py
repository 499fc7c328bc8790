"""Lines of a statement in words."""

from typing import Final

from consensus.entries.transfer import DeclineReason
from wallet.statement import Kind, Line

REASONS: Final = {
    DeclineReason.UNSAID: "without a reason",
    DeclineReason.NOT_WORTH: "because it is not worth enough",
    DeclineReason.UNKNOWN_GIVER: "because the giver is not known",
    DeclineReason.DISPUTED: "because the coins are disputed",
    DeclineReason.NOT_MEANT: "because it was not meant so",
}


def line_words(line: Line, other: str, song: str) -> str:
    """What a line tells; `other` is who else is in it, empty for nobody."""
    match line.kind:
        case Kind.MINTED:
            return f"You played {song}."
        case Kind.CROWD:
            return f"Your share of a concert of {other}." if other else "The crowd of your concert."
        case Kind.SHARE:
            return f"You witnessed {other}."
        case Kind.RECEIVED:
            return f"From {other}."
        case Kind.SENT:
            return f"To {other}."
        case Kind.RETURNED if line.reason is not None:
            return f"{other} declined it {REASONS[line.reason]}; it is yours again."
        case Kind.RETURNED:
            return "Back in your purse from a stake."
        case Kind.DECLINED:
            return f"You declined it from {other} {REASONS[line.reason or DeclineReason.UNSAID]}."
        case Kind.STAKED:
            return "Put at stake; still yours, but locked."
        case Kind.UNSTAKED:
            return "Taken back from a stake; on its way to your purse."
        case Kind.BURNT:
            return "Lost: it was at stake when your chain forked."
