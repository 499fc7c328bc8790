"""A number of things, in words."""


def many(number: int, what: str) -> str:
    """A number of things: `1 month`, `2 months`."""
    return f"{number:,} {what}{'s' * (number != 1)}"
