"""Why a keystore was not opened or not written."""

from enum import StrEnum, unique


@unique
class KeystoreReason(StrEnum):
    """One name for each way in which a keystore can fail its owner."""

    MISSING = "missing"
    EXISTS = "exists"
    OPEN_TO_OTHERS = "open to others"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    NEWER_VERSION = "newer version"
    COST_OUT_OF_BOUNDS = "cost out of bounds"
    EMPTY_PASSPHRASE = "empty passphrase"
    WRONG_PASSPHRASE = "wrong passphrase"
    LOCKED = "locked"
    BAD_NAME = "bad name"
    NO_KEYRING = "no keyring"
    NO_ROOM = "no room"


class KeystoreError(Exception):
    """A refusal: the reason for programs, and for people a sentence with the next step."""

    def __init__(self, reason: KeystoreReason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
