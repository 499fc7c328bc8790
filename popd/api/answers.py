"""What the API answers, refusals included: JSON, and a sentence that tells the next step."""

from typing import Any, Final, TypeVar

import msgspec
from starlette.responses import Response
from starlette.types import Message, Scope, Send

from popd.shape_words import shape_in_words

JSON: Final = "application/json"

T = TypeVar("T")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something was not done."""

    error: str
    """What is wrong: a short name."""
    next_step: str = msgspec.field(name="next")
    """What to do."""
    why: str = ""
    """What happened, in a sentence."""


class ApiError(Exception):
    """A request that is not answered as hoped."""

    def __init__(self, status: int, error: str, why: str, next_step: str) -> None:
        super().__init__(why)
        self.status = status
        self.problem = Problem(error, next_step, why)


def bad_request(why: str, next_step: str = "Correct the request.") -> ApiError:
    """The client sent something that can't be understood."""
    return ApiError(400, "bad_request", why, next_step)


def not_found(why: str, next_step: str) -> ApiError:
    """What was asked for is not here."""
    return ApiError(404, "not_found", why, next_step)


def answer(body: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(body), status, media_type=JSON)


def decoded(data: bytes | str, shape: type[T] | Any) -> T:
    """A JSON text of a given shape; raises ApiError with a sentence about what is wrong."""
    try:
        found: T = msgspec.json.decode(data, type=shape)
    except RecursionError:
        raise bad_request("The JSON is nested too deeply.") from None
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise bad_request(f"The request can't be used: {shape_in_words(error)}.") from None
    return found


def identifier(text: str | None, what: str) -> bytes:
    """32 bytes in hexadecimal digits; raises ApiError when it is something else."""
    try:
        data = bytes.fromhex(text or "")
    except ValueError:
        data = b""
    if len(data) != 32:
        raise bad_request(f"{what} is 64 hexadecimal digits.", f"Give {what} in full.")
    return data


async def send_refusal(scope: Scope, send: Send, error: ApiError) -> None:
    """Answers a request, or a WebSocket before it is accepted, without any application."""
    kind = "http.response"
    if scope["type"] == "websocket":
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008, "reason": error.problem.error})
            return
        kind = "websocket.http.response"
    body = msgspec.json.encode(error.problem)
    headers = [(b"content-type", JSON.encode()), (b"content-length", str(len(body)).encode())]
    start: Message = {"type": f"{kind}.start", "status": error.status, "headers": headers}
    await send(start)
    await send({"type": f"{kind}.body", "body": body})
