"""A payment in words: why these lots, and what to think of before it leaves."""

from collections.abc import Sequence

from consensus.identifiers import IdentityId
from consensus.lots import LotKey
from popd.api.desk import Desk
from popd.api.outlook import Outlook
from popd.api.wallet_shapes import PaymentPart


def why_these(name: str, parts: Sequence[PaymentPart], *, is_named: bool) -> list[str]:
    """Why a payment takes these parts."""
    if is_named:
        return ["You chose these lots yourself."]
    said = [
        f"Chosen by what they are worth to {name} for what they cost you in your own view; of "
        "equals the older go first."
    ]
    worthless = sum(part.theirs_ujam <= 0 for part in parts)
    if worthless:
        said.append(
            f"{worthless} of them {'are' if worthless > 1 else 'is'} worth nothing to {name}: the "
            "amount can't be met without."
        )
    return said


def warnings_of(
    desk: Desk,
    outlook: Outlook,
    recipient: IdentityId,
    parts: Sequence[PaymentPart],
    keys: Sequence[LotKey],
) -> list[str]:
    """What to think of before paying somebody with these parts."""
    return [*_about_them(desk, outlook, recipient), *_about_coins(outlook, recipient, parts, keys)]


def _about_them(desk: Desk, outlook: Outlook, recipient: IdentityId) -> list[str]:
    name, said = outlook.names.of(recipient), []
    state = outlook.ledger.state(recipient)
    if state is None and recipient not in outlook.neighbours:
        said.append(
            f"Nothing of {name} has come here yet, so nobody may hold this key. Compare it with "
            "them before you send."
        )
    if desk.daemon.node.disputing.has_diverged(recipient):
        said.append(f"You have diverged from {name}: reconcile with them first.")
    if state is not None and outlook.me in state.divergences:
        said.append(f"{name} has diverged from you, and may decline it.")
    if recipient in outlook.ledger.forks:
        said.append(
            f"The chain of {name} has forked: what they receive on one branch, others may not "
            "count."
        )
    return said


def _about_coins(
    outlook: Outlook,
    recipient: IdentityId,
    parts: Sequence[PaymentPart],
    keys: Sequence[LotKey],
) -> list[str]:
    name, said = outlook.names.of(recipient), []
    contested = sum(key in outlook.ledger.contested for key in keys)
    if contested:
        said.append(
            f"{contested} of {len(keys)} parts come from coins that a fork moved or burnt twice; "
            "many will count them for nothing."
        )
    if sum(part.theirs_ujam for part in parts) <= 0:
        said.append(f"To {name} all of this is worth nothing, as far as can be seen from here.")
    elif any(part.theirs_ujam <= 0 for part in parts):
        said.append(f"Part of this is worth nothing to {name}, as far as can be seen from here.")
    return said
