"""Riffs of a session as an attack answers them: the part of a faked play that can't be prepared."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.challenge import RIFF_LENGTH_US, is_answered, riff_notes
from consensus.evidence import NONCE_SIZE, KeyEvent, NonceEvent
from consensus.parameters import MAIN
from consensus.units import Ppm, ratio_ppm
from game.bots.riff_reaction import RiffReaction
from game.bots.riff_table import RiffTable
from game.bots.strokes import events_of

FLOOR_PPM: Final = MAIN.liveness_floor_ppm
WINDOW_US: Final = MAIN.window_ms * 1_000
SLOT_US: Final = MAIN.slot_ms * 1_000


@dataclass(frozen=True, slots=True)
class Liveness:
    """How an attack met a window's riffs."""

    answered_ppm: Ppm
    """Share of the riffs answered; 0 where the attack answers none."""
    reaction_us: int
    """Mean reaction time of who answers live; 0 for all others."""


def session_nonces(rng: Random) -> tuple[NonceEvent, ...]:
    """A nonce in each slot of a whole window, early enough that its riff ends in the slot."""
    return tuple(
        NonceEvent(
            slot * SLOT_US + rng.randrange(SLOT_US - RIFF_LENGTH_US),
            slot,
            rng.randbytes(NONCE_SIZE),
        )
        for slot in range(WINDOW_US // SLOT_US)
    )


def liveness_of(attacker: object, keys: int, rng: Random) -> Liveness:
    """How an attacker answers the riffs of a whole window of the main network.

    Riffs come by the clock and not by the note: even 30 notes are part of a window with eight.
    """
    if not isinstance(attacker, RiffTable | RiffReaction):
        return Liveness(Ppm(0), 0)
    nonces = session_nonces(rng)
    answers = events_of(attacker.answer(nonces, keys, rng), WINDOW_US)
    answered = _answered(nonces, answers, keys)
    reaction_us = attacker.reaction_us if isinstance(attacker, RiffReaction) else 0
    return Liveness(ratio_ppm(answered, len(nonces)), reaction_us)


def _answered(nonces: Sequence[NonceEvent], answers: Sequence[KeyEvent], keys: int) -> int:
    return sum(is_answered(riff_notes(nonce, keys), answers) for nonce in nonces)
