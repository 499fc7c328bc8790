"""How people are called here: what peers say of themselves, or a short stable label."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from consensus.identifiers import IdentityId, to_did
from popd.node.context import Context

YOU: Final = "You"
NOBODY: Final[Mapping[IdentityId, str]] = MappingProxyType({})
"""Whose earlier names are known."""
MAX_NAME_LENGTH: Final = 32
"""Characters of a name that are shown."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one moment."""

    me: IdentityId
    """The node's user."""
    own_name: str
    """What the user wants to be called; may be empty."""
    claimed: Mapping[IdentityId, str]
    """Names that the user gave, and those that connected peers claim; cleaned, each stands once."""

    is_public: bool = False
    """They are for others to read."""

    def of(self, identity: IdentityId) -> str:
        """For the user: `You`, a peer's name, or a label."""
        is_you = identity == self.me and not self.is_public
        return YOU if is_you else self.for_others(identity)

    def for_others(self, identity: IdentityId) -> str:
        """For anybody: the user is called by name too."""
        name = self.own_name if identity == self.me else self.claimed.get(identity, "")
        return name or f"someone ({label(identity)})"


def names_in(
    context: Context,
    heard: Mapping[IdentityId, str] = NOBODY,
    petnames: Mapping[IdentityId, str] = NOBODY,
) -> Names:
    """The names that a node knows now. A name that two claim says which of them it is.

    `heard` are earlier claims, of people who need not be connected any more. `petnames` are those
    that the user gave; they win, and whoever else claims one of them says which they are.
    """
    claims = {identity: cleaned(name) for identity, name in heard.items()} | {
        peer.identity: cleaned(peer.name)
        for peer in context.peers.values()
        if peer.identity is not None
    }
    own = cleaned(context.settings.name)
    given = {identity: cleaned(name) for identity, name in petnames.items()}
    for known in (claims, given):
        known.pop(context.identity, None)
    claims = {who: name for who, name in claims.items() if not given.get(who)}
    taken = [own.casefold(), YOU.casefold(), *map(str.casefold, given.values())]
    claimed = _told_apart(given, Counter(taken))
    claimed |= _told_apart(claims, Counter([*taken, *map(str.casefold, claims.values())]))
    return Names(context.identity, own, claimed)


def _told_apart(names: Mapping[IdentityId, str], count: Counter[str]) -> dict[IdentityId, str]:
    """Each name, with a label where others have it too."""
    return {
        identity: name if count[name.casefold()] == 1 else f"{name} ({label(identity)})"
        for identity, name in names.items()
        if name
    }


def cleaned(name: str) -> str:
    """A name without anything that can't be seen, and not too long."""
    visible = "".join(c if c.isprintable() else " " for c in name[: 4 * MAX_NAME_LENGTH])
    return " ".join(visible.split())[:MAX_NAME_LENGTH]


def label(identity: IdentityId) -> str:
    """A short stable label of a key: `z6Mk…abcd`."""
    key = to_did(identity).removeprefix("did:key:")
    return f"{key[:4]}…{key[-4:]}"
