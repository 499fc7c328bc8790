"""The real server on loopback and on its Unix socket, in real time."""

import json
import socket
import stat

import httpx
import pytest
import trio
from trio_websocket import ConnectionClosed, open_websocket_url, wrap_client_stream

from game.charts.songs import SONGS
from popd.api.messages import MAX_MESSAGE_SIZE
from popd.api.server import serve_api
from popd.config import ConfigError

TOKEN = "s" * 43


def test_the_page_and_the_api_are_served_on_loopback(serve):
    async def scene(daemon, url):
        assert url.startswith("http://127.0.0.1:")
        async with httpx.AsyncClient(base_url=url) as http:
            page = await http.get("/")
            assert (page.status_code, page.text) == (200, "<!doctype html><title>popd</title>")
            assert "default-src 'self'" in page.headers["content-security-policy"]
            assert "server" not in page.headers
            assert (await http.get("/api/v1/status")).status_code == 401
            rebound = await http.get("/api/v1/status", headers={"Host": "evil.example"})
            assert rebound.status_code == 421
            own = {"Authorization": f"Bearer {TOKEN}"}
            status = await http.get("/api/v1/status", headers=own)
            assert status.json()["entries"] == len(daemon.node.ledger.applied)

    serve(scene)


def test_the_unix_socket_is_its_owners_alone_and_needs_no_token(serve):
    async def scene(daemon, url):
        path = daemon.home.socket
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        transport = httpx.AsyncHTTPTransport(uds=str(path))
        async with httpx.AsyncClient(transport=transport, base_url="http://popd") as http:
            assert (await http.get("/api/v1/status")).status_code == 200
            assert (await http.get("/api/v1/status", headers={"Host": "x"})).status_code == 200
            assert (await http.post("/api/v1/stop-daemon")).json() == {"stopping": True}
        await daemon.stopped.wait()

    serve(scene)


def test_a_play_over_a_real_websocket(serve):
    async def scene(daemon, url):
        address = f"ws{url[4:]}api/v1/play"
        offered = ["popd.v1", f"bearer.{TOKEN}"]
        async with open_websocket_url(address, subprotocols=offered) as page:
            assert page.subprotocol == "popd.v1"
            chart = SONGS["first_light"].chart(4).id.hex()
            for message in (
                {"type": "ping", "t": 3},
                {"type": "start", "chart": chart},
                {"type": "events", "seq": 1, "events": [[1, 0, 1]]},
            ):
                await page.send_message(json.dumps(message))
            heard = [json.loads(await page.get_message()) for _ in range(4)]
            assert {one["type"] for one in heard} == {"pong", "inviting", "ack", "refused"}
            refused = next(one for one in heard if one["type"] == "refused")
            assert refused["reason"] == "Nobody nearby is ready to witness you."

    serve(scene)


def test_a_message_beyond_the_bound_closes_the_socket(serve):
    async def scene(daemon, url):
        host, port = "127.0.0.1", httpx.URL(url).port
        async with (
            await trio.open_tcp_stream(host, port) as stream,
            trio.open_nursery() as nursery,
        ):
            offered = ["popd.v1", f"bearer.{TOKEN}"]
            page = await wrap_client_stream(
                nursery, stream, f"{host}:{port}", "/api/v1/play", subprotocols=offered
            )
            await page.send_message(" " * (MAX_MESSAGE_SIZE + 1))
            with pytest.raises(ConnectionClosed) as caught:
                await page.get_message()
            assert caught.value.reason.code == 1009
            nursery.cancel_scope.cancel()

    serve(scene)


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", f"Sec-WebSocket-Protocol: popd.v1, bearer.{TOKEN}", 101),
        ("127.0.0.1", f"Authorization: Bearer {TOKEN}", 101),
        ("127.0.0.1", "Sec-WebSocket-Protocol: popd.v1", 401),
        ("127.0.0.1", "Sec-WebSocket-Protocol: popd.v1, bearer.wrong", 401),
        ("127.0.0.1", f"Authorization: Bearer {TOKEN}\r\nOrigin: http://evil.example", 403),
        ("evil.example", f"Authorization: Bearer {TOKEN}", 421),
    ],
)
def test_a_websocket_passes_the_same_guard(serve, host, headers, status):
    async def scene(daemon, url):
        port = httpx.URL(url).port
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            request = (
                f"GET /api/v1/play HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                f"Sec-WebSocket-Version: 13\r\n{headers}\r\n\r\n"
            )
            await stream.send_all(request.encode())
            answer = await stream.receive_some(64)
            assert answer.startswith(f"HTTP/1.1 {status} ".encode())

    serve(scene)


def test_a_stale_socket_is_replaced_and_what_is_no_socket_is_left_alone(
    serve, real_daemon, client_folder, tmp_path
):
    stale = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stale.bind(str(tmp_path / "api.sock"))
    stale.close()

    async def scene(daemon, url):
        assert daemon.home.socket.is_socket()

    serve(scene)
    (tmp_path / "api.sock").write_text("somebody's notes")

    async def main() -> None:
        daemon = real_daemon()
        with pytest.raises(ConfigError, match="can't be used as a socket"):
            await serve_api(daemon, port=0, token=TOKEN, client=client_folder)

    trio.run(main)
    assert (tmp_path / "api.sock").read_text() == "somebody's notes"


def test_a_port_that_is_taken_is_told(real_daemon, client_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        async def main() -> None:
            with pytest.raises(ConfigError, match=f"port {port} can't be used"):
                await serve_api(real_daemon(), port=port, token=TOKEN, client=client_folder)

        trio.run(main)
