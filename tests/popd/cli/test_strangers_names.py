"""Names that strangers chose move no cursor and turn no line around, wherever they are listed."""

from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner

from popd.cli.peers import peers
from popd.cli.room import room
from popd.cli.status import status

EVE = "Eve\u202egnirts\x1b[2J"
PEER = {
    "name": EVE, "practice": False, "node": "ab" * 32, "since_ms": 0, "paths": [],
    "bytes_in": 0, "bytes_out": 0, "waiting_bytes": 0, "points": 0, "incidents": [],
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "/status": {
        "identity": {"did": "did:key:z6Mk"}, "pen": "own", "network": "practice", "entries": 0,
        "digest": "00" * 32, "peers": 1, "neighbours": [PEER], "addresses": [],
    },
    "/wallet": {"locked": False, "restoring": None},
    "/peers": {"peers": [PEER], "banned": [], "unreached": [], "points": []},
    "/rooms": {"nearby": [
        {"id": "abc", "title": EVE, "host": PEER, "members": 1, "playing": False},
    ]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("module", "spoken"),
    [("status", (status, [])), ("peers", (peers, [])), ("room", (room, ["list"]))],
)
def test_names_of_strangers_are_shown_without_what_can_not_be_seen(
    module: str, spoken: tuple[click.Command, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"popd.cli.{module}.client_of", speaking(ANSWERS.__getitem__))
    done = CliRunner().invoke(*spoken)
    assert done.exit_code == 0, done.output
    assert "Eve gnirts [2J" in done.output
    assert "\u202e" not in done.output
    assert "\x1b" not in done.output


def speaking(answer: Callable[[str], Any]) -> Callable[..., Any]:
    class Node:
        home = None

        def __enter__(self) -> "Node":
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def get(self, path: str) -> Any:
            return answer(path)

    return lambda *_: Node()
