"""How this program was called, for sentences that tell what to type next."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from popd.config import Home, home_at


def command(words: str, home: Home | None = None) -> str:
    """`popctl` with these words, as it can be typed here; for a home elsewhere with --home."""
    if home is not None and home == home_at(None, "main"):
        words = words.removesuffix(" --practice")
    return f"{_program()} {words}{_place(home)}"


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
