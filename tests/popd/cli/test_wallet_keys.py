"""`popctl wallet` and keys: words shown once on a terminal, restored, backed up, verified."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consensus.encoding import decode
from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from consensus.units import Milliseconds
from popd.cli.secret_words import FIRST_SCREEN, OTHER_SCREEN
from popd.cli.wallet import wallet
from popd.config import Home, load_settings
from popd.rooms.own import edited_own
from popd.storage.database import open_database
from popd.wiring.restored import take_up_chain
from wallet.backup import Contents, sealed_backup
from wallet.keyring import Keyring, keyring_of, random_keyring
from wallet.keystore import (
    create_keystore,
    create_practice_keystore,
    open_keystore,
    open_practice_keystore,
)
from wallet.keystore_errors import KeystoreError
from wallet.mnemonic import words_from_seed
from wallet.places import place_in_use, place_named
from wallet.private_files import create_private_file
from wallet.sealing import LEAST_COST, NONCE_BYTES, SALT_BYTES, sealed_keyring

PASSPHRASE = "correct horse"
ANSI = re.compile(r"\x1b\[[?0-9;]*[a-zA-Z]")
DEADLINE_S = 30
POPCTL = (sys.executable, "-c", "from popd.cli.main import main; main()")


class Terminal:
    """`popctl` on a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.execv(sys.executable, [*POPCTL, *arguments])
        self.seen = ""

    def until(self, words: str) -> str:
        """What is shown from now on, up to these words."""
        begin, deadline = len(self.seen), time.monotonic() + DEADLINE_S
        while words not in self.seen[begin:]:
            assert time.monotonic() < deadline, self.seen
            if select.select([self.screen], [], [], 1.0)[0]:
                self.seen += os.read(self.screen, 65_536).decode()
        return self.seen[begin:]

    def types(self, line: str) -> None:
        os.write(self.screen, f"{line}\n".encode())

    def ends(self) -> int:
        """The exit code, once everything was shown."""
        try:
            while more := os.read(self.screen, 65_536):
                self.seen += more.decode()
        except OSError:
            pass  # the other end is closed
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def shown_words(text: str) -> str:
    """The 24 words in their order, from a screen."""
    found = dict(re.findall(r"(\d+)\. ([a-z]+)", ANSI.sub("", text)))
    return " ".join(found[str(place)] for place in range(1, 25))


def popctl(*arguments: str) -> Result:
    return CliRunner().invoke(wallet, list(arguments))


def secret(path: Path, text: str = PASSPHRASE) -> str:
    create_private_file(path, f"{text}\n".encode())
    return str(path)


def test_the_words_are_shown_once_typed_again_and_are_the_identity(tmp_path: Path) -> None:
    home = tmp_path / "home"
    terminal = Terminal("wallet", "new", "--home", str(home), "--network", "main")
    words = shown_words(terminal.until("on paper: "))
    terminal.types("")
    terminal.until("again: ")
    terminal.types(" ".join(words.split()[:-1]))
    terminal.until("There are 23 words")
    terminal.types("")
    assert shown_words(terminal.until("on paper: ")) == words
    terminal.types("")
    terminal.until("again: ")
    terminal.types(words.upper())
    for _ in range(2):
        terminal.until(": ")
        terminal.types(PASSPHRASE)
    assert terminal.ends() == 0, terminal.seen
    assert words_from_seed(open_keystore(home / "keystore", PASSPHRASE).identity_seed) == words
    after = terminal.seen.split(FIRST_SCREEN)[-1]
    assert OTHER_SCREEN in terminal.seen
    assert not any(f" {word} " in after for word in words.split()[:3])
    assert PASSPHRASE not in terminal.seen


def test_words_that_are_not_typed_again_make_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    terminal = Terminal("wallet", "new", "--home", str(home))
    terminal.until("on paper: ")
    terminal.types("")
    terminal.until("again: ")
    os.write(terminal.screen, b"\x04")
    assert terminal.ends() == 1
    assert "nothing was made" in terminal.seen
    assert not home.exists()


def test_without_a_terminal_no_words_are_shown(tmp_path: Path) -> None:
    done = popctl("new", "--home", str(tmp_path / "home"))
    assert (done.exit_code, "--words-file" in done.output) == (2, True)
    assert not re.search(r"\d+\. [a-z]+", done.output)


def test_an_identity_comes_back_from_its_words_and_asks_others_first(tmp_path: Path) -> None:
    paper, passphrase = tmp_path / "paper", secret(tmp_path / "pass")
    made = popctl(
        "new", "--home", str(tmp_path / "one"), "--words-file", str(paper),
        "--passphrase-file", passphrase, "--json",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert paper.stat().st_mode & 0o777 == 0o600
    back = popctl(
        "restore", "--home", str(tmp_path / "two"), "--words-file", str(paper),
        "--passphrase-file", passphrase, "--json",
    )  # fmt: skip
    assert json.loads(back.output)["did"] == json.loads(made.output)["did"]
    place = place_in_use(tmp_path / "two")
    assert decode(place.restored.read_bytes(), 100) == ()
    assert not place_in_use(tmp_path / "one").restored.exists()
    again = popctl("restore", "--home", str(tmp_path / "one"), "--words-file", str(paper))
    assert (again.exit_code, "never overwritten" in again.output) == (4, True)
    assert f"{json.loads(made.output)['did']} are here already, as 'first'" in again.output


def restored_home(tmp_path: Path) -> tuple[Path, list[str]]:
    """A home of keys that were restored from words, and the options that restore them."""
    words = secret(tmp_path / "paper", words_from_seed(bytes(32)))
    known = ["--words-file", words, "--passphrase-file", secret(tmp_path / "pass")]
    done = popctl("restore", "--home", str(tmp_path / "home"), *known)
    assert done.exit_code == 0, done.output
    return tmp_path / "home", known


def test_a_damaged_mark_of_a_restore_is_mended_by_restoring_once_more(tmp_path: Path) -> None:
    home, known = restored_home(tmp_path)
    keys, mark = (home / "keystore").read_bytes(), home / "restored"
    mark.write_bytes(b"worn out")
    settings = load_settings(Home(home), {})
    with open_database(home / "ledger") as database, pytest.raises(KeystoreError) as caught:
        take_up_chain(Home(home), settings, database)
    assert "popctl wallet restore" in str(caught.value)
    other = secret(tmp_path / "other", words_from_seed(bytes([1]) * 32))
    refused = popctl("restore", "--home", str(home), "--words-file", other, *known[2:])
    assert (refused.exit_code, mark.read_bytes()) == (4, b"worn out")
    again = popctl("restore", "--home", str(home), *known)
    assert again.exit_code == 0, again.output
    assert (decode(mark.read_bytes(), 100), (home / "keystore").read_bytes()) == ((), keys)


def test_the_same_keys_are_not_restored_twice_under_two_names(tmp_path: Path) -> None:
    home, known = restored_home(tmp_path)
    twice = popctl("restore", "band", "--home", str(home), *known)
    assert (twice.exit_code, "here already, as 'first'" in twice.output) == (6, True)
    assert f"wallet use first --home {home}" in twice.output
    assert not (home / "identities").exists()


def test_several_identities_live_in_one_home(tmp_path: Path) -> None:
    home = ["--home", str(tmp_path)]
    create_practice_keystore(tmp_path, random_keyring())
    files = ["--words-file", str(tmp_path / "paper")]
    files += ["--passphrase-file", secret(tmp_path / "pass")]
    made = popctl("new", "band", *home, *files)
    assert made.exit_code == 0, made.output
    assert "wallet use band" in made.output
    rows = json.loads(popctl("identities", *home, "--json").output)["identities"]
    assert [(row["name"], row["active"]) for row in rows] == [("first", True), ("band", False)]
    first, band = (row["did"] for row in rows)
    assert first == to_did(IdentityId(public_key(open_practice_keystore(tmp_path).identity_seed)))
    assert band in made.output
    shown = [f"first  {first[:24]}…", f"band   {band[:24]}…"]
    assert popctl("identities", *home).output == f"* {shown[0]}\n  {shown[1]}\n"
    assert popctl("use", "band", *home).exit_code == 0
    assert popctl("identities", *home).output == f"  {shown[0]}\n* {shown[1]}\n"
    assert popctl("use", "nobody", *home).exit_code == 4
    assert popctl("use", "../..", *home).exit_code == 4


def test_keys_whose_owner_nobody_noted_are_listed_as_such(tmp_path: Path) -> None:
    create_keystore(tmp_path / "keystore", random_keyring(), PASSPHRASE, LEAST_COST)
    (tmp_path / "did").write_text("did:key:nobody")
    listed = popctl("identities", "--home", str(tmp_path)).output
    assert listed == "* first  not known before these keys are opened once\n"


def backup_of(
    keyring: Keyring, path: Path, network: str = "practice", own: bytes | None = None
) -> None:
    keystore = sealed_keyring(
        keyring, PASSPHRASE, LEAST_COST, bytes(SALT_BYTES), bytes(NONCE_BYTES)
    )
    files = {"policy.toml": b"# mine\n"} | ({} if own is None else {"own": own})
    contents = Contents(network, Milliseconds(1_700_000_000_000), (), files)
    path.write_bytes(sealed_backup(keystore, keyring, contents))


def test_a_backup_is_verified_and_restored(tmp_path: Path) -> None:
    keyring, passphrase = keyring_of(bytes(32)), secret(tmp_path / "pass")
    did = to_did(IdentityId(public_key(bytes(32))))
    backup_of(keyring, tmp_path / "backup")
    known = ["--passphrase-file", passphrase]
    checked = popctl("verify", str(tmp_path / "backup"), *known, "--json")
    assert json.loads(checked.output) == {
        "did": did,
        "network": "practice",
        "made_ms": 1_700_000_000_000,
        "entries": 0,
        "files": ["policy.toml"],
    }
    home = tmp_path / "home"
    back = popctl("restore", "--home", str(home), "--from", str(tmp_path / "backup"), *known)
    assert back.exit_code == 0, back.output
    assert did in back.output
    assert open_keystore(place_named(home, "first").keystore, PASSPHRASE) == keyring
    assert (home / "policy.toml").read_text() == "# mine\n"
    assert place_in_use(home).restored.exists()


@pytest.mark.parametrize("is_damaged", [False, True])
def test_damaged_notes_in_a_backup_are_told_and_left_out(is_damaged: bool, tmp_path: Path) -> None:
    own = edited_own(b"", 1, "petnames", "ab" * 32, "Ben")
    own = own[:-1] + bytes([own[-1] ^ is_damaged])
    backup_of(keyring_of(bytes(32)), tmp_path / "backup", own=own)
    known = ["--passphrase-file", secret(tmp_path / "pass")]
    checked = popctl("verify", str(tmp_path / "backup"), *known)
    assert (checked.exit_code, "not the file 'own'" in checked.output) == (
        4 * is_damaged,
        is_damaged,
    )
    assert ("is whole" in checked.output) is not is_damaged
    home = tmp_path / "home"
    back = popctl("restore", "--home", str(home), "--from", str(tmp_path / "backup"), *known)
    assert (back.exit_code, "own in the backup is left out" in back.output) == (0, is_damaged)
    assert (home / "own").exists() is not is_damaged
    assert (home / "policy.toml").read_text() == "# mine\n"


def test_a_backup_into_a_folder_that_is_missing_makes_none(tmp_path: Path) -> None:
    create_keystore(tmp_path / "keystore", random_keyring(), PASSPHRASE, LEAST_COST)
    done = popctl("backup", "--home", str(tmp_path), str(tmp_path / "stick" / "backup"))
    assert (done.exit_code, f"There is no folder {tmp_path / 'stick'}" in done.output) == (2, True)
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize("wrong", ["passphrase", "cut", "network", "missing"])
def test_a_backup_that_is_not_right_restores_nothing(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    backup_of(keyring_of(bytes(32)), path, "main" if wrong == "network" else "practice")
    text = "wrong horse" if wrong == "passphrase" else PASSPHRASE
    if wrong == "cut":
        path.write_bytes(path.read_bytes()[:-10])
    if wrong == "missing":
        path.unlink()
    home = tmp_path / "home"
    done = popctl(
        "restore", "--home", str(home), "--from", str(path),
        "--passphrase-file", secret(tmp_path / "pass", text),
    )  # fmt: skip
    assert done.exit_code in (1, 2, 4)
    assert done.output.strip()
    assert "Traceback" not in done.output
    assert not home.exists()


def test_the_passphrase_is_changed_and_given_to_keys_that_had_none(tmp_path: Path) -> None:
    keyring = random_keyring()
    create_practice_keystore(tmp_path, keyring)
    one, other = secret(tmp_path / "one", "first one"), secret(tmp_path / "other", "second one")
    home = ["--home", str(tmp_path)]
    assert popctl("passphrase", *home, "--new-file", one).exit_code == 0
    assert not (tmp_path / "keystore.passphrase").exists()
    assert open_keystore(tmp_path / "keystore", "first one") == keyring
    changed = popctl("passphrase", *home, "--passphrase-file", one, "--new-file", other)
    assert changed.exit_code == 0
    assert open_keystore(tmp_path / "keystore", "second one") == keyring
    wrong = popctl("passphrase", *home, "--passphrase-file", one, "--new-file", one)
    assert (wrong.exit_code, "does not open" in wrong.output) == (4, True)


def test_no_secret_is_in_the_process_list() -> None:
    line = [*POPCTL, "wallet", "passphrase", "--help"]
    options = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert "--passphrase-file" in options
    assert not re.search(r"--passphrase\s", options)


def test_bad_words_in_a_file_are_a_sentence_and_restore_nothing(tmp_path: Path) -> None:
    for number, words in enumerate(("abandon " * 24, "abandon " * 23, "zebra xylophone", "\x00")):
        home, paper = tmp_path / str(number), secret(tmp_path / f"paper {number}", words)
        done = popctl("restore", "--home", str(home), "--words-file", paper)
        assert (done.exit_code, "Nothing was restored" in done.output) == (1, True)
        assert not home.exists()


def test_a_passphrase_file_may_end_its_line_as_windows_does(tmp_path: Path) -> None:
    create_keystore(tmp_path / "keystore", random_keyring(), PASSPHRASE, LEAST_COST)
    one, other = secret(tmp_path / "one", f"{PASSPHRASE}\r"), secret(tmp_path / "other", "another")
    home = ["--home", str(tmp_path)]
    done = popctl("passphrase", *home, "--passphrase-file", one, "--new-file", other)
    assert done.exit_code == 0, done.output
