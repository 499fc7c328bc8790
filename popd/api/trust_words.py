"""Why somebody is believed to be a real person, in sentences."""

from collections.abc import Sequence
from typing import Final

from consensus.identifiers import IdentityId
from consensus.trust.bridges import Bridge
from consensus.trust.clusters import Cluster
from consensus.trust.voices import Voice
from popd.api.names import Names
from popd.api.trust_society import Society

SAME = 0.5
"""From this likeness on somebody says mostly what others say."""


OTHERS: Final = ("them", "They are", "They join", "this is", "this person")
ME: Final = ("you", "You are", "You join", "you are", "you")


def cluster_name(names: Names, cluster: Cluster[IdentityId]) -> str:
    """A cluster is called after whoever is in its middle."""
    middle = "you" if cluster.centre == names.me else names.of(cluster.centre)
    return f"around {middle}"


def why_believed(
    society: Society,
    who: IdentityId,
    voices: Sequence[Voice],
    bridge: Bridge[IdentityId] | None,
    *,
    is_me: bool = False,
) -> list[str]:
    """Sentences about one person, the figure first; to the user where it is about them."""
    them, they_are, they_join, this_is, this_person = ME if is_me else OTHERS
    person, people = society.person(who), list(society.number)
    if not voices:
        return [f"Nobody has acknowledged {them} yet: play together, or witness each other."]
    weight = sum(voice.weight for voice in voices)
    sentences = [
        f"{_people(len(voices))} acknowledged {them}; faded with time, and counted once a month, "
        f"that makes {weight:.1f}. {'It counts' if len(voices) == 1 else 'They count'} as "
        f"{person.n_eff:.1f} different people: {person.belief:.0%} that {this_is} a real person."
    ]
    same = sum(voice.alike >= SAME for voice in voices)
    if same:
        sentences.append(_alike(same, len(voices)))
    places = {society.home.get(people[voice.source], "") for voice in voices} - {""}
    if len(places) > 1:
        sentences.append(f"{they_are} acknowledged in {len(places)} clusters.")
    if bridge is not None:
        sentences.append(
            f"{they_join} clusters: {bridge.weight:.0%} of the trust between two of them goes "
            f"through {this_person}."
        )
    return sentences


def _alike(same: int, voices: int) -> str:
    if same == voices:
        return "All of them mostly know each other, and count less."
    if same == 1:
        return "1 of them mostly says what the others say, and counts less."
    return f"{same:,} of them mostly know each other, and count less."


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
