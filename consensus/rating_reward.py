"""What a rating mints: less each day that the same rater praises the same performer, and less the
more they have praised anybody lately; all of a concert's together no more than its play minted."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from consensus.identifiers import IdentityId
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.units import MILLION, MicroJam, Ppm

MILLION_CUBED = MILLION**3
"""The unit of a product of three ratios in ppm."""


class RatingWord(NamedTuple):
    """What one rating's worth rests on."""

    rater: IdentityId
    """Who answers for it: its author."""
    score_ppm: Ppm
    """What it says."""
    presence: Presence
    """The lower of both sides' claims."""
    familiarity_days: int
    """f: on how many of the 30 days before the author rated the performer, as declared."""
    budget_ppm: int
    """j: the scores that the author gave in the last seven days, as declared."""
    is_performer: bool
    """The author plays in the concert: then the rating shows, and mints nothing."""


def rating_ujam(params: NetworkParams, word: RatingWord) -> MicroJam:
    """R score presence 0.6^f B/(B+j), rounded down once; nothing for a performer's own."""
    if word.is_performer:
        return MicroJam(0)
    decay = params.rating_familiarity_decay_ppm
    if word.familiarity_days >= len(decay):
        return MicroJam(0)
    numerator = (
        params.rating_reward_ujam
        * word.score_ppm
        * params.presence_ppm[word.presence]
        * decay[word.familiarity_days]
        * params.rating_budget_ppm
    )
    denominator = MILLION_CUBED * (params.rating_budget_ppm + word.budget_ppm)
    return MicroJam(numerator // denominator)


def rated_amounts(
    params: NetworkParams, words: Iterable[RatingWord], left_ujam: int
) -> Iterator[MicroJam]:
    """What each rating mints in turn, as long as there is something left for them."""
    for word in words:
        amount = MicroJam(min(left_ujam, rating_ujam(params, word)))
        left_ujam -= amount
        yield amount
