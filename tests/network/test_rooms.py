"""Real nodes on loopback play together, each its own part; one leaves and comes back."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from consensus.entries.performance import Block, Mint, Session
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import PRACTICE
from consensus.statement import read_statement
from consensus.units import MILLION
from game.charts.songs import SONGS
from popd.cli.town import PLAY_S, Town, TownError
from popd.storage.database import open_database

pytestmark = [pytest.mark.network, pytest.mark.slow]

WITNESSES = 3
TOGETHER_US = 10_000
"""How far apart the beginnings of a room may be."""
SONG = next(iter(SONGS.values()))
PARTS = ((4, "easy"), (7, "easy"), (4, "medium"), (10, "easy"), (7, "medium"))
SEEDS = (1, 2, 14, 4, 8)
"""Machines whose play of these parts looks like a person's; three in ten of medium parts don't."""


class Band:
    """The first nodes of a town in one room; the others witness."""

    def __init__(self, town: Town, players: int) -> None:
        self.town = town
        self.players = range(players)
        self.played: dict[int, dict[str, Any]] = {}
        self.threads: list[threading.Thread] = []

    def gather(self) -> str:
        """All are in, each with a part; returns the room."""
        town = self.town
        town.wait_connected()
        room = town.post(0, "/rooms", part(0))["own"]["id"]
        for number in self.players[1:]:
            town.wait_until(lambda n=number: bool(self.rooms(n)["nearby"]), 20.0, "a room nearby")
            town.post(number, "/rooms/join", {"room": room})
            town.post(number, "/rooms/part", part(number))
        return str(room)

    def play(self, number: int) -> None:
        """A machine plays the node's part once it is counted in."""

        def run() -> None:
            body = {"room": True, "seed": SEEDS[number], "windows": 1}
            with suppress(TownError):
                self.played[number] = self.town.post(number, "/autoplay", body, PLAY_S)

        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()

    def rooms(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.town.get(number, "/rooms")
        return found

    def own(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.rooms(number)["own"]
        return found

    def is_all_ready(self) -> bool:
        members = self.own(0)["members"]
        return len(members) == len(self.players) and all(member["ready"] for member in members)

    def wait(self) -> None:
        for thread in self.threads:
            thread.join()


def part(number: int) -> dict[str, Any]:
    keys, level = PARTS[number]
    return {"song": SONG.name, "keys": keys, "level": level}


def ledger(town: Town, number: int) -> list[Any]:
    """What a node has on its disk."""
    with open_database(town.plans[number].home.ledger) as database:
        wires = list(database.wires())
    return [read_statement(wire, PRACTICE.name) for wire in wires]


@pytest.mark.parametrize("players", [2, 5])
def test_a_room_begins_together_and_each_mints_its_own_part(tmp_path: Path, players: int) -> None:
    with Town(tmp_path, players + WITNESSES) as town:
        band = Band(town, players)
        band.gather()
        for number in band.players:
            band.play(number)
        town.wait_until(band.is_all_ready, 20.0, "all ready")
        town.post(0, "/rooms/start", {})
        doubts = [band.own(number)["uncertainty_us"] for number in band.players]
        band.wait()
        town.wait_agreed()
        identities = [
            IdentityId(bytes.fromhex(town.get(number, "/status")["identity"]["id"]))
            for number in range(town.count)
        ]
    statements = ledger(town, 0)
    performers = set(identities[:players])
    sessions = {s.entry.author: s for s in statements if isinstance(s.body, Session)}
    assert set(sessions) == performers
    for number, who in enumerate(identities[:players]):
        session = sessions[who].body
        assert session.chart == SONG.chart(*PARTS[number]).cut(0, 20_000_000).id
        assert {author for author, _ in session.performers} == performers
        assert sum(share for _, share in session.performers) == MILLION
        assert {opening.candidate for opening in session.openings} == set(identities[players:])
        assert [window["state"] for window in band.played[number]["windows"]] == ["minted"]
        assert minted(statements, who) == {sessions[who].id}
    # One machine, hence one clock: what the sessions say can be compared.
    starts_us = [sessions[who].body.start_ms * 1_000 for who in identities[:players]]
    assert max(starts_us) - min(starts_us) <= TOGETHER_US
    assert max(doubts) <= TOGETHER_US


def test_one_leaves_while_all_play_and_comes_back_at_a_bar(tmp_path: Path) -> None:
    with Town(tmp_path, 2 + WITNESSES) as town:
        band = Band(town, 2)
        room = band.gather()
        for number in band.players:
            band.play(number)
        town.wait_until(band.is_all_ready, 20.0, "all ready")
        town.post(0, "/rooms/start", {})
        town.wait_until(lambda: bool(band.own(1)["members"][1]["playing"]), 20.0, "it plays")
        begin_us = band.own(1)["t0_us"]
        town.wait_until(lambda: time.time_ns() // 1_000 > begin_us + 1_000_000, 20.0, "song")
        town.kill(1)
        town.restart(1)
        town.wait_connected()
        town.wait_until(lambda: bool(band.rooms(1)["nearby"]), 20.0, "the room is there still")
        back = town.post(1, "/rooms/join", {"room": room})["own"]
        mine = next(member for member in back["members"] if member["is_me"])
        assert (mine["label"], mine["player"]) == ("7 keys, easy", True)
        band.play(1)
        band.wait()
        town.wait_agreed()
        who = IdentityId(bytes.fromhex(town.get(1, "/status")["identity"]["id"]))
    statements = ledger(town, 0)
    first, second = (s for s in statements if isinstance(s.body, Session) and s.entry.author == who)
    late_us = (second.body.start_ms - first.body.start_ms) * 1_000
    bar_us = 4 * SONG.beat_us
    assert late_us > 0
    assert abs((late_us + bar_us // 2) % bar_us - bar_us // 2) <= TOGETHER_US
    assert second.id in minted(statements, who)
    assert [window["state"] for window in band.played[1]["windows"]] == ["minted"]


def minted(statements: list[Any], who: IdentityId) -> set[EntryId]:
    """The sessions of whose blocks somebody minted."""
    blocks = {s.id: s.body for s in statements if isinstance(s.body, Block)}
    mints = (s.body for s in statements if isinstance(s.body, Mint) and s.entry.author == who)
    return {blocks[mint.block].session for mint in mints}
