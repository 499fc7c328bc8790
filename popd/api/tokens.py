"""Who may do what: bearer tokens, each with a scope."""

from enum import StrEnum
from hmac import compare_digest
from types import MappingProxyType
from typing import Final


class Scope(StrEnum):
    """What a token is good for."""

    OWNER = "owner"
    PLAY = "play"
    RATE = "rate"
    READ = "read"


IMPLIED: Final = MappingProxyType(
    {
        Scope.OWNER: frozenset(Scope),
        Scope.PLAY: frozenset({Scope.PLAY, Scope.READ}),
        Scope.RATE: frozenset({Scope.RATE, Scope.READ}),
        Scope.READ: frozenset({Scope.READ}),
    }
)
"""What each scope includes."""

NOBODY: Final[frozenset[Scope]] = frozenset()
"""What a caller without a token may do."""


class Tokens:
    """The tokens that this daemon gave out."""

    def __init__(self, owner: str) -> None:
        """Only the owner's, which is everything."""
        assert owner, "an empty token would let everybody in"
        self._scopes = {owner.encode(): Scope.OWNER}

    def scopes_of(self, token: str) -> frozenset[Scope]:
        """What a token allows; nothing when it isn't one of ours. Takes as long for any token."""
        allowed = NOBODY
        for known, scope in self._scopes.items():
            if compare_digest(known, token.encode("utf-8", "surrogateescape")):
                allowed = IMPLIED[scope]
        return allowed
