"""The vocabulary of feelings: what a rating can say that music felt like.

A short list in everybody's words, after the Geneva Emotional Music Scale (Zentner, Grandjean and
Scherer 2008): wonder, transcendence, tenderness, nostalgia, peacefulness, power, joy, tension and
sadness, with groove and surprise added.
"""

from typing import Final

FEELINGS: Final = (
    "joy",
    "calm",
    "wonder",
    "tension",
    "longing",
    "groove",
    "tears",
    "power",
    "surprise",
    "warmth",
)
"""In the order in which they are offered; ratings list them sorted."""
