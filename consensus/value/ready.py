"""Ready-made policies: the TOML files that come with popd."""

from functools import cache
from importlib.resources import files
from typing import Final

from consensus.value.policy import RAW_CONTINUITY, Policy
from consensus.value.policy_toml import parse_policy

ORDER: Final = ("raw-continuity", "humans-only", "close-friends", "fresh-coins", "any-word")
"""The names of the files, the default first."""


@cache
def ready_policies() -> tuple[Policy, ...]:
    """All of them, the default first."""
    folder = files("consensus.value") / "policies"
    return tuple(parse_policy((folder / f"{name}.toml").read_text("utf-8")) for name in ORDER)


DEFAULT: Final = RAW_CONTINUITY
"""What counts for whoever chose nothing."""
