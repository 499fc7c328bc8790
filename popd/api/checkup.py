"""The doctor's checks: from the facts about a daemon to what is wrong and what to do about it.

Each check is a function from facts to findings; to add one, write it and append it to `CHECKS`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from popd.api.peer_shapes import Checkup, Finding
from popd.reports import EdgeReport

SCARCE_BYTES: Final = 500_000_000
"""Less free space than this is worth a word."""
NO_SPACE_BYTES: Final = 50_000_000
MANY_WAITING_EVENTS: Final = 2_000
MANY_REFUSED: Final = 100
LOSSY_PPM: Final = 100_000
SLOW_ROUND_TRIP_US: Final = 500_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks look at."""

    network: str
    """`main` or `practice`."""
    edge: EdgeReport
    """The network and what waits."""
    is_forked: bool
    """The user's own chain has branches."""
    has_begun: bool
    """The user's own chain has its first entry."""
    deferred_entries: int
    """Entries of others that are ahead of this machine's clock."""
    unsettled_entries: int
    """Entries that wait for others to arrive."""
    banned: int
    """Peers that are kept out."""
    lateness_us: int
    """How late the node's own alarms ring."""
    is_elsewhere: bool
    """The same keys also wrote at another node."""
    restoring: tuple[str, str]
    """Why a chain that comes back is not written on, and what to do; empty where it is."""
    policy_trouble: str
    """Why what counts for the user isn't what they wrote; empty where all is well."""


def checkup(facts: Facts) -> Checkup:
    """All findings, problems first."""
    found = [finding for check in CHECKS for finding in check(facts)]
    order = {"problem": 0, "note": 1, "good": 2}
    found.sort(key=lambda finding: order[finding.level])
    return Checkup(all(finding.level != "problem" for finding in found), found)


def check_disk(facts: Facts) -> Iterator[Finding]:
    """There must be room to write."""
    free = facts.edge.free_bytes
    megabytes = f"{free / 1e6:,.0f} MB are free"
    if free < NO_SPACE_BYTES:
        yield Finding("problem", "Disk", f"Only {megabytes}.", "Free some space now.")
    elif free < SCARCE_BYTES:
        yield Finding("note", "Disk", f"Only {megabytes}.", "Free some space soon.")
    else:
        yield Finding("good", "Disk", f"{megabytes}.")


def check_chain(facts: Facts) -> Iterator[Finding]:
    """The user's own chain."""
    if facts.is_elsewhere:
        then = ", then: popctl wallet reconcile." if facts.is_forked else "."
        step = f"Stop one of the two{then}"
        yield Finding("problem", "Your chain", "These keys also run elsewhere.", step)
    elif facts.is_forked:
        yield Finding(
            "problem",
            "Your chain",
            "It has two branches: an old copy of your keys wrote as well.",
            "Stop the other copy, then: popctl wallet reconcile.",
        )
    elif facts.restoring[0]:
        yield Finding("note", "Your chain", *facts.restoring)
    elif facts.has_begun:
        yield Finding("good", "Your chain", "It is whole.")
    else:
        yield Finding("note", "Your chain", "It has no entry yet.", "Wait a moment.")


def check_peers(facts: Facts) -> Iterator[Finding]:
    """Somebody must be there."""
    peers = len(facts.edge.peers)
    if peers:
        yield Finding("good", "Peers", f"{peers} connected.")
    elif facts.network == "practice":
        yield Finding(
            "problem", "Peers", "Nobody is connected.", "Start neighbours: popctl up --practice."
        )
    else:
        yield Finding(
            "problem",
            "Peers",
            "Nobody is connected.",
            "Join the same network as somebody who plays, or reach one with --dial ADDRESS.",
        )
    if facts.banned:
        yield Finding(
            "note", "Peers", f"{facts.banned} kept out for what they did.", "See popctl peers."
        )


def check_dialling(facts: Facts) -> Iterator[Finding]:
    """Addresses that don't answer."""
    for failure in facts.edge.network.failures[:5]:
        yield Finding(
            "note",
            "Reaching",
            f"{failure.address} is not reached: {failure.error} ({failure.failures} times).",
            "Check that the other node runs, its network, and its address.",
        )


def check_paths(facts: Facts) -> Iterator[Finding]:
    """Ways that lose or delay much."""
    for peer in facts.edge.peers:
        for path in peer.paths[:1]:
            if path.loss_ppm > LOSSY_PPM:
                lost = path.loss_ppm / 10_000
                yield Finding(
                    "note",
                    "Ways",
                    f"{lost:.0f} % of what goes over {path.address} is lost.",
                    "Move nearer to your access point, or use a cable.",
                )
            if (path.round_trip_us or 0) > SLOW_ROUND_TRIP_US:
                yield Finding(
                    "note",
                    "Ways",
                    f"{path.address} answers only after half a second or more.",
                    "Witnessing needs less; somebody nearer can witness you.",
                )


def check_discovery(facts: Facts) -> Iterator[Finding]:
    """How others are found."""
    network = facts.edge.network
    if not network.listening:
        yield Finding(
            "problem", "Listening", "Nobody can reach this node.", "Set `listen` in config.toml."
        )
    if network.mdns == "running":
        yield Finding("good", "Nearby", "Nodes on the same network find this one.")
    elif facts.network != "practice":
        yield Finding("note", "Nearby", f"Nodes on the same network aren't found: {network.mdns}.")


def check_clock(facts: Facts) -> Iterator[Finding]:
    """Entries from the future mean that somebody's clock is wrong, maybe ours."""
    if facts.deferred_entries:
        yield Finding(
            "note",
            "Clock",
            f"{facts.deferred_entries} entries of others are dated later than it is here.",
            "If it stays so, set this machine's clock.",
        )
    else:
        yield Finding("good", "Clock", "Nobody is ahead of it.")


def check_load(facts: Facts) -> Iterator[Finding]:
    """Whether the machine keeps up."""
    edge = facts.edge
    if edge.waiting_events > MANY_WAITING_EVENTS or facts.lateness_us > 500_000:
        yield Finding(
            "problem",
            "Load",
            f"The node does not keep up: {edge.waiting_events} events wait.",
            "Close other programs; your play may come too late to be sealed.",
        )
    else:
        yield Finding("good", "Load", "The node keeps up.")
    if edge.dropped_messages:
        yield Finding(
            "note",
            "Load",
            f"{edge.dropped_messages} messages were dropped because nobody could read so much.",
            "Nothing is lost for good: comparing with peers brings it again.",
        )
    if facts.unsettled_entries:
        yield Finding(
            "note",
            "Ledger",
            f"{facts.unsettled_entries} entries wait for what they build on.",
            "It is being asked for.",
        )


def check_policy(facts: Facts) -> Iterator[Finding]:
    """What the user wrote of what counts must be readable, or something else counts."""
    if facts.policy_trouble:
        yield Finding(
            "problem",
            "Policy",
            facts.policy_trouble,
            "Correct the file, or write another: popctl value policy edit.",
        )
    else:
        yield Finding("good", "Policy", "What counts for you can be read.")


CHECKS: Final[tuple[Callable[[Facts], Iterator[Finding]], ...]] = (
    check_disk,
    check_chain,
    check_peers,
    check_dialling,
    check_paths,
    check_discovery,
    check_clock,
    check_load,
    check_policy,
)
