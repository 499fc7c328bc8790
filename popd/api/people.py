"""People as they are written in requests: a did:key, or 64 hexadecimal digits."""

from consensus.identifiers import IdentityId, from_did
from popd.api.answers import bad_request, identifier


def person(text: str, what: str) -> IdentityId:
    """Who is meant; raises ApiError with a sentence about `what` was asked for."""
    if not text.startswith("did:"):
        return IdentityId(identifier(text, what))
    try:
        return from_did(text)
    except ValueError as error:
        raise bad_request(f"{error}.", f"Give {what}'s did:key in full.") from None
