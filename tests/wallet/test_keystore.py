import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wallet.keyring import Keyring, keyring_of, random_keyring
from wallet.keystore import (
    change_passphrase,
    create_keystore,
    create_practice_keystore,
    open_keystore,
    open_practice_keystore,
    read_passphrase_file,
)
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.sealing import LEAST_COST

KEYRING = Keyring(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A keystore of KEYRING under the passphrase "old", in a folder of its own."""
    path = tmp_path / "home/keystore"
    create_keystore(path, KEYRING, "old", LEAST_COST)
    return path


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_keystore_comes_back_and_only_its_owner_can_read_it(path: Path) -> None:
    assert open_keystore(path, "old") == KEYRING
    assert (mode_of(path), mode_of(path.parent)) == (0o600, 0o700)
    assert [file.name for file in path.parent.iterdir()] == ["keystore"]


def test_an_existing_keystore_is_never_overwritten(path: Path) -> None:
    before = snapshot(path.parent)
    with pytest.raises(KeystoreError) as refusal:
        create_keystore(path, random_keyring(), "new", LEAST_COST)
    assert refusal.value.reason is KeystoreReason.EXISTS
    assert snapshot(path.parent) == before


def test_a_missing_keystore_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeystoreError) as refusal:
        open_keystore(tmp_path / "keystore", "old")
    assert refusal.value.reason is KeystoreReason.MISSING


def test_a_file_of_another_size_is_not_read_whole(path: Path) -> None:
    path.write_bytes(b"x" * 5000)
    with pytest.raises(KeystoreError) as refusal:
        open_keystore(path, "old")
    assert refusal.value.reason is KeystoreReason.DAMAGED


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_keystore_that_others_can_open_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(KeystoreError) as refusal:
        open_keystore(path, "old")
    assert refusal.value.reason is KeystoreReason.OPEN_TO_OTHERS
    assert str(refusal.value).endswith(f"Run: chmod 600 '{path}'")


def test_a_folder_that_others_can_write_to_is_refused(path: Path) -> None:
    path.parent.chmod(0o770)
    with pytest.raises(KeystoreError) as refusal:
        open_keystore(path, "old")
    assert refusal.value.reason is KeystoreReason.OPEN_TO_OTHERS
    with pytest.raises(KeystoreError) as refusal:
        create_keystore(path.with_name("second"), KEYRING, "old", LEAST_COST)
    assert refusal.value.reason is KeystoreReason.OPEN_TO_OTHERS


def test_a_changed_passphrase_opens_the_same_keys_and_the_old_one_opens_nothing(path: Path) -> None:
    change_passphrase(path, "old", "new", LEAST_COST)
    assert open_keystore(path, "new") == KEYRING
    assert mode_of(path) == 0o600
    with pytest.raises(KeystoreError) as refusal:
        open_keystore(path, "old")
    assert refusal.value.reason is KeystoreReason.WRONG_PASSPHRASE


def test_a_passphrase_is_not_changed_without_the_old_one(path: Path) -> None:
    before = snapshot(path.parent)
    with pytest.raises(KeystoreError):
        change_passphrase(path, "odl", "new", LEAST_COST)
    assert snapshot(path.parent) == before


def run_killed_at(step: str, call: str, path: Path) -> None:
    """Run `call` in a process that kills itself just before or after one system call."""
    moment, function = step.split()
    order = "kill(); real(*args)" if moment == "before" else "real(*args); kill()"
    script = f"""
import os, signal
from pathlib import Path
from wallet.keyring import Keyring
from wallet.keystore import change_passphrase, create_keystore
from wallet.sealing import LEAST_COST

real = os.{function}

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

def killed(*args):
    {order}

path = Path({str(path)!r})
keyring = Keyring(b"\\x01" * 32, b"\\x02" * 32, b"\\x03" * 32)
os.{function} = killed
{call}
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("step", "passphrase"),
    [
        ("before fsync", "old"),
        ("after fsync", "old"),
        ("before replace", "old"),
        ("after replace", "new"),
    ],
)
def test_a_kill_while_changing_leaves_the_old_or_the_new(
    path: Path, step: str, passphrase: str
) -> None:
    run_killed_at(step, 'change_passphrase(path, "old", "new", LEAST_COST)', path)
    assert open_keystore(path, passphrase) == KEYRING
    assert {mode_of(file) for file in path.parent.iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("step", "exists"),
    [
        ("before fsync", False),
        ("after fsync", False),
        ("before link", False),
        ("after link", True),
    ],
)
def test_a_kill_while_creating_leaves_nothing_or_the_whole(
    tmp_path: Path, step: str, exists: bool
) -> None:
    path = tmp_path / "keystore"
    run_killed_at(step, 'create_keystore(path, keyring, "old", LEAST_COST)', path)
    assert path.exists() is exists
    if not exists:
        create_keystore(path, KEYRING, "old", LEAST_COST)
    assert open_keystore(path, "old") == KEYRING


def test_practice_asks_nobody_and_both_files_are_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    create_practice_keystore(home, KEYRING)
    assert open_practice_keystore(home) == KEYRING
    assert {file.name: mode_of(file) for file in home.iterdir()} == {
        "keystore": 0o600,
        "keystore.passphrase": 0o600,
    }


def test_practice_continues_after_a_crash_between_its_two_files(tmp_path: Path) -> None:
    create_practice_keystore(tmp_path, random_keyring())
    (tmp_path / "keystore").unlink()
    create_practice_keystore(tmp_path, KEYRING)
    assert open_practice_keystore(tmp_path) == KEYRING


def test_practice_leaves_an_existing_keystore_as_it_is(path: Path) -> None:
    before = snapshot(path.parent)
    with pytest.raises(KeystoreError) as refusal:
        create_practice_keystore(path.parent, random_keyring())
    assert refusal.value.reason is KeystoreReason.EXISTS
    assert snapshot(path.parent) == before


def test_a_passphrase_file_is_one_private_line_of_text(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes("  si b\u00e9mol \n".encode())
    path.chmod(0o600)
    assert read_passphrase_file(path) == "  si b\u00e9mol "
    path.write_bytes(b"\xff\n")
    with pytest.raises(KeystoreError) as refusal:
        read_passphrase_file(path)
    assert refusal.value.reason is KeystoreReason.DAMAGED


def test_a_recovered_identity_gets_a_new_node() -> None:
    recovered = keyring_of(KEYRING.identity_seed)
    assert recovered.identity_seed == KEYRING.identity_seed
    assert len({recovered.node_key_seed, recovered.node_secret, *_secrets_of(KEYRING)}) == 5


def test_printing_a_keyring_shows_no_secret() -> None:
    assert repr(KEYRING) == "Keyring()"


def _secrets_of(keyring: Keyring) -> tuple[bytes, bytes, bytes]:
    return keyring.identity_seed, keyring.node_key_seed, keyring.node_secret


def race(path: Path, call: str, count: int) -> list[int]:
    """How several processes end that do the same to one keystore at once."""
    script = f"""
import sys
from pathlib import Path
from wallet.keyring import Keyring
from wallet.keystore import change_passphrase, create_keystore
from wallet.keystore_errors import KeystoreError
from wallet.sealing import LEAST_COST

number = int(sys.argv[1])
path = Path({str(path)!r})
keyring = Keyring(bytes([number]) * 32, bytes(32), bytes(32))
sys.stdin.read()
try:
    {call}
except KeystoreError:
    sys.exit(1)
"""
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(number)], stdin=subprocess.PIPE)
        for number in range(1, count + 1)
    ]
    for process in running:
        process.communicate()
    return [process.returncode for process in running]


def test_of_two_processes_that_create_at_once_one_has_made_it(path: Path) -> None:
    path.unlink()
    codes = race(path, "create_keystore(path, keyring, str(number), LEAST_COST)", 3)
    assert sorted(codes) == [0, 1, 1]
    number = codes.index(0) + 1
    assert open_keystore(path, str(number)).identity_seed == bytes([number]) * 32
    assert list(path.parent.iterdir()) == [path]


def test_two_processes_that_change_the_passphrase_at_once_lose_no_key(path: Path) -> None:
    codes = race(path, 'change_passphrase(path, "old", str(number), LEAST_COST)', 3)
    assert 0 in codes
    assert sum(is_opened_by(path, str(number)) for number in range(1, 4)) == 1


def is_opened_by(path: Path, passphrase: str) -> bool:
    try:
        return open_keystore(path, passphrase) == KEYRING
    except KeystoreError:
        return False


@pytest.mark.parametrize(
    "call",
    [
        'change_passphrase(path, "old", "new", LEAST_COST)',
        'create_keystore(path.with_name("another"), keyring, "new", LEAST_COST)',
    ],
)
def test_a_full_disk_says_so_and_keeps_the_keys(path: Path, call: str) -> None:
    script = f"""
import resource, signal, sys
from pathlib import Path
from wallet.keyring import Keyring
from wallet.keystore import change_passphrase, create_keystore
from wallet.keystore_errors import KeystoreError
from wallet.sealing import LEAST_COST

keyring = Keyring(bytes(32), bytes(32), bytes(32))
path = Path({str(path)!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    {call}
except KeystoreError as error:
    print(error.reason, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert "no room" in done.stdout
    assert "Make room" in done.stdout
    assert open_keystore(path, "old") == KEYRING
    assert list(path.parent.iterdir()) == [path]
