"""A band: the five voices behind a melody, from what each plays part by part."""

from collections.abc import Mapping, Sequence

from game.charts.songs.arranging import (
    BASS_VELOCITY,
    HAT,
    KICK,
    SNARE,
    Groove,
    Walk,
    bass_tones,
    drum_tones,
    pad_tones,
)
from game.charts.songs.notation import TICKS_PER_BAR
from game.charts.songs.song import Voice


def band(
    *,
    kicks: Sequence[Groove],
    snares: Sequence[Groove],
    hats: Sequence[Groove],
    walks: Sequence[Walk],
    swells: Sequence[tuple[int, float]],
    chords: Sequence[str],
    roots: Mapping[str, str],
    spelled: Mapping[str, str],
    bass_velocity: float = BASS_VELOCITY,
    ticks_per_bar: int = TICKS_PER_BAR,
) -> tuple[Voice, ...]:
    """Kick, snare, hat, a bass that walks on the chords' roots, and a pad that holds them."""
    bass = bass_tones(chords, roots, walks, bass_velocity, ticks_per_bar)
    return (
        Voice("kick", "kick", tuple(drum_tones(KICK, kicks, ticks_per_bar)), "kick"),
        Voice("snare", "snare", tuple(drum_tones(SNARE, snares, ticks_per_bar)), "snare"),
        Voice("hat", "hat", tuple(drum_tones(HAT, hats, ticks_per_bar)), "hat"),
        Voice("bass", "bass", tuple(bass), "bass"),
        Voice("pad", "pad", tuple(pad_tones(chords, spelled, swells, ticks_per_bar)), "pad"),
    )
