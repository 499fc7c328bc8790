"""A number of things, in words."""


def many(number: int, what: str, several: str = "") -> str:
    """A number of things: `1 month`, `2 months`; `several` where that is no s more."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"
