"""Devices meet by a link, follow each other, and forget each other; strangers get nothing."""

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
import trio
import trio.testing

from consensus.encoding import digest
from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.signing import Domain, check_signature, public_key
from consensus.units import Milliseconds
from popd.node.effects import Sign
from popd.node.events import Event, PeerBlamed, SignatureMade
from popd.node.messages.greeting import hello_digest
from popd.node.offences import Offence
from popd.node.own_effects import Confided, DeviceForgotten, SayOwnBox
from popd.node.own_words import (
    Grouped,
    HelloAsked,
    NotesKnown,
    NotesTold,
    OwnWord,
    PairAsked,
    PenLocked,
    SignAsked,
    SignGiven,
)
from popd.node.pen_words import (
    PenAsked,
    PenStale,
)
from popd.node.purposes import ForHello
from popd.own_devices import DeviceError, PenState
from popd.own_notes import PETNAMES, SETTINGS
from popd.wiring.devices import Devices
from popd.wiring.keyholder import KeyHolder
from popd.wiring.own import OwnKeeper
from popd.wiring.own_channel import Surroundings, say
from popd.wiring.pen_holder import MAX_AHEAD_MS, MAX_TICKETS, TICKET_US, PenHolder
from wallet.devices import MAX_DEVICES, BorrowedPen, read_book, read_pen, write_devices
from wallet.keyring import keyring_of
from wallet.pairing import PairingLink, from_link
from wallet.places import KeyPlace

ANN = bytes([1]) * 32
ME = IdentityId(public_key(ANN))
NETWORK = "practice"


class Post:
    """Carries boxes between devices; what is lost and doubled is up to a test."""

    def __init__(self, seed: int = 0) -> None:
        self.now_us = 1_700_000_000_000_000
        self.homes: dict[NodeKey, Home] = {}
        self.chance = Random(seed)
        self.loss = self.doubling = 0.0
        self.cut: set[NodeKey] = set()

    def carry(self, sender: NodeKey, box: SayOwnBox) -> None:
        if {sender, box.peer} & self.cut or box.peer not in self.homes:
            return
        copies = (self.chance.random() >= self.loss) + (self.chance.random() < self.doubling)
        for _ in range(copies):
            self.homes[box.peer].devices.read(sender, box.data)


class NoTasks:
    """Where no scene runs, nothing has to be merged."""

    def start_soon(self, task: object) -> None:
        """It is let go."""


class Home:
    """One device: its files, its notes, and what its node was given."""

    def __init__(self, post: Post, path: Path, seed: int, pen: BorrowedPen | None = None) -> None:
        path.mkdir(exist_ok=True)
        self.post, self.place = post, KeyPlace("first", path)
        self.key = NodeKey(public_key(bytes([seed]) * 32))
        self.given: list[Event] = []
        self.changes = 0
        self.keeper = OwnKeeper(path / "own", Random(seed))
        self.remembered: list[str] = []
        around = Surroundings(
            NETWORK,
            self.key,
            lambda: post.now_us,
            self.give,
            lambda: [] if self.key in post.cut else [k for k in post.homes if k not in post.cut],
            lambda: [f"/ip4/192.0.2.{seed}/tcp/4001"],
            self.remember,
        )
        self.around = around
        keyring = keyring_of(ANN if pen is None else bytes([seed]) * 32)
        self.keys = KeyHolder(NETWORK, self.place, keyring)
        if pen is not None:
            write_devices(self.place.pen, pen)
        self.devices = Devices(
            around, self.keys, ME, read_pen(self.place.pen), self.keeper, "desk", self.change
        )
        self.devices._nursery = cast(trio.Nursery, NoTasks())
        post.homes[self.key] = self

    def remember(self, addresses: Iterable[str]) -> None:
        self.remembered += addresses

    def change(self) -> None:
        self.changes += 1

    def give(self, event: Event) -> None:
        if isinstance(event, SayOwnBox):
            self.post.carry(self.key, event)
        else:
            self.given.append(event)

    def blamed(self) -> list[Offence]:
        return [event.offence for event in self.given if isinstance(event, PeerBlamed)]

    def says(self, other: "Home", word: OwnWord, key: bytes) -> None:
        """Whatever a stolen device may say."""
        say(self.around, other.key, word, key)


def borrowed(link: PairingLink, name: str) -> BorrowedPen:
    return BorrowedPen(NETWORK, link.identity, link.node, link.dialled, name, secret=link.secret)


def joined(post: Post, path: Path, holder: Home, seed: int, name: str) -> Home:
    home = Home(post, path, seed, borrowed(from_link(holder.devices.ticket().link), name))
    home.devices.tick()
    return home


def scene(*tests: Callable[[], Any], homes: Iterable[Home], post: Post) -> None:
    """Runs each test after a while of all devices being together."""

    async def run() -> None:
        async with trio.open_nursery() as nursery:
            for home in homes:
                home.devices._nursery = nursery
            for test in tests:
                await pass_time(post, homes)
                made = test()
                if made is not None:
                    await made
            nursery.cancel_scope.cancel()

    trio.run(run)


async def settled(homes: Iterable[Home]) -> None:
    """Returns once nobody merges any more."""
    await trio.testing.wait_all_tasks_blocked()
    while any(home.devices._notes.is_busy for home in homes):  # noqa: ASYNC110 (for a moment)
        await trio.sleep(0.002)


async def pass_time(post: Post, homes: Iterable[Home]) -> None:
    for _ in range(8):
        for home in homes:
            home.devices.tick()
        post.now_us += 4_000_000
        await settled(homes)


def test_a_device_joins_by_a_link_and_both_remember_it(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone\n")
    assert (desk.devices.pen, phone.devices.pen) == (PenState.OWN, PenState.HERE)
    assert [(d.node, d.name, d.holds_pen, d.is_this) for d in desk.devices.all()] == [
        (desk.key, "desk", True, True),
        (phone.key, "phone", False, False),
    ]
    assert [(d.node, d.holds_pen, d.is_this) for d in phone.devices.all()] == [
        (desk.key, True, False),
        (phone.key, False, True),
    ]
    book, pen = read_book(desk.place.devices), read_pen(phone.place.pen)
    assert book is not None
    assert pen is not None
    assert (pen.group_key, pen.pair_key) == (book.group_key, book.devices[0].pair_key)
    assert pen.secret == b""
    again = Home(post, tmp_path / "desk", 10)
    assert [d.node for d in again.devices.all()] == [desk.key, phone.key]


def test_a_link_is_good_once_for_five_minutes_and_only_as_it_was_shown(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    link = from_link(desk.devices.ticket().link)
    guess = PairingLink(NETWORK, ME, desk.key, (), bytes(32))
    guessing = Home(post, tmp_path / "guess", 12, borrowed(guess, "guess"))
    guessing.devices.tick()
    assert guessing.devices.pen is PenState.UNPAIRED
    assert desk.blamed() == [Offence.STRANGE_BOX]
    first = Home(post, tmp_path / "first", 13, borrowed(link, "first"))
    first.devices.tick()
    second = Home(post, tmp_path / "second", 14, borrowed(link, "second"))
    second.devices.tick()
    assert (first.devices.pen, second.devices.pen) == (PenState.HERE, PenState.UNPAIRED)
    late = from_link(desk.devices.ticket().link)
    post.now_us += TICKET_US
    third = Home(post, tmp_path / "third", 15, borrowed(late, "third"))
    third.devices.tick()
    assert third.devices.pen is PenState.UNPAIRED
    assert [d.name for d in desk.devices.all()] == ["desk", "first"]
    assert desk.blamed() == [Offence.STRANGE_BOX] * 3


def test_a_box_that_comes_before_all_runs_is_let_go(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    desk.devices._nursery = None
    desk.devices.read(desk.key, b"anything")
    assert desk.given == []


def test_an_answer_that_was_lost_comes_when_asked_again(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = Home(post, tmp_path / "p", 11, borrowed(from_link(desk.devices.ticket().link), "p"))
    read, post.homes[phone.key].devices.read = phone.devices.read, lambda *_: None  # type: ignore[method-assign]
    phone.devices.tick()
    phone.devices.read = read  # type: ignore[method-assign]
    assert phone.devices.pen is PenState.UNPAIRED
    post.now_us += 3_000_000
    phone.devices.tick()
    assert phone.devices.pen is PenState.HERE
    assert len(desk.devices.all()) == 2


def test_links_and_devices_are_so_many_and_no_more(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    oldest = from_link(desk.devices.ticket().link)
    for _ in range(MAX_TICKETS):
        desk.devices.ticket()
    late = Home(post, tmp_path / "late", 11, borrowed(oldest, "late"))
    late.devices.tick()
    assert late.devices.pen is PenState.UNPAIRED
    for n in range(MAX_DEVICES):
        joined(post, tmp_path / str(n), desk, 20 + n, str(n))
    with pytest.raises(DeviceError, match="already"):
        desk.devices.ticket()


def test_names_and_settings_follow_whatever_is_lost_or_doubled(tmp_path: Path) -> None:
    post = Post(seed=4)
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    laptop = joined(post, tmp_path / "laptop", desk, 12, "laptop")
    homes = [desk, phone, laptop]
    post.loss, post.doubling = 0.3, 0.3

    async def write() -> None:
        await desk.keeper.keep(PETNAMES, "02" * 32, "Ben")
        await phone.keeper.keep(SETTINGS, "scroll.ms", "900")
        await laptop.keeper.keep_all("keymaps", {f"keyboard.{n}": "KeyA" * 50 for n in range(90)})

    def heal() -> None:
        post.loss = post.doubling = 0.0

    def check() -> None:
        assert {d.node for d in phone.devices.all()} == {desk.key, phone.key, laptop.key}
        assert desk.keeper.notes == phone.keeper.notes == laptop.keeper.notes
        assert desk.keeper.notes.petnames == {bytes([2]) * 32: "Ben"}
        assert len(desk.keeper.notes.keymaps) == 90
        assert phone.changes >= 1
        assert not any(home.blamed() for home in homes)

    scene(write, heal, check, homes=homes, post=post)


def test_who_is_forgotten_is_told_and_hears_no_more_and_the_others_go_on(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    laptop = joined(post, tmp_path / "laptop", desk, 12, "laptop")
    homes = [desk, phone, laptop]
    old = read_book(desk.place.devices)
    assert old is not None

    async def forget() -> None:
        post.cut |= {phone.key, laptop.key}  # neither hears of it at once
        desk.devices.forget(phone.key)
        with pytest.raises(KeyError):
            desk.devices.forget(phone.key)
        with pytest.raises(DeviceError, match="borrows"):
            laptop.devices.forget(phone.key)
        await desk.keeper.keep(PETNAMES, "02" * 32, "Ben")

    def come_back() -> None:
        post.cut.clear()

    def check() -> None:
        assert phone.devices.pen is PenState.FORGOTTEN
        assert laptop.devices.pen is PenState.HERE
        assert phone.keeper.notes.petnames == {}
        assert laptop.keeper.notes.petnames == {bytes([2]) * 32: "Ben"}
        now = read_book(desk.place.devices)
        assert now is not None
        assert now.group_key != old.group_key
        before = len(desk.given)
        phone.says(desk, PenAsked(b"entry"), old.group_key)
        phone.says(desk, SignAsked(Domain.PRESENCE, bytes(32)), old.devices[0].pair_key)
        assert desk.given[before:] == []

    scene(forget, come_back, check, homes=homes, post=post)


def test_who_is_forgotten_stays_so_whatever_link_it_knows(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    used, unused = (from_link(desk.devices.ticket().link) for _ in range(2))
    phone = Home(post, tmp_path / "phone", 11, borrowed(used, "phone"))
    phone.devices.tick()
    desk.devices.forget(phone.key)
    shown = from_link(desk.devices.ticket().link)
    for link in (used, unused, shown):
        phone.says(desk, PairAsked("phone 2", ()), link.secret)
    assert [device.name for device in desk.devices.all()] == ["desk"]
    again = Home(post, tmp_path / "again", 11, borrowed(shown, "again"))
    again.devices.tick()
    assert again.devices.pen is PenState.FORGOTTEN
    new = Home(post, tmp_path / "new", 12, borrowed(shown, "new"))
    new.devices.tick()
    assert new.devices.pen is PenState.HERE
    late = Home(post, tmp_path / "late", 13, borrowed(unused, "late"))
    late.devices.tick()
    assert late.devices.pen is PenState.UNPAIRED


def test_what_is_asked_for_while_the_keys_are_locked_is_not_kept_to_be_signed(
    tmp_path: Path,
) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    desk.keys.lock()
    phone.devices.tell(desk.key, PenAsked(b"entry"))
    assert desk.given == []
    desk.devices.forget(phone.key)
    assert desk.given == [DeviceForgotten(phone.key)]


def test_companions_hear_whether_the_keys_are_locked_where_the_pen_is(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    laptop = joined(post, tmp_path / "laptop", desk, 12, "laptop")
    homes = desk, phone, laptop

    def states() -> list[PenState]:
        for home in homes:
            home.devices.tick()
        return [home.devices.pen for home in homes]

    assert states() == [PenState.OWN, PenState.HERE, PenState.HERE]
    keyring = desk.keys._keyring
    desk.keys.lock()
    assert states() == [PenState.OWN, PenState.LOCKED, PenState.LOCKED]
    book = read_book(desk.place.devices)
    assert book is not None
    phone.says(laptop, PenLocked(is_locked=False), book.group_key)
    phone.says(desk, PenLocked(is_locked=False), book.group_key)
    assert states() == [PenState.OWN, PenState.LOCKED, PenState.LOCKED]
    assert Offence.UNASKED in laptop.blamed()
    assert Offence.UNASKED in desk.blamed()
    post.cut = {phone.key}
    assert states() == [PenState.OWN, PenState.AWAY, PenState.LOCKED]
    desk.keys._keyring = keyring
    assert states() == [PenState.OWN, PenState.AWAY, PenState.HERE]
    desk.keys.lock()
    post.cut = set()
    assert states() == [PenState.OWN, PenState.LOCKED, PenState.LOCKED]
    desk.keys._keyring = keyring
    assert states() == [PenState.OWN, PenState.HERE, PenState.HERE]


def test_everything_but_entries_is_signed_for_companions_by_the_pens_device(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    effect = Sign(ForHello(Milliseconds(1)), Domain.PRESENCE, bytes(32), None)
    keyring = phone.keys._keyring
    phone.keys.lock()
    assert phone.devices.signed(effect) is None
    phone.devices.tell(desk.key, PenAsked(b"entry"))
    assert (phone.given, desk.given) == ([], [])
    phone.keys._keyring = keyring
    phone.devices.tell(desk.key, PenAsked(b"entry"))
    assert desk.given == [Confided(phone.key, PenAsked(b"entry"))]
    post.now_us += 3_000_000
    phone.devices.tick()
    assert len(phone.given) == 1
    phone.given.clear()
    desk.keys.lock()
    assert phone.devices.signed(effect) is None
    assert phone.given == []
    desk.keys._keyring = keyring_of(ANN)
    post.now_us += 3_000_000
    phone.devices.tick()
    (made,) = phone.given
    assert isinstance(made, SignatureMade)
    check_signature(ME, made.signature, NETWORK, Domain.PRESENCE, bytes(32))
    own = phone.devices.signed(Sign(ForHello(Milliseconds(1)), Domain.FRAME, bytes(32), bytes(32)))
    assert own is not None
    check_signature(public_key(bytes(32)), own.signature, NETWORK, Domain.FRAME, bytes(32))
    book = read_book(desk.place.devices)
    assert book is not None
    for domain in (Domain.ENTRY, Domain.PAIRING, Domain.GUEST, Domain.FRAME):
        phone.says(desk, SignAsked(domain, bytes(32)), book.group_key)
    assert desk.blamed() == [Offence.MALFORMED] * 4
    assert len(phone.given) == 1
    with pytest.raises(AssertionError):
        phone.devices.signed(Sign(ForHello(Milliseconds(1)), Domain.ENTRY, bytes(32), None))


def test_that_a_node_is_the_user_s_is_signed_for_that_node_and_never_for_tomorrow(
    tmp_path: Path,
) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    now_ms = Milliseconds(post.now_us // 1_000)
    subject = hello_digest(ME, phone.key, now_ms)
    effect = Sign(ForHello(now_ms), Domain.HELLO, subject, None)
    assert phone.devices.signed(effect) is None
    (made,) = phone.given
    assert isinstance(made, SignatureMade)
    check_signature(ME, made.signature, NETWORK, Domain.HELLO, subject)
    phone.given.clear()
    book = read_book(desk.place.devices)
    assert book is not None
    phone.says(desk, HelloAsked(Milliseconds(now_ms + MAX_AHEAD_MS + 1)), book.group_key)
    assert desk.blamed() == []
    phone.says(desk, SignAsked(Domain.HELLO, subject), book.group_key)
    assert desk.blamed() == [Offence.MALFORMED]
    assert phone.given == []


def test_what_a_stolen_device_says_changes_nothing_and_costs_it(tmp_path: Path) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    laptop = joined(post, tmp_path / "laptop", desk, 12, "laptop")
    book = read_book(desk.place.devices)
    assert book is not None
    stale = PenStale(EntryId(bytes(32)), EntryId(bytes(32)))
    rotten = b"\xff" * 40

    async def misbehave() -> None:
        phone.says(desk, Grouped(bytes(32), bytes(32), ()), book.group_key)
        phone.says(laptop, Grouped(bytes(32), bytes(32), ()), book.group_key)
        phone.says(laptop, SignGiven(Domain.PRESENCE, bytes(32), bytes(64)), book.group_key)
        phone.says(laptop, stale, book.group_key)
        phone.says(desk, PairAsked("again", ()), book.group_key)
        phone.says(desk, NotesKnown(rotten, bytes(32), is_answer=False), book.group_key)
        await settled([desk, phone, laptop])
        phone.says(desk, NotesTold(digest(rotten), 0, 1, rotten), book.group_key)
        phone.says(desk, NotesTold(bytes(32), 0, 2, rotten), book.group_key)
        phone.says(desk, NotesTold(bytes(32), 0, 2, rotten), book.group_key)
        await settled([desk, phone, laptop])

    def check() -> None:
        after = read_book(desk.place.devices)
        assert after is not None
        assert after.group_key == book.group_key
        assert [device.node for device in after.devices] == [phone.key, laptop.key]
        assert laptop.devices.pen is PenState.HERE
        assert not any(isinstance(event, Confided) for event in (*desk.given, *laptop.given))
        assert Offence.MALFORMED in desk.blamed()
        assert Offence.UNASKED in laptop.blamed()
        assert desk.keeper.notes == laptop.keeper.notes

    scene(misbehave, check, homes=[desk, phone, laptop], post=post)


def test_a_damaged_or_full_book_is_told_and_nobody_joins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post()
    desk = Home(post, tmp_path / "desk", 10)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("popd.wiring.filed.write_devices", full)
    phone = joined(post, tmp_path / "phone", desk, 11, "phone")
    assert phone.devices.pen is PenState.UNPAIRED
    assert len(desk.devices.all()) == 1
    assert isinstance(desk.devices.holder, PenHolder)
