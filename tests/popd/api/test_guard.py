"""Nobody but the user's own page and programs gets through, and nothing they send breaks it."""

import httpx
import pytest

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}


def refused(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["next"]
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    return answer.status_code, body["error"]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8771", "127.0.0.1", "127.0.0.1:8772", "localhost", "[::1]:8771"],
)
@pytest.mark.parametrize("path", ["/", "/client/app.js", "/api/v1/status"])
def test_only_the_exact_host_is_served(perform, host, path):
    async def scene(backstage):
        async with backstage.http(Host=host) as http:
            assert refused(await http.get(path)) == (421, "wrong_host")

    perform(scene)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8771", "http://127.0.0.1:8772", "file://"],
)
def test_no_other_site_may_ask(perform, origin):
    async def scene(backstage):
        async with backstage.http(Origin=origin) as http:
            assert refused(await http.get("/api/v1/status")) == (403, "wrong_origin")
        async with backstage.socket(origin=origin) as (first, _):
            assert (first["type"], first["status"]) == ("websocket.http.response.start", 403)

    perform(scene)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_own_page_may_ask_by_either_name(perform, name):
    async def scene(backstage):
        own = f"{name}:8771"
        async with backstage.http(Host=own, Origin=f"http://{own}") as http:
            answer = await http.get("/api/v1/status")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS

    perform(scene)


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Bearer tttt", "Basic " + "t" * 43])
def test_without_the_token_nothing_is_told(perform, given):
    async def scene(backstage):
        async with backstage.http(Authorization=given) as http:
            for path in ("/api/v1/status", "/api/v1/openapi.json", "/api/nowhere"):
                assert refused(await http.get(path)) == (401, "no_token")
            assert (await http.get("/")).status_code == 200

    perform(scene)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"host": "evil.example:8771"}, 421),
        ({"subprotocols": ("popd.v1",)}, 401),
        ({"subprotocols": ("popd.v1", "bearer.wrong")}, 401),
    ],
)
def test_the_play_socket_has_the_same_guard(perform, changed, status):
    async def scene(backstage):
        async with backstage.socket(**changed) as (first, _):
            assert (first["type"], first["status"]) == ("websocket.http.response.start", status)

    perform(scene)


def test_the_play_socket_opens_with_the_token_and_does_not_repeat_it(perform):
    async def scene(backstage):
        async with backstage.socket() as (first, _):
            assert (first["type"], first["subprotocol"]) == ("websocket.accept", "popd.v1")

    perform(scene)


@pytest.mark.parametrize(
    "path",
    [
        "/client/../secret.js",
        "/client/%2e%2e/secret.js",
        "/client/..%2fsecret.js",
        "/client//etc/passwd",
        "/client/link.js",
        "/client/vendor/notes.txt",
        "/client/vendor",
        "/client/",
        "/client/%00",
    ],
)
def test_no_address_leads_out_of_the_pages_folder(perform, path):
    async def scene(backstage):
        async with backstage.http() as http:
            assert refused(await http.get(path))[0] == 404

    perform(scene)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/client/app.js", "text/javascript; charset=utf-8"),
        ("/client/style.css", "text/css; charset=utf-8"),
        ("/client/icon.svg", "image/svg+xml"),
        ("/client/words.json", "application/json"),
        ("/client/vendor/font.woff2", "font/woff2"),
    ],
)
def test_the_pages_files_say_what_they_are(perform, path, kind):
    async def scene(backstage):
        async with backstage.http(Authorization="") as http:
            answer = await http.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)

    perform(scene)


def test_a_body_is_bounded_however_long_it_says_it_is(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            stated = await http.post("/api/v1/send", content=b" " * (1024 * 1024 + 1))
            lied = await http.post("/api/v1/send", headers={"Content-Length": "9" * 5_000})
        assert refused(stated) == refused(lied) == (413, "too_large")

    perform(scene)


def test_a_body_of_unstated_length_is_read_no_further_than_allowed(perform):
    async def scene(backstage):
        said = []
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/v1/send",
            "raw_path": b"/api/v1/send",
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1:8771"), (b"authorization", b"Bearer " + b"t" * 43)],
        }
        read = 0

        async def endless():
            nonlocal read
            read += 32_768
            return {"type": "http.request", "body": b" " * 32_768, "more_body": True}

        async def hear(message):
            said.append(message)

        await backstage.app(scope, endless, hear)
        assert (said[0]["status"], read) == (413, 1024 * 1024 + 32_768)

    perform(scene)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"\xff"',
        b'{"lot": 1}',
        b"[" * 500_000,
        b'{"x":' * 100_000,
        b"1e999",
        b'{"lot": "zz", "amount_ujam": 1, "to": ""}',
        b'{"lot": "' + b"0" * 64 + b'", "amount_ujam": 0, "to": "x"}',
        b'{"lot": "' + b"0" * 64 + b'", "amount_ujam": ' + b"9" * 400 + b', "to": "x"}',
        b'{"lot": "' + b"0" * 64 + b'", "amount_ujam": 1, "to": "did:key:z6Mk"}',
        b'{"lot": "' + b"0" * 64 + b'", "amount_ujam": 1, "to": "\\u0000"}',
    ],
)
def test_what_is_no_request_is_told_so_in_a_sentence(perform, body):
    async def scene(backstage):
        async with backstage.http() as http:
            for path in ("send", "decline", "autoplay"):
                answer = await http.post(f"/api/v1/{path}", content=body)
                if path == "send" or answer.status_code != 404:
                    assert answer.status_code in {400, 409}, answer.text
                assert answer.json()["why"].endswith(".")

    perform(scene)


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/api/v1/songs/none/score"])
def test_what_is_not_there_is_told_so(perform, path):
    async def scene(backstage):
        async with backstage.http() as http:
            assert refused(await http.get(path)) == (404, "not_found")
            assert refused(await http.delete("/api/v1/status")) == (405, "method_not_allowed")

    perform(scene)
