"""A concert over the API: announced, open, sealed, revealed, gathered; and what is refused."""

import json
from functools import partial
from pathlib import Path

import msgspec
import pytest
import trio

from popd.api.door_keeping import MOVED, kept_door, reopen_door
from popd.api.guests import SEATED_US, SEATS_PER_ADDRESS
from popd.api.hall import PAGES_EACH
from popd.api.hall_socket import NO_GUEST
from popd.config import Home
from tests.popd.api.concert_halls import (
    Phone,
    Place,
    announced,
    door_of,
    music,
    opened,
    restart,
    run_evening,
)

OPENED = "websocket.accept"


@pytest.fixture
def evening(tmp_path: Path, client_folder: Path) -> partial[None]:
    """Runs a scene for a performer and a host who does not perform."""
    return partial(run_evening, folder=tmp_path, client=client_folder)


def test_a_whole_concert_from_its_announcement_to_its_coin(evening):
    async def scene(band: Place, host: Place) -> None:
        partner = {"id": host.me, "share_ppm": 1}
        body = {"performers": [{"id": band.me, "share_ppm": 600_000}, partner]}
        refused = await band.post("/concerts", {"name": "First light"} | body, 400)
        assert (refused["why"], refused["next"]) == (
            "The shares are no whole.",
            "Give shares that make 1,000,000 together.",
        )
        concert = await announced(band)
        secret, code = await door_of(host, concert)
        phones = [Phone(host, name) for name in ("uma", "vic", "wim")]
        for phone, shown in zip(phones, (secret, code, code.lower()), strict=True):
            answer = await phone.join(shown)
            assert answer.status_code == 200, answer.text
            assert answer.json()["scope"] == "rate"
        async with music(band) as over:
            seen = await opened(band, host, concert)
            uma, vic, wim = phones
            path = f"/concerts/{concert}/opinion"
            kept = await uma.ask("POST", path, uma.says(seen, 900_000, "So warm.\x1b[2J"))
            assert kept.status_code == 200, kept.text
            assert kept.json()["mine"]["state"] == "held"
            assert seen["next"].startswith("Rate it now")
            assert kept.json()["next"] == "You have rated. You may change it until it is locked."
            async with vic.socket() as (first, page):
                assert first["type"] == OPENED
                said = {"type": "opinion", "seq": 1, "concert": concert, **vic.says(seen, 300_000)}
                await page.send(**said)
                assert await page.until("taken") == {"type": "taken", "seq": 1}
                forged = said | {"seq": 2, "score_ppm": 1_000_000}
                await page.send(**forged)
                refused = await page.until("refused")
                assert refused["seq"] == 2
                assert refused["next"]
                for _ in range(3):
                    await page.send(type="taps", concert=concert, taps_ms=[1.0, 2.0])
                    await trio.sleep(1)
                felt = await page.until("felt")
                assert (felt["people"], felt["concert"]) == (1, concert)
            await wim.ask("POST", path, wim.says(seen, 800_000))
            own = {"score_ppm": 700_000, "tags": ["calm"], "comment": "Like rain."}
            assert (await host.post(path, own))["mine"]["score_ppm"] == 700_000
            appraised = await host.post(
                f"/concerts/{concert}/appraise",
                {"modality": "comment", "comment": "wonderful, warm and moving"},
            )
            assert appraised["score_ppm"] > 500_000
            assert appraised["why"]
            changed = await uma.ask("POST", path, uma.says(seen, 1_000_000, "So warm.\x1b[2J"))
            assert changed.json()["mine"]["score_ppm"] == 1_000_000
            await band.until(concert, lambda one: one["crowd"]["ballots"] == 4)
            told = await host.until(concert, lambda one: one["mine"]["state"] == "told")
            assert told["comments"] == []
            assert told["subcoin"] is None
            await over.wait()
        await band.post(f"/concerts/{concert}/phase", {"phase": "locked"})
        await host.until(concert, lambda one: one["phase"] == "locked")
        late = await wim.ask("POST", path, wim.says(seen, 0))
        assert (late.status_code, late.json()["why"]) == (409, "The ratings are locked.")
        await band.post(f"/concerts/{concert}/phase", {"phase": "revealed"})
        for place in (band, host):
            await place.until(concert, lambda one: one["phase"] == "closed" and one["subcoin"])
        ours, theirs = [(await place.get(f"/concerts/{concert}")) for place in (band, host)]
        coin = ours["subcoin"]
        assert (coin["crowd"], coin["tags"], coin["name"]) == (4, ["jazz"], "First light")
        assert sum(share["amount_ujam"] for share in coin["shares"]) == coin["minted_ujam"]
        assert 0 < coin["minted_ujam"] <= coin["cap_ujam"]
        assert coin["mean_score_ppm"] == 700_000
        assert coin["value_ujam"] > 0
        assert theirs["mine"]["state"] == "gathered"
        assert theirs["mine"]["minted_ujam"] > 0
        told = [json.loads((await p.ask("GET", f"/concerts/{concert}")).text) for p in phones]
        receipts = [one["mine"] for one in told]
        assert {mine["state"] for mine in receipts} == {"gathered"}
        minted = sum(mine["minted_ujam"] for mine in receipts) + theirs["mine"]["minted_ujam"]
        assert minted == coin["minted_ujam"]
        assert {one["subcoin"]["value_ujam"] for one in told} == {None}
        comments = {one["text"]: one for one in theirs["comments"]}
        assert set(comments) == {"So warm.\x1b[2J", "Like rain."}
        assert comments["So warm.\x1b[2J"]["guest"] == phones[0].key.hex()
        hidden = comments["Like rain."]["id"]
        after = await band.post(f"/concerts/{concert}/comments/{hidden}", {"hidden": True})
        assert {one["id"]: one["hidden"] for one in after["comments"]}[hidden]
        gone = await host.until(
            concert, lambda one: "Like rain." not in [said["text"] for said in one["comments"]]
        )
        assert [said["text"] for said in gone["comments"] if said["text"]] == ["So warm.\x1b[2J"]

    evening(scene)


def test_nobody_rates_before_the_music_begins(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, _ = await door_of(host, concert)
        uma, path = Phone(host, "uma"), f"/concerts/{concert}/opinion"
        await uma.join(secret)
        seen = await host.get(f"/concerts/{concert}")
        assert seen["waiting_for"] == "The first song has not begun."
        answers = [
            (await uma.ask("POST", path, uma.says(seen, 500_000))).json(),
            await host.post(path, {"score_ppm": 500_000}, 409),
        ]
        assert [answer["why"] for answer in answers] == ["The music has not begun."] * 2
        assert [answer["next"] for answer in answers] == [
            "Rate once the first song is announced."
        ] * 2
        refused = await band.post(f"/concerts/{concert}/phase", {"phase": "revealed"}, 409)
        assert refused["why"] == "Nobody could rate yet."
        again = await band.post("/concerts", {"name": "Another"}, 409)
        assert (again["why"], again["next"]) == ("A concert of yours is on.", "Close it first.")
        theirs = await host.post(f"/concerts/{concert}/phase", {"phase": "open"}, 409)
        assert theirs["why"] == "Somebody else gathers it."

    evening(scene)


def test_what_a_guest_did_not_sign_or_may_not_say_is_refused_with_a_next_step(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, _ = await door_of(host, concert)
        uma, vic = Phone(host, "uma"), Phone(host, "vic")
        for phone in (uma, vic):
            await phone.join(secret)
        path = f"/concerts/{concert}/opinion"
        async with music(band):
            seen = await opened(band, host, concert)
            said = uma.says(seen, 500_000)
            tries = {
                "another score than was signed": said | {"score_ppm": 1_000_000},
                "other feelings than were signed": said | {"tags": ["calm"]},
                "a comment that was not signed": said | {"comment": "Buy my coins!"},
                "another performer": said | {"performer": host.me},
                "no signature": said | {"signature": None},
                "signed by somebody else": vic.says(seen, 500_000),
                "through another host": uma.says(seen | {"teller": band.me}, 500_000),
                "of another concert": uma.says(seen | {"first": "11" * 32}, 500_000),
            }
            statuses = {}
            for name, body in tries.items():
                answer = await uma.ask("POST", path, body)
                statuses[name] = answer.status_code
                assert answer.json()["next"]
            assert statuses == dict.fromkeys(tries, 403) | {"no signature": 400}
            unsuitable = [
                said | {"tags": ["rage"]},
                said | {"method": "ghost", "modality": "plugin"},
                said | {"method": "ghost"},
                said | {"modality": "plugin"},
                said | {"method": "\u202ewords", "modality": "comment"},
                said | {"tags": ["joy"] * 5},
                said | {"score_ppm": -1},
                said | {"score_ppm": 1_000_001},
                said | {"score_ppm": 0.5},
                said | {"score_ppm": True},
                said | {"performer": "me"},
                said | {"comment": "x" * 281},
                said | {"salt": "5a"},
                said | {"signature": "zz" * 64},
                said | {"modality": "telepathy"},
                [said],
                "{" * 5_000,
                "[" * 5_000,
                b"\xff\xfe",
                b"",
            ]
            for body in unsuitable:
                answer = await uma.ask("POST", path, body)
                assert answer.status_code == 400, body
                assert answer.json()["next"]
            ghost = (await uma.ask("POST", path, said | {"method": "ghost"})).json()
            assert ghost["why"].startswith("No way to come to a score is called 'ghost'")
            assert "By hand (manual)" in ghost["next"]
            large = await uma.ask("POST", path, b"{" + b" " * 2_000_000 + b"}")
            assert large.status_code == 413
            assert (await uma.ask("POST", path, said)).status_code == 200

    evening(scene)


def test_a_guest_sees_their_own_concert_and_nothing_of_the_hosts(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, code = await door_of(host, concert)
        await host.post(f"/people/{band.me}/name", {"name": "my dear aunt"})
        uma = Phone(host, "uma")
        await uma.join(secret)
        seen = await uma.ask("GET", f"/concerts/{concert}")
        assert seen.json()["gatherer"]["name"] == "Ann"
        assert (await host.get(f"/concerts/{concert}"))["gatherer"]["name"] == "my dear aunt"
        assert seen.json()["door"] is None
        for hidden in ("aunt", secret, code, "Neighbour"):
            assert hidden not in seen.text
        async with uma.socket() as (first, page):
            assert first["type"] == OPENED
            told = await page.until("concert")
            assert (told["concert"]["door"], told["concert"]["mine"]) == (None, None)
            assert "aunt" not in json.dumps(told)
            await page.send(type="taps", concert="ab" * 16, taps_ms=[1.0])
            assert (await page.until("error"))["error"] == "You are at another concert."
        status = (await uma.ask("GET", "/status")).json()
        assert (status["neighbours"], status["addresses"], status["peers"]) == ([], [], 0)
        assert len((await host.get("/status"))["neighbours"]) > 3
        for path in ("/wallet", "/peers", "/nearby", "/trust", "/people", "/library"):
            answer = await uma.ask("GET", path)
            assert answer.status_code in (403, 404), path
        for method, path in (
            ("POST", f"/concerts/{concert}/phase"),
            ("POST", f"/concerts/{concert}/door"),
            ("DELETE", f"/concerts/{concert}/door"),
            ("POST", "/concerts"),
            ("POST", "/wallet/pay"),
        ):
            assert (await uma.ask(method, path)).status_code == 403, path
        other = await uma.ask("GET", f"/concerts/{'ab' * 16}")
        assert other.status_code == 404
        for digits in ("zz" * 16, "ab", "ab" * 17):
            assert (await uma.ask("GET", f"/concerts/{digits}")).status_code == 400

    evening(scene)


def test_a_token_ends_when_its_key_comes_back_when_it_is_old_and_when_the_door_is_shut(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, code = await door_of(host, concert)
        uma, path = Phone(host, "uma"), f"/concerts/{concert}"
        await uma.join(secret)
        first = uma.token
        await uma.join(code)
        assert (await uma.ask("GET", path, token=first)).status_code == 401
        assert (await uma.ask("GET", path)).status_code == 200
        challenge = (await uma.about(secret))["challenge"]
        forged = {"key": "1" * 64, "challenge": challenge, "signature": "2" * 128}
        stolen = await uma.ask("POST", "/guest", forged, secret)
        assert (stolen.status_code, stolen.json()["error"]) == (403, "bad_guest")
        guest = host.stage.desk.tokens.book.seats[uma.key]
        async with uma.socket() as (opening, page):
            assert opening["type"] == OPENED
            guest.until_us = host.stage.daemon.now_us()
            assert (await page.until("websocket.close"))["code"] == NO_GUEST
        assert (await uma.ask("GET", path)).status_code == 401
        assert guest.until_us <= host.stage.daemon.now_us() + SEATED_US
        await uma.join(secret)
        assert guest.until_us > host.stage.daemon.now_us()
        assert (await uma.ask("GET", path)).status_code == 200
        async with uma.socket() as (opening, page):
            assert opening["type"] == OPENED
            shut = await host.ask("DELETE", f"{path}/door")
            assert (shut["door"], shut["crowd"]["guests"]) == (None, 0)
            assert (await page.until("websocket.close"))["code"] == NO_GUEST
        assert not (await uma.ask("GET", path)).is_success
        assert not (await uma.join(secret)).is_success
        fresh, _ = await door_of(host, concert)
        assert fresh != secret
        assert (await uma.join(fresh)).status_code == 200

    evening(scene)


def test_a_knock_that_was_recorded_is_refused_with_a_reason_and_its_guest_stays(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, _ = await door_of(host, concert)
        uma, eve = Phone(host, "uma"), Phone(host, "eve")
        await uma.join(secret)
        for recorded in (
            uma.knock,
            uma.knock | {"challenge": (await eve.about(secret))["challenge"]},
        ):
            answer = await eve.ask("POST", "/guest", recorded, secret)
            assert not answer.is_success
            assert answer.json()["error"] in {"old_knock", "bad_guest"}
            assert "Reload the page" in answer.json()["next"]
        assert (await uma.ask("GET", f"/concerts/{concert}")).status_code == 200

    evening(scene)


def test_a_door_survives_a_restart_and_every_phone_finds_its_seat_with_what_it_said(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        uma, path = Phone(host, "uma"), f"/concerts/{concert}"
        secret, code = await door_of(host, concert)
        await uma.join(code)
        async with music(band):
            seen = await opened(band, host, concert)
            said = await uma.ask("POST", f"{path}/opinion", uma.says(seen, 900_000))
            assert said.status_code == 200
            before = (await host.get(path))["door"]
            async with trio.open_nursery() as nursery:
                await restart(host, nursery)
                assert (await host.get(path))["door"] is None
                kept = kept_door(host.stage.daemon.home)
                await reopen_door(host.stage.desk)
                assert (await host.get(path))["door"] == before | {"guests": 0}
                assert kept_door(host.stage.daemon.home) == kept, "no longer than that evening"
                assert (await uma.ask("GET", path)).status_code == 401
                assert (await uma.join(secret)).status_code == 200
                mine = (await uma.ask("GET", path)).json()["mine"]
                assert mine["score_ppm"] == 900_000
                assert host.stage.desk.tokens.book.seats[uma.key].has_opinion
                await host.ask("DELETE", f"{path}/door")
                await restart(host, nursery)
                await reopen_door(host.stage.desk)
                assert (await host.get(path))["door"] is None
                nursery.cancel_scope.cancel()

    evening(scene)


def test_a_door_whose_address_is_gone_opens_elsewhere_and_its_host_is_told(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, _ = await door_of(host, concert)
        file = host.stage.daemon.home.concert_door
        kept = msgspec.json.decode(file.read_bytes())
        assert file.stat().st_mode & 0o077 == 0
        for moved in (kept | {"host": "192.0.2.77"}, kept | {"port": kept["port"] - 1}):
            file.write_bytes(msgspec.json.encode(moved))
            async with trio.open_nursery() as nursery:
                await restart(host, nursery)
                await reopen_door(host.stage.desk)
                door = (await host.get(f"/concerts/{concert}"))["door"]
                assert door["url"].endswith(secret)
                is_elsewhere = f"{moved['host']}:{moved['port']}" not in door["url"]
                assert (door["note"] == MOVED) is is_elsewhere
                nursery.cancel_scope.cancel()

    evening(scene)


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]" * 2_000, b'{"concert": "zz"}'])
def test_a_kept_door_that_makes_no_sense_stays_shut(tmp_path, content):
    home = Home(tmp_path)
    home.concert_door.touch(mode=0o600)
    home.concert_door.write_bytes(content)
    assert kept_door(home) is None


def test_of_a_thousand_keys_of_one_address_a_few_find_a_seat_and_others_still_come_in(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, code = await door_of(host, concert)
        answers = [
            await Phone(host, f"bot {number}", "10.0.0.66").join(secret) for number in range(1_000)
        ]
        seated = [answer for answer in answers if answer.is_success]
        assert len(seated) == SEATS_PER_ADDRESS
        whys = {answer.json()["why"] for answer in answers if not answer.is_success}
        assert whys == {f"{SEATS_PER_ADDRESS} guests came from this device already."}
        assert (await Phone(host, "uma").join(secret)).status_code == 200
        book = host.stage.desk.tokens.book
        assert len(book.seats) == SEATS_PER_ADDRESS + 1
        wrong = [await Phone(host, "eve", "10.0.0.67").join("KRMTXA") for _ in range(12)]
        assert [answer.status_code for answer in wrong[-1:]] == [429]
        for number in range(12 * 30):
            await Phone(host, "eve", f"10.0.1.{number % 30}").about("KRMTXA")
        fresh = await Phone(host, "zoe").join(code)
        assert (fresh.status_code, fresh.json()["secret"]) == (200, secret)

    evening(scene)


def test_one_voice_has_so_many_pages_and_a_flood_of_messages_is_told_to_slow_down(evening):
    async def scene(band: Place, host: Place) -> None:
        concert = await announced(band)
        secret, _ = await door_of(host, concert)
        uma = Phone(host, "uma")
        await uma.join(secret)
        async with trio.open_nursery() as nursery:
            enough = trio.Event()

            async def listen(task_status):
                async with uma.socket() as (first, _):
                    task_status.started(first)
                    await enough.wait()

            openings = [await nursery.start(listen) for _ in range(PAGES_EACH)]
            assert {opening["type"] for opening in openings} == {OPENED}
            refused = await nursery.start(listen)
            assert refused["status"] == 429
            enough.set()
        async with uma.socket() as (first, page):
            assert first["type"] == OPENED
            hostile = ["{", "[]", "null", '{"type":"own"}', "[" * 4_000, "é" * 17_000]
            for text in hostile:
                await page.send_text(text)
                assert (await page.until("error"))["next"]
            for number in range(400):
                await page.send(type="ping", t=float(number))
            whys = {(await page.receive()).get("error") for _ in range(400)}
            assert "That was too much at once." in whys

    evening(scene)
