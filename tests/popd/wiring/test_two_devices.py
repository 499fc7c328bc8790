"""Two daemons of one person, as processes: pair, follow each other, and share one pen."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from consensus.identifiers import to_did
from popd.cli.main import main
from popd.cli.ports import free_ports
from popd.cli.processes import Running, launch, running, stop, wait_ready
from popd.config import Home
from popd.storage.database import open_database
from simulations import scribe
from simulations.stories import village
from wallet.devices import read_pen
from wallet.keyring import keyring_of
from wallet.keystore import create_practice_keystore
from wallet.pairing import from_link, to_link

LIMIT_S = 45


class Daemon:
    """A daemon of a home, on a port that it keeps."""

    def __init__(self, path: Path, port: int) -> None:
        self.home, self.port = Home(path), port
        self.process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(self.home.socket)),
            base_url="http://localhost/api/v1",
            timeout=20,
        )

    def start(self) -> Running:
        listen = f"/ip4/127.0.0.1/tcp/{self.port}"
        self.process = launch(self.home, ["--network=practice", f"--listen={listen}"])
        return wait_ready(self.home, self.process)

    def stop(self) -> None:
        stop(self.home)
        if self.process is not None:
            self.process.wait(10)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def refusal(self, path: str, body: Any) -> tuple[int, str]:
        answer = self.http.post(path, json=body)
        return answer.status_code, answer.json()["error"]


def until(found: Callable[[], Any]) -> Any:
    """What is found once it is there; fails when it does not come."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if (value := found()) is not None and value is not False:
                return value
        time.sleep(0.2)
    raise AssertionError("it did not come")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Daemon, Daemon]]:
    """The desk of somebody of the village, and a laptop that has nothing yet."""
    desk_port, laptop_port = free_ports(2)
    desk, laptop = Daemon(tmp_path / "d", desk_port), Daemon(tmp_path / "l", laptop_port)
    desk.home.path.mkdir(mode=0o700)
    create_practice_keystore(desk.home.path, keyring_of(scribe.author("a").seed))
    story = village()
    with open_database(desk.home.ledger) as database:
        database.write(list(story.told), [], story.now_ms)
    try:
        yield desk, laptop
    finally:
        for daemon in (desk, laptop):
            daemon.http.close()
            daemon.stop()


def popctl(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def entries(daemon: Daemon) -> Any:
    purse = daemon.ask("GET", "/purse")
    return sorted((coin["lot"], coin["amount_ujam"]) for coin in purse["coins"])


def test_a_laptop_joins_writes_with_the_desks_pen_and_waits_while_it_is_away(
    pair: tuple[Daemon, Daemon],
) -> None:
    desk, laptop = pair
    desk.start()
    link = desk.ask("POST", "/devices/ticket", {})["link"]
    popctl(
        "device", "join", link, "--home", str(laptop.home.path), "--name", "laptop", "--no-start"
    )
    laptop.start()
    until(lambda: laptop.ask("GET", "/devices")["pen"] == "here")
    assert laptop.ask("GET", "/wallet")["identity"] == desk.ask("GET", "/wallet")["identity"]
    listed = popctl("device", "list", "--home", str(desk.home.path))
    assert "laptop" in listed
    assert "holds the pen, this one" in listed

    ben = scribe.author("b").id
    desk.ask("POST", f"/people/{ben.hex()}/name", {"name": "Benny"})
    laptop.ask("PUT", "/own/settings", {"values": {"scroll.ms": "900"}})
    until(lambda: desk.ask("GET", "/own/settings")["values"] == {"scroll.ms": "900"})
    until(lambda: "Benny" in str(laptop.ask("GET", "/trust/map")))
    lots = until(lambda: laptop.ask("GET", "/purse")["coins"] or None)
    body = {"lot": lots[0]["lot"], "path": lots[0]["path"], "to": to_did(ben), "amount_ujam": 1_000}
    sent = laptop.ask("POST", "/send", body)
    until(lambda: entries(desk) == entries(laptop))
    history = desk.ask("GET", "/wallet/history")
    assert sent["entry"] in str(history)

    desk.stop()
    until(lambda: laptop.ask("GET", "/devices")["pen"] == "away")
    assert laptop.refusal("/send", body) == (423, "pen_away")
    told = popctl("status", "--home", str(laptop.home.path))
    assert "Pen        The device that holds the pen is away" in told
    desk.start()
    until(lambda: laptop.ask("GET", "/devices")["pen"] == "here")
    again = laptop.ask("POST", "/send", body)
    assert again["entry"] != sent["entry"]
    until(lambda: entries(desk) == entries(laptop))

    (other,) = [one for one in desk.ask("GET", "/devices")["devices"] if not one["is_this"]]
    popctl("device", "forget", other["node"][:12], "--home", str(desk.home.path))
    until(lambda: laptop.ask("GET", "/devices")["pen"] == "forgotten")
    assert laptop.refusal("/send", body) == (423, "pen_away")


def test_a_link_that_was_used_already_takes_nobody_in_and_says_so(
    pair: tuple[Daemon, Daemon], tmp_path: Path
) -> None:
    desk, laptop = pair
    desk.start()
    link = desk.ask("POST", "/devices/ticket", {})["link"]
    place = str(laptop.home.path)
    assert "It is taken in" in joining(link, place).stdout
    tablet = joining(link, str(tmp_path / "tablet"))
    assert (tablet.returncode, "the link was used already" in tablet.stderr) == (6, True)
    assert f"popctl device join --home {tmp_path / 'tablet'}`" in tablet.stderr
    assert running(Home(tmp_path / "tablet")) is None

    laptop.stop()
    paired = read_pen(laptop.home.keys.pen)
    stale = to_link(replace(from_link(link), secret=bytes(32)))
    assert joining(stale, place).returncode == 6
    assert read_pen(laptop.home.keys.pen) == paired


def joining(link: str, place: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", "from popd.cli.main import main; main()", "device", "join"]
    return subprocess.run(
        [*line, link, "--home", place], capture_output=True, text=True, check=False
    )
