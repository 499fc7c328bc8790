"""What the node keeps and why, and of whom everything is to be kept."""

from consensus.identifiers import IdentityId
from popd.api.answers import ApiError
from popd.api.desk import Desk
from popd.api.people import person
from popd.api.routing import Call
from popd.api.shapes import Person
from popd.api.store_shapes import PinBody, Pins, StoreState
from popd.api.store_views import store_view
from popd.node.stock import stock_of
from popd.node.tiers import MAX_PINNED


async def read_store(desk: Desk, call: Call) -> StoreState:
    """What is kept and why, what was declined, and how large the file is."""
    sizes = await desk.daemon.store_sizes()
    stock = stock_of(desk.daemon.node.keeping)
    return store_view(stock, sizes, desk.context.settings.blob_bytes, desk.names())


async def pin_person(desk: Desk, call: Call) -> Pins:
    """Keep everything of somebody, whoever else finds room."""
    body: PinBody = call.body
    pinned = desk.daemon.node.keeping.tiers.pinned | {person(body.person, "a person")}
    if len(pinned) > MAX_PINNED:
        raise ApiError(
            409,
            "too_many_pins",
            f"{MAX_PINNED} people are pinned already.",
            "Unpin somebody first.",
        )
    return await _pin(desk, pinned)


async def unpin_person(desk: Desk, call: Call) -> Pins:
    """Keep of somebody what others would be kept of; nothing happens where nobody was pinned."""
    one = person(call.path["id"], "a person")
    return await _pin(desk, desk.daemon.node.keeping.tiers.pinned - {one})


async def _pin(desk: Desk, pinned: frozenset[IdentityId]) -> Pins:
    await desk.daemon.pin(pinned)
    names = desk.names()
    return Pins([Person(one.hex(), names.of(one)) for one in sorted(pinned)])
