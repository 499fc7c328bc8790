"""What is kept of devices reaches the disk in order, off the loop, and none of it is lost."""

from pathlib import Path
from threading import get_ident

import pytest
import trio

from popd.node.own_words import Here
from popd.wiring import filed as filing
from popd.wiring.filed import Filed
from tests.popd.wiring.test_devices import Home, Post, joined
from wallet.devices import Device, DeviceBook, read_book, write_devices


def book(name: str) -> DeviceBook:
    return DeviceBook(bytes(32), (Device(bytes(32), name, bytes(32), 0, 0, ()),))


def test_what_waits_is_written_by_a_thread_and_the_last_word_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, threads = tmp_path / "devices", []

    def write(*given: object) -> None:
        threads.append(get_ident())
        write_devices(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(filing, "write_devices", write)
    filed = Filed(path)
    filed.write_soon(book("first"))
    filed.write_soon(book("second"))
    assert read_book(path) is None
    trio.run(filed.flush)
    trio.run(filed.flush)
    assert read_book(path) == book("second")
    assert len(threads) == 1
    assert threads[0] != get_ident()


def test_what_was_written_at_once_is_never_replaced_by_something_older(tmp_path: Path) -> None:
    path = tmp_path / "devices"
    filed = Filed(path)
    filed.write_soon(book("seen"))
    filed.write(book("forgotten"))
    trio.run(filed.flush)
    assert read_book(path) == book("forgotten")
    filed._write(1, book("seen"))
    assert read_book(path) == book("forgotten")


def test_a_full_disk_is_told_at_once_or_logged_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "devices"
    filed = Filed(path)
    filed.write(book("before"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(filing, "write_devices", full)
    with pytest.raises(OSError, match="No space"):
        filed.write(book("after"))
    filed.write_soon(book("after"))
    trio.run(filed.flush)
    assert read_book(path) == book("before")


def test_when_the_daemon_ends_what_waits_is_written_first(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    holder = desk.devices.holder
    assert holder is not None

    async def run() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.devices.run)
            await trio.sleep(0.02)
            post.now_us += 3_600_000_000
            phone.says(desk, Here(()), holder.group_key)
            nursery.cancel_scope.cancel()

    trio.run(run)
    kept = read_book(desk.place.devices)
    assert kept is not None
    assert [device.seen_ms for device in kept.devices] == [post.now_us // 1_000]
