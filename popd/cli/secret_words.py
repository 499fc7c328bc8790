"""Shows the 24 words once, on a screen that leaves nothing behind, and has them typed again."""

import sys
from typing import Final

import click

from popd.cli.exit_codes import ExitCode, give_up
from wallet.mnemonic import MnemonicError, seed_from_words, words_from_seed

OTHER_SCREEN: Final = "\x1b[?1049h\x1b[2J\x1b[H"
"""What xterm calls the alternate screen: what is on it is in no scrollback."""
FIRST_SCREEN: Final = "\x1b[2J\x1b[?1049l"
CLEARED: Final = "\x1b[2J\x1b[3J\x1b[H"
COLUMNS: Final = 4
ATTEMPTS: Final = 3


def confirm_written_down(seed: bytes) -> None:
    """Shows the words of a seed and asks for them; ends the program where they don't come back."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        give_up(
            ExitCode.USAGE,
            "The 24 words are shown on a terminal only. Use one, or have them written into a "
            "private file with --words-file.",
        )
    words = words_from_seed(seed).split()
    click.echo(OTHER_SCREEN, nl=False)
    try:
        is_known = any(_shown_and_typed(words) for _ in range(ATTEMPTS))
    except (click.Abort, EOFError, KeyboardInterrupt):
        is_known = False
    finally:
        click.echo(FIRST_SCREEN, nl=False)
    if not is_known:
        give_up(ExitCode.FAILED, "The words were not typed again, so nothing was made. Try again.")


def _shown_and_typed(words: list[str]) -> bool:
    click.echo("Write these 24 words down on paper, in this order. Whoever has them is you;")
    click.echo("without them nobody can bring your identity back. They are shown only now.\n")
    rows = len(words) // COLUMNS
    for row in range(rows):
        line = (f"{place + 1:2}. {words[place]:<10}" for place in range(row, len(words), rows))
        click.echo("   " + "".join(line))
    click.prompt("\nPress Enter when they are on paper", default="", show_default=False)
    click.echo(CLEARED, nl=False)
    typed = click.prompt("Type all 24 words again").lower().split()
    if typed == words:
        return True
    pairs = zip(typed, words, strict=False)
    wrong = [str(place) for place, (one, other) in enumerate(pairs, 1) if one != other]
    where = f"Word {wrong[0]} is another one" if wrong else f"There are {len(typed)} words"
    click.prompt(f"{where}. Press Enter to see them again", default="", show_default=False)
    click.echo(CLEARED, nl=False)
    return False


def typed_seed() -> bytes:
    """The seed whose words somebody types, without showing them; ends the program after three
    attempts."""
    for _ in range(ATTEMPTS):
        try:
            return seed_from_words(click.prompt("Your 24 words", hide_input=True, err=True))
        except MnemonicError as error:
            click.echo(str(error), err=True)
    give_up(ExitCode.FAILED, "Nothing was restored. Look at your paper, then try again.")
