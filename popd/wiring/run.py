"""Runs one daemon from its lock to its last word."""

import json
import os
import signal
from collections.abc import Iterator
from functools import partial

import structlog
import trio

from popd.api.server import serve_api
from popd.config import ConfigError, Home, Settings
from popd.storage.database import open_database
from popd.storage.shelf import open_shelf
from popd.storage.sqlite_file import StorageError, readable
from popd.wiring.collector import calm_collector
from popd.wiring.daemon import RunningDaemon
from popd.wiring.door import Door, door_of, keep_door
from popd.wiring.home_lock import locked
from popd.wiring.keys import open_keyring
from popd.wiring.logs import write_logs_to
from popd.wiring.remembering import keep_remembering
from popd.wiring.restored import expect_ledger, miss_ledger, take_up_chain
from wallet.devices import BorrowedPen, read_pen


def run_daemon(home: Home, settings: Settings, passphrase_file: str | None) -> None:
    """Runs a daemon until it is told to stop; prints `ready URL` when it can be used.

    Raises HomeInUseError, KeystoreError, ConfigError or StorageError when it can't start or go on.
    """
    with locked(home):
        write_logs_to(home.log)
        keyring = open_keyring(home, settings, passphrase_file)
        if miss_ledger(home):
            structlog.get_logger().warning("the ledger is gone: asking others for the own chain")
        with open_database(home.ledger) as database, open_shelf(home.shelf) as shelf:
            expect_ledger(home)
            with readable(home.ledger):
                take_up_chain(home, settings, database)
                pen = borrowed_pen(home, settings)
                daemon = RunningDaemon(home, settings, keyring, database, shelf, pen)
            calm_collector()
            try:
                trio.run(_serve, daemon, strict_exception_groups=True)
            except ExceptionGroup as group:
                raise _first(group) from group
            finally:
                home.running.unlink(missing_ok=True)


def borrowed_pen(home: Home, settings: Settings) -> BorrowedPen | None:
    """Whose pen this home borrows; raises KeystoreError, or ConfigError for another network."""
    pen = read_pen(home.keys.pen)
    if pen is not None and pen.network != settings.network:
        raise ConfigError(
            f"this device was paired on the network {pen.network!r}. Start it with --network"
            f" {pen.network}"
        )
    return pen


def _first(error: Exception) -> Exception:
    """Of what went wrong at once, one that has words for its user, otherwise the first."""
    structlog.get_logger().error("stopped", exc_info=error)
    leaves = list(_leaves(error))
    worded = (StorageError, ConfigError)
    return next((leaf for leaf in leaves if isinstance(leaf, worded)), leaves[0])


def _leaves(error: Exception) -> Iterator[Exception]:
    if isinstance(error, ExceptionGroup):
        for part in error.exceptions:
            yield from _leaves(part)
    else:
        yield error


async def _serve(daemon: RunningDaemon) -> None:
    door = door_of(daemon.home)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_stop_on_signals, daemon)
        network = partial(daemon.network.run, daemon.settings.listens_on, daemon.settings.dial)
        await nursery.start(network)
        nursery.start_soon(daemon.run)
        if daemon.settings.network != "practice":
            nursery.start_soon(keep_remembering, daemon.home, daemon.network)
        port = daemon.settings.api_port or door.port
        api = partial(serve_api, daemon, port=port, token=door.token)
        url = await nursery.start(api)
        page = f"{url}#token={door.token}"
        keep_door(daemon.home, Door(int(url.rstrip("/").rpartition(":")[2]), door.token))
        _announce(daemon, page)
        structlog.get_logger().info("ready", addresses=daemon.addresses, pid=os.getpid())
        print(f"ready {page}", flush=True)  # noqa: T201 - the one line that a caller waits for
        await daemon.wait_stopped()
        nursery.cancel_scope.cancel()


async def _stop_on_signals(daemon: RunningDaemon) -> None:
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for _ in signals:
            daemon.stop()


def _announce(daemon: RunningDaemon, page: str) -> None:
    """Leaves what a client needs in the home folder, readable by its owner alone."""
    about = {
        "pid": os.getpid(),
        "network": daemon.settings.network,
        "identity": daemon.node.context.identity.hex(),
        "addresses": list(daemon.addresses),
        "page": page,
    }
    path = daemon.home.running
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(about))
    draft.replace(path)
