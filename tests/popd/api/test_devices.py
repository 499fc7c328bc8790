"""Devices and what follows the user, by the API: listed, joined by a link, forgotten, kept."""

from typing import Any

import pytest

from popd.api.desk import PEN_TROUBLES
from popd.api.own import better_runs, merit
from popd.own_devices import PenState
from popd.own_notes import RUNS, SETTINGS
from wallet.devices import DeviceBook, read_book
from wallet.pairing import from_link

API = "/api/v1"


def test_a_ticket_is_a_link_and_a_code_and_the_list_says_who_holds_the_pen(perform):
    async def scene(stage):
        async with stage.http() as http:
            found = (await http.get(f"{API}/devices")).json()
            assert found["pen"] == "own"
            (this,) = found["devices"]
            assert (this["holds_pen"], this["is_this"], this["is_connected"]) == (True, True, True)
            ticket = (await http.post(f"{API}/devices/ticket", json={})).json()
            link = from_link(ticket["link"])
            assert link.identity == stage.desk.context.identity
            assert link.node.hex() == this["node"]
            assert {len(row) for row in ticket["code"]} == {len(ticket["code"])}
            assert ticket["until_us"] == stage.daemon.now_us() + 300_000_000

    perform(scene)


def test_what_is_no_device_can_not_be_forgotten_and_locked_keys_pair_nobody(perform):
    async def scene(stage):
        async with stage.http() as http:
            for node, status in (("00" * 32, 404), ("zz", 400), ("00" * 31, 400)):
                answer = await http.delete(f"{API}/devices/{node}")
                assert answer.status_code == status
            stage.daemon.keys.lock()
            answer = await http.post(f"{API}/devices/ticket", json={})
            assert (answer.status_code, answer.json()["error"]) == (423, "locked")
        assert read_book(stage.daemon.keys.place.devices) in (None, DeviceBook(bytes(32)))

    perform(scene)


@pytest.mark.parametrize("pen", sorted(PEN_TROUBLES))
def test_while_the_pen_is_away_nothing_can_be_written_and_it_is_said_why(perform, pen):
    async def scene(stage):
        class Away:
            pen = PenState.OWN

            def all(self) -> list[Any]:
                return []

        stage.daemon.devices = Away()
        stage.daemon.devices.pen = pen
        async with stage.http() as http:
            answer = await http.post(f"{API}/decline", json={"transfer": "00" * 32})
            told = answer.json()
            assert (answer.status_code, told["error"]) == (423, "pen_away")
            assert told["why"]
            assert told["next"]
            assert (await http.get(f"{API}/devices")).json() == {"pen": pen.value, "devices": []}

    perform(scene)


def test_settings_and_keys_come_back_and_the_last_word_on_a_name_wins(perform):
    async def scene(stage):
        async with stage.http() as http:
            for values in ({"scroll.ms": "900", "sound.music": "0.5"}, {"scroll.ms": "700"}):
                answer = await http.put(f"{API}/own/settings", json={"values": values})
                assert answer.status_code == 200
            wanted = {"scroll.ms": "700", "sound.music": "0.5"}
            assert answer.json() == {"values": wanted}
            await stage.daemon.keep_own(SETTINGS, "receives", "asked")
            assert (await http.get(f"{API}/own/settings")).json() == {"values": wanted}
            gone = await http.put(f"{API}/own/settings", json={"values": {"sound.music": ""}})
            assert gone.json() == {"values": {"scroll.ms": "700"}}
            keys = {"keyboard.4": "KeyD KeyF KeyJ KeyK"}
            await http.put(f"{API}/own/keymaps", json={"values": keys})
            assert (await http.get(f"{API}/own/keymaps")).json() == {"values": keys}

    perform(scene)


@pytest.mark.parametrize(
    ("place", "values", "status"),
    [
        ("settings", {"receives": "all"}, 400),
        ("settings", {"": "x"}, 400),
        ("settings", {"a.b\n": "x"}, 400),
        ("settings", {"a.b": "x" * 257}, 400),
        ("settings", {f"a.{'b' * n}": "x" for n in range(1, 300)}, 400),
        ("settings", {"a.b": 1}, 400),
        ("keymaps", {"scroll.ms": "x"}, 400),
        ("runs", {"00" * 32: "1 1 1"}, 400),
        ("petnames", {"a.b": "x"}, 404),
        ("..", {"a.b": "x"}, 404),
    ],
)
def test_what_is_no_setting_is_refused_and_nothing_changes(perform, place, values, status):
    async def scene(stage):
        before = stage.daemon.own
        async with stage.http() as http:
            answer = await http.put(f"{API}/own/{place}", json={"values": values})
            assert answer.status_code == status
        assert stage.daemon.own == before

    perform(scene)


def test_a_better_run_wins_and_no_noise_is_a_run() -> None:
    known = {"a": "900000 100 5", "b": "990000 50 5", "c": "no run", "d": "1 2 3 4"}
    here = {"a": "950000 100 6", "b": "1000000 10 7", "c": "5 5 5", "d": "5 5 5", "e": "1 1 1"}
    assert better_runs(here, known) == {name: here[name] for name in "acde"}
    assert better_runs(known, {**known, **here}) == {"b": known["b"]}
    for noise in ("", "1 1", "1 1 x", "-1 1 1", "\u0661 1 1", f"{'9' * 16} 1 1"):
        assert merit(noise) == (-1, -1)


def test_what_was_played_best_is_in_the_notes_and_read_by_whoever_may_play(perform):
    async def scene(stage):
        chart = "00" * 32
        await stage.daemon.keep_all_own(RUNS, {chart: "900000 100 5"})
        async with stage.http() as http:
            runs = (await http.get(f"{API}/own/runs")).json()
        assert runs == {"values": {chart: "900000 100 5"}}

    perform(scene)
