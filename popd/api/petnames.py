"""Petnames: what the user calls people, which wins over what they call themselves."""

from popd.api.answers import ApiError, bad_request
from popd.api.desk import Desk
from popd.api.names import cleaned
from popd.api.people import person
from popd.api.routing import Call
from popd.api.shapes import Person
from popd.api.wallet_shapes import NameBody
from popd.own_notes import PETNAMES, NotKeptError


async def name_person(desk: Desk, call: Call) -> Person:
    """Call somebody by a name of one's own; an empty one takes it back."""
    body: NameBody = call.body
    who, name = person(call.path["id"], "a person"), cleaned(body.name)
    if who == desk.context.identity:
        raise bad_request("That is you.", "Set what others call you with name in config.toml.")
    if body.name.strip() and not name:
        raise bad_request("Nothing of that name can be seen.", "Give a name in letters.")
    try:
        await desk.daemon.keep_own(PETNAMES, who.hex(), name)
    except NotKeptError as error:
        raise not_kept(error) from None
    return Person(who.hex(), desk.names().of(who))


def not_kept(error: NotKeptError) -> ApiError:
    """What the home could not keep."""
    return ApiError(409, "not_kept", str(error), error.next_step)
