"""The keyring of the operating system, for those who don't want to type their passphrase.

Optional: it needs the package `keyring` (`pip install 'popd[keyring]'`) and a keyring that the
system unlocks with its own login. What lies there opens the keystore, so it is as safe as that.
"""

from pathlib import Path
from typing import Final

from wallet.keystore_errors import KeystoreError, KeystoreReason

SERVICE: Final = "popd"


def remember_passphrase(keystore: Path, passphrase: str) -> None:
    """Keeps the passphrase of a keystore. Raises KeystoreError NO_KEYRING."""
    try:
        import keyring

        keyring.set_password(SERVICE, str(keystore), passphrase)
    except Exception as error:
        raise _unusable(error) from error


def remembered_passphrase(keystore: Path) -> str | None:
    """The passphrase of a keystore; None where none is kept, or no keyring can be asked."""
    try:
        import keyring

        return keyring.get_password(SERVICE, str(keystore))
    except Exception:  # noqa: BLE001 (backends raise whatever their system does)
        return None


def forget_passphrase(keystore: Path) -> None:
    """Lets go of the passphrase of a keystore. Raises KeystoreError NO_KEYRING."""
    try:
        import keyring

        if keyring.get_password(SERVICE, str(keystore)) is not None:
            keyring.delete_password(SERVICE, str(keystore))
    except Exception as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> KeystoreError:
    if isinstance(error, ImportError):
        why = "The package that speaks to it is missing: pip install 'popd[keyring]'."
    else:
        why = f"It can't be used here ({type(error).__name__})."
    return KeystoreError(
        KeystoreReason.NO_KEYRING,
        f"The system's keyring keeps nothing. {why} Type the passphrase instead.",
    )
