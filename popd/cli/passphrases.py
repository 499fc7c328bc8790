"""Passphrases: from a private file, from the system's keyring, or typed without being shown."""

import getpass
import sys
from pathlib import Path
from typing import Final

from popd.cli.exit_codes import ExitCode, give_up
from wallet.keystore import read_passphrase_file
from wallet.keystore_errors import KeystoreError, KeystoreReason

PASSPHRASE_OPTION: Final = "--passphrase-file"


def chosen_passphrase(
    file: Path | None, *, may_be_none: bool, option: str = PASSPHRASE_OPTION
) -> str:
    """A new passphrase, typed twice; empty where somebody wants none and may.

    Ends the program where nobody gives one.
    """
    if file is not None:
        passphrase = passphrase_in(file, option)
        if not passphrase and not may_be_none:
            give_up(
                ExitCode.LOCKED,
                f"{file} is empty, and an empty passphrase protects nothing. Write a line with "
                "the passphrase that you choose into it, then try again.",
            )
        return passphrase
    hint = " (Enter for none: then it protects nothing on this machine)" if may_be_none else ""
    passphrase = _typed(f"Choose a passphrase for your keys{hint}: ")
    if not passphrase and not may_be_none:
        give_up(ExitCode.LOCKED, "An empty passphrase protects nothing. Try again.")
    if passphrase and _typed("Once more: ") != passphrase:
        give_up(ExitCode.LOCKED, "The two differ. Nothing was changed; try again.")
    return passphrase


def known_passphrase(file: Path | None, what: str = "Passphrase of your keys: ") -> str:
    """The passphrase that keys have; ends the program where nobody gives one."""
    return passphrase_in(file) if file is not None else _typed(what)


def passphrase_in(file: Path, option: str = PASSPHRASE_OPTION) -> str:
    """The one line of a private file; ends the program where it can't be read."""
    try:
        return read_passphrase_file(file)
    except KeystoreError as error:
        give_up(ExitCode.LOCKED, with_option(error, option))
    except OSError as error:
        give_up(ExitCode.LOCKED, f"{option} {file}: {error.strerror or error}.")


def with_option(error: KeystoreError, option: str) -> str:
    """Why a file that an option names is not read; a missing one is named anew with it."""
    step = f" Give {option} a file that is there." * (error.reason is KeystoreReason.MISSING)
    return f"{error}{step}"


def _typed(question: str) -> str:
    try:
        if sys.stdin.isatty():
            return getpass.getpass(question)
        typed = sys.stdin.readline()
        if typed:
            return typed.removesuffix("\n")
        raise EOFError
    except EOFError:
        give_up(ExitCode.LOCKED, "No passphrase was given. Type it, or use --passphrase-file.")
