"""How this program was called, for sentences that tell what to type next."""

import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

import click

from popd.config import Home, home_at

NAMED: Final = re.compile(r"(?<![\w/'-])popctl((?: [a-z]+(?:-[a-z]+)*)+)(?![\w:-])")
"""A command in a sentence; before a colon it is the one that speaks."""
ELSEWHERE: Final = frozenset({("device", "pair")})
"""What is typed on another device."""


def command(words: str, home: Home | None = None) -> str:
    """`popctl` with these words, as it can be typed here; for a home elsewhere with --home."""
    if home is not None and home == home_at(None, "main"):
        words = words.removesuffix(" --practice")
    return f"{_program()} {words}{_place(home)}"


def hint(sentence: str) -> None:
    """Prints a sentence that may name commands, as they can be typed here."""
    click.echo(placed(sentence))


def placed(sentence: str) -> str:
    """A sentence whose commands name the home that the one that runs now was given."""
    context = click.get_current_context(silent=True)
    if context is None or "home" not in context.params:
        return sentence
    home = home_at(context.params["home"], context.params.get("network") or "practice")
    if not (place := _place(home)):
        return sentence

    def with_place(found: re.Match[str]) -> str:
        names, takes_home = _known(found[1].split())
        after = re.split(r"`|\. ", sentence[found.end() :])[0]
        if not takes_home or names in ELSEWHERE or "--home" in after or "--network" in after:
            return found[0]
        more = found[1].split()[len(names) :]
        return " ".join((f"{_program()} {' '.join(names)}{place}", *more))

    return NAMED.sub(with_place, sentence)


def _known(words: list[str]) -> tuple[tuple[str, ...], bool]:
    """Which of these words are a command of ours, and whether it takes a home."""
    from popd.cli.main import main  # here, because it names every command, and they this file

    found: click.Command = main
    for place, word in enumerate(words):
        more = (
            found.get_command(click.Context(main), word) if isinstance(found, click.Group) else None
        )
        if more is None:
            words = words[:place]
            break
        found = more
    return tuple(words), any(option.name == "home" for option in found.params)


def start_words(network: str) -> str:
    """How a node of a network is started."""
    return "up --practice" if network == "practice" else f"up --network {network}"


def _program() -> str:
    called = Path(sys.argv[0])
    if called.name != "popctl":
        return "popctl"
    found = shutil.which("popctl")
    if found is not None and (not called.exists() or os.path.samefile(found, called)):
        return "popctl"
    here = called.absolute()
    if here.is_relative_to(Path.cwd()):
        return shlex.quote(str(here.relative_to(Path.cwd())))
    return shlex.quote(str(called))


def _place(home: Home | None) -> str:
    if home is None or home == home_at(None, "practice"):
        return ""
    if home == home_at(None, "main"):
        return " --network main"
    return f" --home {shlex.quote(str(home.path))}"
