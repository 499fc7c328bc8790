"""What a token allows."""

import pytest

from popd.api.answers import ApiError
from popd.api.routing import check_scope
from popd.api.tokens import IMPLIED, NOBODY, Scope, Tokens


def test_the_owners_token_allows_everything_and_any_other_nothing():
    tokens = Tokens("o" * 43)
    assert tokens.scopes_of("o" * 43) == frozenset(Scope)
    for other in ("", "o" * 42, "o" * 44, "ü", "\udcff"):
        assert tokens.scopes_of(other) == NOBODY


def test_a_route_is_closed_to_lesser_scopes():
    check_scope(IMPLIED[Scope.PLAY], Scope.READ)
    with pytest.raises(ApiError, match="lacks the scope 'owner'") as caught:
        check_scope(IMPLIED[Scope.PLAY], Scope.OWNER)
    assert caught.value.status == 403
