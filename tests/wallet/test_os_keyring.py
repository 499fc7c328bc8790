"""The system's keyring keeps a passphrase, or says why it can't."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.os_keyring import forget_passphrase, remember_passphrase, remembered_passphrase

ONE, OTHER = Path("/home/one/keystore"), Path("/home/other/keystore")


class InMemory(KeyringBackend):
    """What a desktop's keyring does."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture
def backend() -> Iterator[InMemory]:
    before, backend = keyring.get_keyring(), InMemory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.mark.usefixtures("backend")
def test_each_keystore_has_a_passphrase_of_its_own_until_it_is_forgotten() -> None:
    assert remembered_passphrase(ONE) is None
    remember_passphrase(ONE, "one")
    remember_passphrase(OTHER, "other")
    assert [remembered_passphrase(path) for path in (ONE, OTHER)] == ["one", "other"]
    forget_passphrase(ONE)
    forget_passphrase(ONE)
    assert [remembered_passphrase(path) for path in (ONE, OTHER)] == [None, "other"]


@pytest.mark.usefixtures("backend")
def test_without_a_keyring_nothing_is_kept_and_the_reason_is_told() -> None:
    keyring.set_keyring(NoKeyring())
    assert remembered_passphrase(ONE) is None
    for use in (lambda: remember_passphrase(ONE, "one"), lambda: forget_passphrase(ONE)):
        with pytest.raises(KeystoreError, match="Type the passphrase") as caught:
            use()
        assert caught.value.reason is KeystoreReason.NO_KEYRING
