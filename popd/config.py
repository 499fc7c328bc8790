"""Where a daemon lives and what it was told: flags over environment over file over defaults."""

import os
import re
import tomllib
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
import platformdirs

from popd.own_file import OWN_NAME
from popd.own_notes import OwnNotes
from popd.shape_words import shape_in_words
from wallet.places import KeyPlace, place_in_use

EVERYWHERE: Final = ("/ip4/0.0.0.0/tcp/0", "/ip4/0.0.0.0/tcp/0/ws")
HERE_ONLY: Final = ("/ip4/127.0.0.1/tcp/0",)
ENVIRONMENT_PREFIX: Final = "POPNODE_"
LISTENED: Final = re.compile(r"/ip[46]/[0-9a-fA-F.:]+/tcp/[0-9]+(/ws)?")
MAX_SOCKET_PATH: Final = 100
"""Linux allows 107 bytes."""


Receives = Literal["all", "valued", "asked"]
"""Which transfers are received without asking."""


class ConfigError(Exception):
    """A setting can't be used; the message names it and what was expected."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a user can set, in `config.toml` of the home folder or as POPNODE_… or as a flag."""

    network: Literal["main", "practice"] = "practice"
    """Which ledger: `main` or `practice`."""
    name: str = ""
    """What to be called by others; a suggestion."""
    listen: tuple[str, ...] = ()
    """Where peers can reach this node; `main` listens on all its addresses unless told otherwise,
    `practice` on this machine alone."""
    dial: tuple[str, ...] = ()
    """Peers that are reached again and again."""
    finds_nearby: bool = True
    """Finds nodes in the same local network, and is found by them (multicast DNS)."""
    finds_far: bool = True
    """Finds nodes beyond it through those it knows (a distributed table)."""
    is_relay: bool = False
    """Carries traffic for nodes that nobody reaches otherwise."""
    api_port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    """Loopback port of the page; 0 takes a free one."""
    is_automated: bool = False
    """No person plays here."""
    is_witness: bool = True
    """Answers invitations to witness."""
    receives: Receives = "asked"
    """Which transfers are received without asking: `all`, those `valued` by you, or none, so that
    you are `asked`. Shares, and what comes back, always are; where no person plays, all are."""
    lock_after_s: Annotated[int, msgspec.Meta(ge=0, le=2_592_000)] = 0
    """Keys lock themselves when nothing was asked of them for so long; 0 for never."""
    store_mb: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 512
    """What entries may take up on disk, in MB; the node needs about six times as much memory."""
    blobs_mb: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 2_048
    """What charts and evidence may take up on disk, in MB."""

    @property
    def listens_on(self) -> tuple[str, ...]:
        """Where it listens."""
        return self.listen or (EVERYWHERE if self.network == "main" else HERE_ONLY)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one daemon."""

    path: Path
    """Absolute."""

    @property
    def ledger(self) -> Path:
        """Entries and blobs."""
        return self.path / "ledger.sqlite3"

    @property
    def shelf(self) -> Path:
        """Songs from elsewhere, and plays."""
        return self.path / "shelf.sqlite3"

    @property
    def keys(self) -> KeyPlace:
        """The keys of the identity in use."""
        return place_in_use(self.path)

    @property
    def socket(self) -> Path:
        """The local API for the command line; elsewhere where the path is too long for a socket."""
        path = self.path / "api.sock"
        if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
            return path
        name = blake2b(os.fsencode(self.path), digest_size=8).hexdigest()
        return Path(platformdirs.user_runtime_dir("popd", ensure_exists=True)) / f"{name}.sock"

    @property
    def peers(self) -> Path:
        """Addresses at which peers were reached."""
        return self.path / "peers.json"

    @property
    def clusters(self) -> Path:
        """Who belonged together last, so that clusters keep their names."""
        return self.path / "clusters.json"

    @property
    def lock(self) -> Path:
        """Held while a daemon runs."""
        return self.path / "lock"

    @property
    def running(self) -> Path:
        """What a running daemon says of itself: pid, addresses, page."""
        return self.path / "running.json"

    @property
    def door(self) -> Path:
        """Port and token of the page, kept so that a page that is open finds it again."""
        return self.path / "door.json"

    @property
    def concert_door(self) -> Path:
        """What the door of a concert opens to while it is open; for its owner alone."""
        return self.path / "concert-door.json"

    @property
    def ports(self) -> Path:
        """Ports on which the node listened last, kept so that others find it there again."""
        return self.path / "ports"

    @property
    def log(self) -> Path:
        """What the daemon did."""
        return self.path / "daemon.log"

    @property
    def config(self) -> Path:
        """The user's settings."""
        return self.path / "config.toml"

    @property
    def policy(self) -> Path:
        """What counts for the user."""
        return self.path / "policy.toml"

    @property
    def own(self) -> Path:
        """What the user keeps for themselves: the names that they gave people, and choices."""
        return self.path / OWN_NAME

    @property
    def private(self) -> tuple[Path, ...]:
        """Small files that only their owner has, and that a backup keeps."""
        return (self.policy, self.config, self.own)

    @property
    def neighbours(self) -> Path:
        """Homes of practice neighbours."""
        return self.path / "neighbours"


def receives(settings: Settings, notes: OwnNotes) -> Receives:
    """Which transfers are received without asking: what was chosen in the page wins.

    Where no person plays, nobody can be asked.
    """
    if settings.is_automated:
        return "all"
    for choice in get_args(Receives):
        if notes.settings.get("receives") == choice:
            found: Receives = choice
            return found
    return settings.receives


def home_at(path: str | None, network: str) -> Home:
    """The home folder: given, or POPNODE_HOME, or one in the user's data folder."""
    chosen = path or os.environ.get(f"{ENVIRONMENT_PREFIX}HOME")
    if chosen:
        return Home(Path(chosen).expanduser().absolute())
    return Home(Path(platformdirs.user_data_dir("popd")) / network)


def load_settings(home: Home, flags: dict[str, Any]) -> Settings:
    """The settings of a home; `flags` that are None were not given.

    Raises ConfigError when a setting is unknown or of another type.
    """
    values: dict[str, Any] = {}
    if home.config.exists():
        try:
            values |= tomllib.loads(home.config.read_text())
        except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{home.config} can't be read: {error}") from error
    for field in msgspec.structs.fields(Settings):
        value = os.environ.get(ENVIRONMENT_PREFIX + field.name.upper())
        if value is not None:
            is_list = field.name in {"listen", "dial"}
            values[field.name] = value.split(",") if is_list else value
    values |= {name: value for name, value in flags.items() if value is not None}
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"a setting is wrong: {shape_in_words(error)}") from error
    _check_addresses("listen", settings.listen, "/ip4/0.0.0.0/tcp/4001", {"tcp"})
    for address in settings.listen:
        if not LISTENED.fullmatch(address):
            raise ConfigError(
                f"a setting is wrong: listen has {address!r}; it takes an IP address of this"
                " machine and a port, like /ip4/0.0.0.0/tcp/4001 or /ip4/0.0.0.0/tcp/4002/ws"
            )
    _check_addresses("dial", settings.dial, "/ip4/192.0.2.7/tcp/4001/p2p/12D3…", {"tcp", "p2p"})
    return settings


def _check_addresses(
    setting: str, addresses: tuple[str, ...], example: str, needed: set[str]
) -> None:
    """Raises ConfigError unless each address is one that the network can use."""
    from multiaddr import Multiaddr  # here, because `popctl` reads this file before every answer
    from multiaddr.exceptions import Error

    for address in addresses:
        try:
            names = {protocol.name for protocol in Multiaddr(address).protocols()}
        except (Error, ValueError):
            names = set()
        if not needed <= names:
            raise ConfigError(
                f"a setting is wrong: {setting} has {address!r}, which is no address like {example}"
            )
