"""`popctl store` against a real daemon: what is kept, and whom to keep in any case."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from consensus.identifiers import IdentityId, to_did
from consensus.parameters import PRACTICE
from consensus.signing import public_key
from popd.cli.store import size, store
from popd.config import Home
from popd.storage.database import open_database
from simulations import scribe

POPCTL: Final = str(Path(sys.executable).with_name("popctl"))
BEN: Final = IdentityId(public_key(bytes(31) + b"b"))


def popctl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [POPCTL, *arguments], capture_output=True, text=True, timeout=90, env=dict(os.environ)
    )


def told(*arguments: str) -> Any:
    done = popctl(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.network
def test_a_fresh_node_says_what_it_keeps_and_remembers_pins_over_a_restart(tmp_path: Path) -> None:
    place = ("--home", str(tmp_path))
    assert popctl("up", *place).returncode == 0
    try:
        state = told("store", "status", *place)
        assert (state["roomy"], state["next"], state["declined"]) == (True, [], [])
        assert state["store_bytes"] == 512_000_000
        assert state["file"]["bytes"] > 0
        assert told("store", "pin", to_did(BEN), *place)["pinned"][0]["id"] == BEN.hex()
        assert popctl("store", "pin", "nobody", *place).returncode == 2
        assert popctl("down", *place).returncode == 0
        assert popctl("store", "status", *place).returncode == 3
        assert popctl("up", *place).returncode == 0
        words = popctl("store", "status", *place).stdout
        assert f"Pinned     someone ({to_did(BEN)[8:12]}" in words
        assert "everybody is kept whole" in words
        assert told("store", "unpin", BEN.hex(), *place) == {"pinned": []}
        assert told("store", "status", *place)["pinned"] == []
    finally:
        popctl("down", *place)


@pytest.mark.network
def test_a_store_that_is_too_large_shrinks_on_disk_and_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    crowd = [
        scribe.begin(PRACTICE, scribe.author(f"c{i}"), 1_700_000_000_000) for i in range(1_500)
    ]
    with open_database(home.ledger) as database:
        database.write(crowd, [], 1)
        before = database.sizes().file_bytes
    home.config.write_text("store_mb = 1\n")
    place = ("--home", str(tmp_path))
    assert popctl("up", *place).returncode == 0
    try:
        for _ in range(100):
            state = told("store", "status", *place)
            if state["evicted_entries"] and not state["emptying"]:
                break
            time.sleep(0.2)
        assert not state["emptying"]
        strangers = state["tiers"][3]
        assert strangers["entries"] == 1_500 - state["evicted_entries"] > 100
        assert strangers["bytes"] <= strangers["bound_bytes"] == 100_000
        assert [one["reason"] for one in state["declined"]] == ["evicted"]
        assert any("store_mb" in step for step in state["next"])
        assert "Let go since the start" in popctl("store", "status", *place).stdout
    finally:
        popctl("down", *place)
    with open_database(home.ledger) as database:
        after = database.sizes()
        assert after.entries == strangers["entries"] + 1
        assert after.file_bytes < before / 2


class FakeNode:
    """A node whose strangers' share is full."""

    def __enter__(self) -> "FakeNode":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str) -> Any:
        tier = {"why": "Why.", "authors": 3, "entries": 4, "bound_bytes": 10**8, "used_ppm": 10**6}
        return {
            "store_bytes": 10**9, "kept_bytes": 123_456_789, "peer_bound_bytes": 25_000_000,
            "subnet_bound_bytes": 50_000_000, "roomy": False, "emptying": True,
            "tiers": [tier | {"tier": name, "bytes": 10**8}
                      for name in ("own_and_path", "trusted", "named", "strangers")],
            "peers": [{"peer": "ab" * 32, "subnet": "10.1.2.0/24", "authors": 9, "bytes": 10**7},
                      {"peer": "", "subnet": "", "authors": 2, "bytes": 999}],
            "subnets": [{"subnet": "10.1.2.0/24", "authors": 9, "bytes": 10**7}],
            "declined": [{"reason": "peer_is_full", "why": "It fills its part.", "authors": 7,
                          "latest": []}],
            "evicted_entries": 12, "blobs": {"count": 1, "bytes": 5, "bound_bytes": 10**9},
            "file": {"bytes": 2 * 10**8, "free_bytes": 1_000}, "pinned": [], "next": ["Do this."],
        }  # fmt: skip


def test_a_full_store_tells_who_fills_it_what_went_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("popd.cli.store.client_of", lambda *_: FakeNode())
    words = CliRunner().invoke(store, ["status"]).output
    for part in (
        "123.5 MB of 1.0 GB", "100.0 % of 100.0 MB", "abababababababab", "before the start",
        "10.1.2.0/24", "Let go since the start: 12 entries.", "7 people. It fills its part.",
        "Next: Do this.", "999 bytes",
    ):  # fmt: skip
        assert part in words, words


@pytest.mark.parametrize("person", ["../status", "a/b", "x\x00y"])
def test_what_is_no_person_never_becomes_a_path(person: str) -> None:
    assert CliRunner().invoke(store, ["unpin", person]).exit_code == 2


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size(n) for n in (0, 999, 1_000, 1_500_000, 2 * 10**9)] == [
        "0 bytes", "999 bytes", "1.0 kB", "1.5 MB", "2.0 GB",
    ]  # fmt: skip
