"""Stock: what a node keeps and why, of one moment, to be shown."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from consensus.identifiers import IdentityId, NodeKey
from popd.node.accounts import Total
from popd.node.budgets import is_roomy, peer_bytes, subnet_bytes
from popd.node.declined import Refusal
from popd.node.keeping import Keeping
from popd.node.tiers import Tier

MAX_LISTED: Final = 20
"""Peers, subnets and declined people that are listed, the largest or latest first."""


@dataclass(frozen=True, slots=True)
class StoreSizes:
    """What the file on disk holds."""

    entries: int
    """How many entries."""
    entry_bytes: int
    """Their bytes, without keys and indexes."""
    blobs: int
    """How many charts and pieces of evidence."""
    blob_bytes: int
    """Their bytes."""
    file_bytes: int
    """How large the file is, without its write-ahead log."""
    free_bytes: int
    """What of it is free."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is kept of strangers because one peer, or one subnet, delivered them first."""

    subnet: str
    """Where from; empty where that isn't known."""
    peer: NodeKey | None
    """Which peer; None for a whole subnet, or for what was here before the node started."""
    authors: int
    """How many strangers."""
    bytes: int
    """What they take up, with what they name."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What is kept, and why."""

    store_bytes: int
    """What all entries may take up."""
    kept_bytes: int
    """What they take up."""
    share_bytes: int
    """What strangers may take of it now."""
    strangers_bytes: int
    """What strangers take, with what they name."""
    peer_bytes: int
    """What one peer's strangers may take once the share is half full."""
    subnet_bytes: int
    """What one subnet's strangers may take then."""
    is_roomy: bool
    """The share is at most half full: every stranger is taken in whole."""
    is_emptying: bool
    """The share was over its bound, and entries are being let go."""
    totals: Mapping[Tier, Total]
    """What each tier comes to."""
    peers: tuple[Delivered, ...]
    """The peers whose strangers take up most."""
    subnets: tuple[Delivered, ...]
    """The same by subnet."""
    declined: Mapping[Refusal, int]
    """How many people are not kept whole at present, by the reason."""
    latest_declined: tuple[tuple[IdentityId, Refusal], ...]
    """The latest of them."""
    evicted_entries: int
    """How many entries were let go since the node started."""
    pinned: frozenset[IdentityId]
    """Whom the user pinned."""


def stock_of(keeping: Keeping) -> Stock:
    """What a node keeps now."""
    accounts, share = keeping.accounts, keeping.evicting.share_bytes
    keeping.declined.authors(keeping.context.now_ms)
    marks = keeping.declined.marks
    latest = list(reversed(marks.items()))[:MAX_LISTED]
    return Stock(
        store_bytes=keeping.context.settings.store_bytes,
        kept_bytes=accounts.bytes,
        share_bytes=share,
        strangers_bytes=accounts.strangers_bytes,
        peer_bytes=peer_bytes(share),
        subnet_bytes=subnet_bytes(share),
        is_roomy=is_roomy(accounts.strangers_bytes, share),
        is_emptying=keeping.evicting.is_on,
        totals={tier: accounts.totals[tier] for tier in Tier},
        peers=_largest(
            Delivered(payer.subnet, payer.peer, payer.strangers, payer.bytes)
            for payer in accounts.payers.values()
        ),
        subnets=_largest(_by_subnet(keeping)),
        declined=Counter(mark.refusal for mark in marks.values()),
        latest_declined=tuple((author, mark.refusal) for author, mark in latest),
        evicted_entries=keeping.evicting.entries,
        pinned=keeping.tiers.pinned,
    )


def _by_subnet(keeping: Keeping) -> Iterator[Delivered]:
    authors: Counter[str] = Counter()
    for payer in keeping.accounts.payers.values():
        authors[payer.subnet] += payer.strangers
    for subnet, total in keeping.accounts.subnets.items():
        yield Delivered(subnet, None, authors[subnet], total.bytes)


def _largest(delivered: Iterable[Delivered]) -> tuple[Delivered, ...]:
    return tuple(nlargest(MAX_LISTED, delivered, key=lambda one: (one.bytes, one.subnet)))
