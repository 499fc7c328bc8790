"""A crowd of guests in one process: each with a key, an address of its own, a seat and a socket."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import trio
from trio_websocket import (
    ConnectionClosed,
    WebSocketConnection,
    wrap_client_stream,
)

from consensus.encoding import tagged_digest
from consensus.entries.appreciation import Modality, Opinion, opinion_digest
from consensus.identifiers import EntryId, IdentityId
from consensus.signing import Domain, public_key, sign
from consensus.units import Ppm

NETWORK: Final = "practice"
ANSWER_S: Final = 20.0
TAPS_PER_S: Final = 2
FEELINGS: Final = ("calm", "groove", "joy", "wonder")


def address_of(crowd: int, number: int) -> str:
    """A loopback address that no other guest has."""
    return f"127.{crowd % 200 + 1}.{number // 250}.{number % 250 + 1}"


@dataclass(slots=True)
class GuestClient:
    """One phone."""

    door: dict[str, Any]
    """Where it comes in: address and secret."""
    concert: dict[str, Any]
    """The concert, as its host sees it."""
    address: str
    """The own address."""
    seed: bytes
    """Of its key."""
    token: str = ""
    """What it shows."""
    seq: int = 0
    """Counts opinions."""
    socket: WebSocketConnection | None = None
    """Open while it listens."""
    answers: dict[int, trio.Event] = field(default_factory=dict)
    """Opinions that wait for an answer."""
    refused: list[str] = field(default_factory=list)
    """Why opinions were refused."""
    seen: dict[str, Any] = field(default_factory=dict)
    """The concert as it was told last."""
    heard: int = 0
    """Messages heard."""

    @property
    def key(self) -> bytes:
        """By which its seat is found."""
        return public_key(self.seed)

    @property
    def port(self) -> int:
        """Of the door."""
        return int(self.door["address"].rstrip("/").rpartition(":")[2])

    async def join(self, bearer: str | None = None) -> int:
        """Comes in; returns the HTTP status."""
        host = bytes.fromhex(self.concert["teller"])
        shown = self.door["url"].rpartition("=")[2] if bearer is None else bearer
        transport = httpx.AsyncHTTPTransport(local_address=self.address)
        async with httpx.AsyncClient(transport=transport, timeout=ANSWER_S) as client:
            path = f"{self.door['address']}api/v1/guest"
            headers = {"Authorization": f"Bearer {shown}"}
            asked = await client.get(path, headers=headers)
            if not asked.is_success:
                return asked.status_code
            challenge = asked.json()["challenge"]
            parts = bytes.fromhex(self.concert["id"]), host, self.key, bytes.fromhex(challenge)
            signature = sign(self.seed, NETWORK, Domain.GUEST, tagged_digest("door", *parts))
            body = {"key": self.key.hex(), "challenge": challenge, "signature": signature.hex()}
            answer = await client.post(path, json=body, headers=headers)
        if answer.is_success:
            self.token = answer.json()["token"]
        return answer.status_code

    async def listen(self, task_status: Any = trio.TASK_STATUS_IGNORED) -> None:
        """Listens until cancelled, or the other end closes."""
        host = f"127.0.0.1:{self.port}"
        stream = await trio.open_tcp_stream("127.0.0.1", self.port, local_address=self.address)
        async with trio.open_nursery() as nursery:
            self.socket = await wrap_client_stream(
                nursery,
                stream,
                host,
                "/api/v1/concert",
                subprotocols=["popd.v1", f"bearer.{self.token}"],
            )
            task_status.started()
            with suppress(ConnectionClosed):
                while True:
                    self._take(json.loads(await self.socket.get_message()))

    def _take(self, message: dict[str, Any]) -> None:
        self.heard += 1
        if message["type"] == "concert":
            self.seen = message["concert"]
        elif message["type"] in ("taken", "refused"):
            if message["type"] == "refused":
                self.refused.append(message["why"])
            waiting = self.answers.pop(message["seq"], None)
            if waiting is not None:
                waiting.set()

    def opinion(self, score_ppm: int, chance: random.Random) -> dict[str, Any]:
        """What it says, signed."""
        self.seq += 1
        salt, comment_salt = chance.randbytes(16), chance.randbytes(16)
        tags = (chance.choice(FEELINGS),)
        gatherer = IdentityId(bytes.fromhex(self.concert["gatherer"]["id"]))
        said = Opinion(
            session=EntryId(bytes.fromhex(self.concert["first"])),
            performer=gatherer,
            score_ppm=Ppm(score_ppm),
            tags=tags,
            modality=Modality.MANUAL,
            method="",
            comment=None,
            salt=salt,
        )
        host = IdentityId(bytes.fromhex(self.concert["teller"]))
        signature = sign(self.seed, NETWORK, Domain.GUEST, opinion_digest(said, host, self.key))
        return {
            "type": "opinion",
            "seq": self.seq,
            "concert": self.concert["id"],
            "performer": gatherer.hex(),
            "score_ppm": score_ppm,
            "tags": list(tags),
            "salt": salt.hex(),
            "comment_salt": comment_salt.hex(),
            "signature": signature.hex(),
        }

    async def rate(self, message: dict[str, Any]) -> float:
        """Tells an opinion; returns after how many seconds it was acknowledged, or refused."""
        assert self.socket is not None
        done = self.answers[message["seq"]] = trio.Event()
        begin = trio.current_time()
        await self.socket.send_message(json.dumps(message))
        with trio.fail_after(ANSWER_S):
            await done.wait()
        return trio.current_time() - begin

    async def tap(self) -> None:
        """Taps along until cancelled."""
        assert self.socket is not None
        while True:
            now_ms = 1_000 * trio.current_time()
            taps = [now_ms - 500, now_ms]
            said = {"type": "taps", "concert": self.concert["id"], "taps_ms": taps}
            await self.socket.send_message(json.dumps(said))
            await trio.sleep(1.0)


async def each_at_once(actions: list[Callable[[], Any]], at_a_time: int = 20) -> list[Any]:
    """What all actions give, in order, a few of them running at a time."""
    limit, results = trio.CapacityLimiter(at_a_time), [None] * len(actions)

    async def one(place: int, action: Callable[[], Any]) -> None:
        async with limit:
            results[place] = await action()

    async with trio.open_nursery() as nursery:
        for place, action in enumerate(actions):
            nursery.start_soon(one, place, action)
    return results
