"""What is kept and why, in words: pure functions to shapes."""

from typing import Final

from consensus.units import ratio_ppm
from popd.api.names import Names
from popd.api.shapes import Person
from popd.api.store_shapes import (
    BlobsState,
    DeclinedState,
    DelivererState,
    FileState,
    StoreState,
    SubnetState,
    TierState,
)
from popd.node.declined import Refusal
from popd.node.stock import Delivered, Stock, StoreSizes
from popd.node.tiers import Tier

TIERS: Final = {
    Tier.OWN_AND_PATH: ("own_and_path", "You, people you pinned, and all whom your coins rest on."),
    Tier.TRUSTED: ("trusted", "People near you, and those you play with right now."),
    Tier.NAMED: ("named", "Single entries that these people's entries name."),
    Tier.STRANGER: ("strangers", "Everybody else, as far as there is room."),
}
REFUSALS: Final = {
    Refusal.STORE_IS_FULL: "People you trust fill the whole store.",
    Refusal.STRANGERS_ARE_FULL: "The strangers' share is full, and is being emptied.",
    Refusal.CHAIN_IS_LONG: "Of a stranger at most 256 entries are kept while room is scarce.",
    Refusal.PEER_IS_FULL: "The peer that delivered them fills its part of the strangers' share.",
    Refusal.SUBNET_IS_FULL: "Their subnet fills its part of the strangers' share.",
    Refusal.EVICTED: "They were let go to make room for others.",
}
RAISE: Final = (
    "Raise store_mb in config.toml and start again; the node needs about six times as much memory."
)
PIN: Final = "To keep all of somebody, pin them: popctl store pin DID."


def store_view(stock: Stock, sizes: StoreSizes, blob_bytes: int, names: Names) -> StoreState:
    """What is kept; `blob_bytes` is what charts and evidence may take up."""
    return StoreState(
        store_bytes=stock.store_bytes,
        kept_bytes=stock.kept_bytes,
        strangers_bound_bytes=stock.share_bytes,
        peer_bound_bytes=stock.peer_bytes,
        subnet_bound_bytes=stock.subnet_bytes,
        roomy=stock.is_roomy,
        emptying=stock.is_emptying,
        tiers=[_tier(stock, tier) for tier in Tier],
        peers=[_deliverer(one) for one in stock.peers],
        subnets=[SubnetState(one.subnet, one.authors, one.bytes) for one in stock.subnets],
        declined=[_declined(stock, refusal, names) for refusal in sorted(stock.declined)],
        evicted_entries=stock.evicted_entries,
        blobs=BlobsState(sizes.blobs, sizes.blob_bytes, blob_bytes),
        file=FileState(sizes.file_bytes, sizes.free_bytes),
        pinned=[Person(one.hex(), names.of(one)) for one in sorted(stock.pinned)],
        next_steps=_next_steps(stock),
    )


def _tier(stock: Stock, tier: Tier) -> TierState:
    name, why = TIERS[tier]
    total = stock.totals[tier]
    bound = stock.share_bytes if tier is Tier.STRANGER else stock.store_bytes
    used = stock.strangers_bytes if tier is Tier.STRANGER else total.bytes
    return TierState(
        tier=name,
        why=why,
        authors=total.authors,
        entries=total.entries,
        bytes=total.bytes,
        bound_bytes=bound,
        used_ppm=ratio_ppm(used, bound),
    )


def _deliverer(one: Delivered) -> DelivererState:
    peer = "" if one.peer is None else one.peer.hex()
    return DelivererState(peer, one.subnet, one.authors, one.bytes)


def _declined(stock: Stock, refusal: Refusal, names: Names) -> DeclinedState:
    latest = [
        Person(author.hex(), names.of(author))
        for author, reason in stock.latest_declined
        if reason is refusal
    ]
    return DeclinedState(refusal.value, REFUSALS[refusal], stock.declined[refusal], latest)


def _next_steps(stock: Stock) -> list[str]:
    if Refusal.STORE_IS_FULL in stock.declined:
        return [RAISE]
    return [PIN, RAISE] if stock.declined else []
