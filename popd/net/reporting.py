"""Turns what the edge holds into what it reports."""

from collections.abc import Container

from consensus.identifiers import NodeKey
from popd.net.address_book import AddressBook
from popd.net.peering import Path, Peering
from popd.reports import DialFailure, PathReport, PathState, PeerPaths

MAX_FAILURES = 32
"""Addresses listed as failing, the most tried first."""


def paths_of(peering: Peering, subnet: str, since_us: int, now_us: int) -> PeerPaths:
    """A peer and the paths to it."""
    paths = sorted(peering.paths, key=lambda path: path is not peering.active)
    return PeerPaths(
        peer=peering.key,
        subnet=subnet,
        since_us=since_us,
        paths=tuple(_path(peering, path, now_us) for path in paths),
        changes=peering.changes,
        traffic=peering.session.traffic,
    )


def _path(peering: Peering, path: Path, now_us: int) -> PathReport:
    meter = path.meter
    state = PathState.ACTIVE if path is peering.active else PathState.SPARE
    if peering.standing(path, now_us).is_failing:
        state = PathState.FAILING
    return PathReport(
        address=path.name.address,
        transport=path.name.endpoint.transport.value,
        is_outbound=path.name.is_outbound,
        round_trip_us=meter.round_trip_us,
        loss_ppm=meter.loss_ppm,
        bytes_per_s=meter.throughput(now_us),
        state=state,
        since_us=path.since_us,
    )


def failures_in(book: AddressBook, reached: Container[NodeKey]) -> tuple[DialFailure, ...]:
    """The addresses whose last attempt failed, of peers that are not reached another way."""
    missed = (a for a in book.all() if a.failures and a.key not in reached)
    failed = sorted(missed, key=lambda a: -a.failures)
    return tuple(DialFailure(a.address, a.failures, a.error) for a in failed[:MAX_FAILURES])
