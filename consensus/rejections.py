"""Why something from outside is not accepted: one enum of reasons, one exception."""

from enum import StrEnum


class RejectionReason(StrEnum):
    """Every reason for which the rules turn something down."""

    MALFORMED = "malformed"
    NOT_CANONICAL = "not_canonical"
    TOO_LARGE = "too_large"
    OUT_OF_RANGE = "out_of_range"
    WRONG_NETWORK = "wrong_network"
    BAD_SIGNATURE = "bad_signature"
    WRONG_REFERENCES = "wrong_references"

    BROKEN_CHAIN = "broken_chain"
    TIME_RUNS_BACKWARDS = "time_runs_backwards"
    VERSION_FELL = "version_fell"
    WRONG_REFERENCE_KIND = "wrong_reference_kind"

    NONCE_USED_TWICE = "nonce_used_twice"
    BAD_OPENING = "bad_opening"
    CANDIDATE_IS_PERFORMER = "candidate_is_performer"
    DUPLICATE = "duplicate"
    BAD_SHARES = "bad_shares"
    UNKNOWN_SESSION = "unknown_session"
    WRONG_WINDOW = "wrong_window"
    OVERLAPPING_WINDOWS = "overlapping_windows"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    WRONG_CHART = "wrong_chart"
    WRONG_DAY_INDEX = "wrong_day_index"
    BAD_TICKET = "bad_ticket"
    OWN_BLOCK = "own_block"
    WRONG_DAY = "wrong_day"

    UNKNOWN_BLOCK = "unknown_block"
    ALREADY_MINTED = "already_minted"
    NOT_DRAWN = "not_drawn"
    WRONG_VERDICT = "wrong_verdict"
    NO_QUORUM = "no_quorum"
    BELOW_FLOOR = "below_floor"
    NOT_BELIEVED = "not_believed"
    WRONG_AMOUNT = "wrong_amount"

    WRONG_PERFORMER = "wrong_performer"
    WRONG_RATING = "wrong_rating"
    BAD_GUEST = "bad_guest"

    INSUFFICIENT_FUNDS = "insufficient_funds"
    WRONG_RECIPIENT = "wrong_recipient"
    ALREADY_TAKEN = "already_taken"
    UNKNOWN_STAKE = "unknown_stake"
    ABOUT_ONESELF = "about_oneself"
    NOTHING_TO_RECONCILE = "nothing_to_reconcile"

    BROKEN_DEPENDENCY = "broken_dependency"

    @property
    def is_in_the_bytes(self) -> bool:
        """Whether everybody sees it alike from the bytes alone; only then the deliverer pays."""
        return self in IN_THE_BYTES


IN_THE_BYTES = frozenset(
    {
        RejectionReason.MALFORMED,
        RejectionReason.NOT_CANONICAL,
        RejectionReason.TOO_LARGE,
        RejectionReason.OUT_OF_RANGE,
        RejectionReason.WRONG_NETWORK,
        RejectionReason.BAD_SIGNATURE,
        RejectionReason.WRONG_REFERENCES,
    }
)


class RejectionError(Exception):
    """Something from outside breaks a rule; carries the reason and a sentence for people."""

    def __init__(self, reason: RejectionReason, message: str) -> None:
        super().__init__(f"{reason.value}: {message}")
        self.reason = reason
        self.message = message
