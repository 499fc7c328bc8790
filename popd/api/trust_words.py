"""Why somebody is believed to be a real person, in sentences."""

from collections.abc import Sequence

from consensus.identifiers import IdentityId
from consensus.trust.bridges import Bridge
from consensus.trust.clusters import Cluster
from consensus.trust.voices import Voice
from popd.api.names import Names
from popd.api.trust_society import Society

SAME = 0.5
"""From this likeness on somebody says mostly what others say."""


def cluster_name(names: Names, cluster: Cluster[IdentityId]) -> str:
    """A cluster is called after whoever is in its middle."""
    middle = "you" if cluster.centre == names.me else names.of(cluster.centre)
    return f"around {middle}"


def why_believed(
    society: Society,
    who: IdentityId,
    voices: Sequence[Voice],
    bridge: Bridge[IdentityId] | None,
) -> list[str]:
    """Sentences about one person, the figure first."""
    person, people = society.person(who), list(society.number)
    if not voices:
        return ["Nobody has acknowledged them yet: play together, or witness each other."]
    weight = sum(voice.weight for voice in voices)
    sentences = [
        f"{_people(len(voices))} acknowledged them, as fresh as {weight:.1f} of today. They count "
        f"as {person.n_eff:.1f} different people: {person.belief:.0%} that this is a real person."
    ]
    same = sum(voice.alike >= SAME for voice in voices)
    if same:
        sentences.append(f"{_people(same)} of them mostly know each other, and count less.")
    places = {society.home.get(people[voice.source], "") for voice in voices} - {""}
    if len(places) > 1:
        sentences.append(f"They are acknowledged in {len(places)} clusters.")
    if bridge is not None:
        sentences.append(
            f"They join clusters: {bridge.weight:.0%} of the trust between two of them goes "
            "through this person."
        )
    return sentences


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
