"""Another device comes in by a ticket, may play, and never spends."""

import httpx
import pytest

from popd.api.answers import ApiError
from popd.api.lan import bound_socket

TOKEN = "s" * 43
ELSEWHERE = "127.0.0.2"
API = "/api/v1"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def opened(owner: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client behind the second door, without any token."""
    answer = await owner.post(f"{API}/lan", json={"address": ELSEWHERE})
    assert answer.status_code == 200, answer.text
    return httpx.AsyncClient(base_url=answer.json()["address"])


async def ticket_of(owner: httpx.AsyncClient) -> str:
    answer = await owner.post(f"{API}/tickets", json={})
    address, _, ticket = answer.json()["address"].partition("#join=")
    code = answer.json()["code"]
    assert {len(row) for row in code} == {len(code)}
    assert set("".join(code)) == {"0", "1"}
    assert address.startswith(f"http://{ELSEWHERE}:")
    return ticket


def test_a_phone_joins_plays_and_reads_but_spends_nothing(serve):
    async def scene(daemon, url):
        async with (
            httpx.AsyncClient(base_url=url, headers=bearer(TOKEN)) as owner,
            await opened(owner) as phone,
        ):
            assert (await phone.get("/")).status_code == 200
            ticket = await ticket_of(owner)
            asked = {"json": {"ticket": ticket}, "headers": bearer(ticket)}
            joined = (await phone.post(f"{API}/join", **asked)).json()
            mine = bearer(joined["token"])
            status = await phone.get(f"{API}/status", headers=mine)
            assert status.json()["scopes"] == ["listen", "play", "rate", "read"]
            assert (await phone.get(f"{API}/songs", headers=mine)).status_code == 200
            for refused in ("purse", "lan", "values"):
                answer = await phone.get(f"{API}/{refused}", headers=mine)
                assert answer.status_code == 403
            again = await phone.post(f"{API}/join", **asked)
            assert again.status_code == 401

    serve(scene)


def test_the_owners_token_opens_nothing_of_the_owners_behind_the_second_door(serve):
    async def scene(daemon, url):
        async with (
            httpx.AsyncClient(base_url=url, headers=bearer(TOKEN)) as owner,
            await opened(owner) as phone,
        ):
            answer = await phone.get(f"{API}/purse", headers=bearer(TOKEN))
            assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")
            for host in ("127.0.0.1", "popd.example", f"{ELSEWHERE}:1"):
                answer = await phone.get("/", headers={"Host": host})
                assert answer.status_code == 421

    serve(scene)


def test_a_shut_door_lets_nobody_in_and_throws_everybody_out(serve):
    async def scene(daemon, url):
        async with httpx.AsyncClient(base_url=url, headers=bearer(TOKEN)) as owner:
            shut = await owner.post(f"{API}/tickets", json={})
            assert (shut.status_code, shut.json()["error"]) == (409, "lan_shut")
            async with await opened(owner) as phone:
                ticket = await ticket_of(owner)
                lent = await phone.post(
                    f"{API}/join", json={"ticket": ticket}, headers=bearer(ticket)
                )
                assert (await owner.delete(f"{API}/lan")).json() == {"address": ""}
                with pytest.raises(httpx.TransportError):
                    await phone.get("/")
            async with await opened(owner) as phone:
                again = await phone.get(f"{API}/status", headers=bearer(lent.json()["token"]))
                assert again.status_code == 401
                assert (await owner.get(f"{API}/lan")).json()["address"] == str(phone.base_url)

    serve(scene)


def test_opening_an_open_door_throws_nobody_out(serve):
    async def scene(daemon, url):
        async with (
            httpx.AsyncClient(base_url=url, headers=bearer(TOKEN)) as owner,
            await opened(owner) as phone,
        ):
            ticket = await ticket_of(owner)
            asked = {"json": {"ticket": ticket}, "headers": bearer(ticket)}
            mine = bearer((await phone.post(f"{API}/join", **asked)).json()["token"])
            async with await opened(owner) as again:
                assert again.base_url == phone.base_url
                assert (await again.get(f"{API}/status", headers=mine)).status_code == 200

    serve(scene)


@pytest.mark.parametrize("address", ["0.0.0.0", "224.0.0.1", "::1", "popd.example", "192.0.2.55"])
def test_only_one_address_of_this_machine_will_do(address):
    with pytest.raises(ApiError) as caught:
        bound_socket(address, 0)
    assert caught.value.status == 409
