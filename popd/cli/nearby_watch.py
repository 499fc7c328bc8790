"""Watching somebody in a terminal: their lanes as they play, the read-out, and your duties."""

import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import click
import httpx
import trio
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text
from trio_websocket import ConnectionClosed, HandshakeError, WebSocketConnection
from trio_websocket import wrap_client_stream as wrap_stream

from popd.cli.called import command
from popd.cli.client import Client
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.lanes import picture
from popd.cli.nearby_seen import OPEN, Seen
from popd.cli.nearby_words import (
    SHOWN_DIGITS,
    WOULD,
    duty_lines,
    performance_lines,
    read_words,
)
from popd.config import Home

BEHIND_US: Final = 400_000
"""Frames come four times a second: what was played so long ago has arrived."""
DRAWS_PER_S: Final = 15
ROWS: Final = 20
OTHER_ROWS: Final = 10
"""Rows of the terminal that the words around the lanes take."""
PING_S: Final = 2.0
WAITING: Final = (
    "Nobody performs now; waiting. You will be asked when you are drawn. Ctrl-C ends it."
)
KEYS: Final = {"a": "accept", "r": "reject", "c": "cannot_judge"}


def watch_performance(
    client: Client, performance: dict[str, Any] | None, *, is_judging: bool, as_json: bool
) -> None:
    """Shows a performance until it is over and nothing is left to be decided.

    Who judges stays for the performances after it, until interrupted; they alone may give None,
    where nobody performs yet.
    """
    seen, refusal = Seen(performance, is_judging), ""
    try:
        trio.run(partial(_watch, client, seen, is_judging=is_judging, as_json=as_json))
    except* KeyboardInterrupt:
        pass
    except* (OSError, HandshakeError, httpx.HTTPError) as group:
        refusal = str(group.exceptions[0]) or "it hung up"
    if refusal:
        give_up(ExitCode.FAILED, f"The node let this terminal watch no further: {refusal}.")


async def _watch(client: Client, seen: Seen, *, is_judging: bool, as_json: bool) -> None:
    async with trio.open_nursery() as nursery:
        stream = await trio.open_unix_socket(str(client.home.socket))
        socket = await wrap_stream(
            nursery, stream, "localhost", "/api/v1/nearby", subprotocols=["popd.v1"]
        )
        watched = await _turn(socket, "", seen)
        nursery.start_soon(_ping, socket)
        if not as_json:
            nursery.start_soon(_load_chart, client, seen)
            nursery.start_soon(_draw, client, seen, is_judging)
        elif seen.performance is None:
            click.echo(WAITING, err=True)
        if is_judging:
            await _say(socket, type="attend", on=True)
            if not as_json and sys.stdin.isatty():
                nursery.start_soon(_hear_keys, client, seen)
        else:
            nursery.start_soon(_end, seen, nursery.cancel_scope)
        async for message in _messages(socket):
            seen.take(message)
            watched = await _turn(socket, watched, seen)
            if as_json and message["type"] != "pong":
                click.echo(json.dumps(message))
        nursery.cancel_scope.cancel()
    if is_judging:
        raise OSError("it hung up")


async def _turn(socket: WebSocketConnection, watched: str, seen: Seen) -> str:
    """Asks for the performance that is to be seen, where it is another one; its session."""
    session = "" if seen.performance is None else str(seen.performance["session"])
    if session == watched:
        return watched
    if watched:
        await _say(socket, type="unwatch", session=watched)
    await _say(socket, type="watch", session=session)
    return session


async def _messages(socket: WebSocketConnection) -> AsyncIterator[dict[str, Any]]:
    with suppress(ConnectionClosed):
        while True:
            yield json.loads(await socket.get_message())


async def _say(socket: WebSocketConnection, **message: Any) -> None:
    with suppress(ConnectionClosed):
        await socket.send_message(json.dumps(message))


async def _ping(socket: WebSocketConnection) -> None:
    while True:
        await _say(socket, type="ping", t=0)
        await trio.sleep(PING_S)


async def _end(seen: Seen, scope: trio.CancelScope) -> None:
    while True:
        await trio.sleep(1)
        if seen.is_done():
            scope.cancel()


async def _load_chart(client: Client, seen: Seen) -> None:
    while True:
        wanted = seen.performance
        if wanted is not None and wanted["keys"] and seen.chart is None:
            chart = await trio.to_thread.run_sync(client.found, f"/charts/{wanted['chart']}")
            if seen.performance is not None and seen.performance["session"] == wanted["session"]:
                seen.chart = chart
        await trio.sleep(1)


async def _draw(client: Client, seen: Seen, is_judging: bool) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        await _tell(client, seen)
        return
    with Live(console=console, auto_refresh=False, vertical_overflow="crop") as live:
        while True:
            rows = max(8, min(ROWS, console.height - OTHER_ROWS))
            live.update(shown(seen, rows, is_judging=is_judging), refresh=True)
            await trio.sleep(1 / DRAWS_PER_S)


async def _tell(client: Client, seen: Seen) -> None:
    """Where no picture can be drawn: one line for each new reading and each step of a duty."""
    told: list[str] = []
    while True:
        lines = told_lines(seen, client.home)
        for line in lines:
            if line not in told:
                click.echo(line)
        told = lines
        await trio.sleep(1)


def told_lines(seen: Seen, home: Home) -> list[str]:
    """What is to be told of a moment where no picture can be drawn."""
    if seen.performance is None or seen.is_idle():
        lines = [WAITING]
    else:
        lines = [performance_lines(seen.performance, 0)[0].rpartition(": ")[0]]
        lines += [] if seen.read is None else [read_words(seen.read)]
    return lines + [_step(duty, home) for duty in seen.duties.values()]


def _step(duty: dict[str, Any], home: Home) -> str:
    """How far a block is; while it waits for a word, until when and what to type."""
    digits = duty["block"][:SHOWN_DIGITS]
    if duty["state"] != "asking":
        return f"{digits} {duty['state']}"
    until = time.strftime("%H:%M:%S", time.localtime(duty["until_ms"] / 1_000))
    would = f"your node {WOULD[duty['suggestion']]}" if duty["suggestion"] else "no advice yet"
    accept = command(f"nearby accept {digits}", home)
    return f"{digits} asking until {until}; {would}: {accept} (or reject, or pass)"


def shown(seen: Seen, rows: int, *, is_judging: bool) -> Group:
    """The whole picture of a moment."""
    now_us = seen.now_us()
    if seen.performance is None or seen.is_idle():
        parts = [Text(WAITING)]
    else:
        parts = _performance(seen, seen.performance, now_us, rows)
    duty = seen.pressing()
    if duty is not None:
        parts.append(Text("\n".join(duty_lines(duty, now_us / 1_000)), style="#ffd58a"))
        keys = "a accept, r reject, c cannot judge, z undo"
        parts.append(Text(keys if is_judging else "To be asked, watch with --judge."))
    return Group(*parts)


def _performance(seen: Seen, performance: dict[str, Any], now_us: float, rows: int) -> list[Text]:
    head = performance_lines(performance, int(now_us))[:2]
    if seen.over_s is not None:
        head[0] = "It is over. What is sealed is being judged."
    parts = [Text("\n".join(head), no_wrap=True, overflow="ellipsis")]
    if seen.chart is None:
        parts.append(Text("\nWhat is played is on its way here; usually 1 s.\n"))
    else:
        chart_us = now_us - performance["start_us"] - BEHIND_US
        cells = picture(
            seen.chart["keys"], seen.chart["notes"], seen.riffs, seen.presses, chart_us, rows
        )
        lanes = Text(no_wrap=True)
        for row in cells:
            for cell in row:
                lanes.append(cell.text, f"{'bold ' if cell.is_bold else ''}{cell.colour}")
            lanes.append("\n")
        parts.append(lanes)
    reading = "Listening; the first reading comes after a few notes."
    parts.append(Text(read_words(seen.read) if seen.read else reading, style="bold"))
    parts.append(Text(f"Shown {BEHIND_US / 1e6:.1f} s behind, so that it arrives in order."))
    return parts


async def _hear_keys(client: Client, seen: Seen) -> None:
    """Keys are words by hand: they are given at once, and signed a little later."""
    with _each_key():
        while True:
            await trio.lowlevel.wait_readable(sys.stdin.fileno())
            key = sys.stdin.read(1).lower()
            duty = seen.pressing()
            if duty is None or duty["state"] not in OPEN:
                continue
            with suppress(SystemExit):  # a refusal is told, and ends nothing
                if key in KEYS:
                    body = {"block": duty["block"], "choice": KEYS[key]}
                    await trio.to_thread.run_sync(client.post, "/nearby/judge", body)
                elif key == "z" and duty["choice"]:
                    body = {"block": duty["block"]}
                    await trio.to_thread.run_sync(client.post, "/nearby/undo", body)


@contextmanager
def _each_key() -> Iterator[None]:
    """Keys are read as they are pressed, without Enter."""
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
