"""The desk: what all routes share, and the moment they look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import trio

from consensus.identifiers import EntryId, IdentityId
from consensus.units import Milliseconds
from consensus.value.policy import Policy
from popd.api.answers import ApiError
from popd.api.audience import Audience
from popd.api.daemon import Daemon
from popd.api.hall import Hall
from popd.api.imports import Imports
from popd.api.lan import Lan
from popd.api.library import Library
from popd.api.names import NOBODY, Names, names_in
from popd.api.opinions import Opinions
from popd.api.outlook import Outlook
from popd.api.restoring_words import Said, said_of
from popd.api.stage import Stage
from popd.api.tokens import Tokens
from popd.api.trust_society import Circle, Society
from popd.api.trust_words import cluster_name
from popd.api.value_keeping import kept_policy
from popd.api.value_preview import PurseTable
from popd.config import Receives, receives
from popd.node.context import Context
from popd.node.messages.concerts import Phase
from popd.own_devices import PenState

NO_CLUSTERS: Final[Mapping[IdentityId, str]] = {}
"""Nobody belongs anywhere, or it doesn't matter."""
POCKETS_S: Final = 30
"""How often it is asked whether pockets of trust are due."""
LOCKING_S: Final = 2
"""How often it is asked whether keys are to lock themselves."""
SOCIETY_S: Final = 300
"""Clusters change over days; finding them takes seconds where many are known."""
PEN_TROUBLES: Final[Mapping[PenState, tuple[str, str]]] = {
    PenState.AWAY: (
        "The device that holds your pen is away, so nothing can be written.",
        "Start popd on that device, or wait until it is back; nothing is lost.",
    ),
    PenState.LOCKED: (
        "Your keys are locked on the device that holds your pen.",
        "Unlock them there: in its Purse, or with popctl wallet unlock.",
    ),
    PenState.UNPAIRED: (
        "The device that holds your pen has not taken this one in.",
        "Make a new link there (popctl device pair), end popd here, and popctl device join again.",
    ),
    PenState.FORGOTTEN: (
        "The device that holds your pen has forgotten this one.",
        "Pair a new folder: popctl device pair there, popctl device join --home NEW here.",
    ),
}


@dataclass(slots=True)
class Desk:
    """One for each daemon."""

    daemon: Daemon
    """Whom the routes serve."""
    library: Library
    """What can be played."""
    opinions: Opinions
    """What coins are worth to whom."""
    client: Path
    """The folder of the page."""
    tokens: Tokens
    """Who may do what."""
    lan: Lan | None = None
    """Lets other devices in, where the desk is served."""
    imports: Imports = field(default_factory=Imports)
    """What is on its way to the shelf."""
    stage: Stage = field(default_factory=Stage)
    """What is on."""
    audience: Audience = field(default_factory=Audience)
    """Who looks at Nearby."""
    hall: Hall = field(default_factory=Hall)
    """Who listens to concerts."""
    is_lan_for_guests: bool = False
    door_note: str = ""
    """What the host is to know of a door that was opened again; empty for nothing."""
    """The second door was opened for a concert's guests alone, and goes with theirs."""
    concerting: trio.Lock = field(default_factory=trio.Lock)
    """Held while a command about a concert waits to be followed."""
    circle: Circle = field(default_factory=Circle)
    """Who is real, and who belongs together."""
    writing: trio.Lock = field(default_factory=trio.Lock)
    """Held while a command waits for its entry: results carry no name of who asked."""
    rooming: trio.Lock = field(default_factory=trio.Lock)
    """The same for commands about rooms."""
    writing_policy: trio.Lock = field(default_factory=trio.Lock)
    """Held while the user's policy is kept."""
    unlocking: trio.Lock = field(default_factory=trio.Lock)
    """One passphrase is tried at a time."""
    lock_after_s: int = 0
    """Keys lock themselves when nothing was asked of them for so long; 0 for never."""
    used_us: int = 0
    """When something was asked of them last, by the daemon's clock."""
    plays_kept: int = 0
    """How many plays were kept or removed since the start."""
    policy_trouble: str = ""
    """Why the policy in the home isn't used; empty where all is well."""
    purse_table: PurseTable | None = None
    """The user's coins, laid out for previews."""
    _digest: tuple[int, bytes] = (-1, b"")

    @property
    def context(self) -> Context:
        """The node's state, to read."""
        return self.daemon.node.context

    @property
    def session(self) -> EntryId | None:
        """The session that was announced last."""
        show = self.daemon.node.performing.show
        return None if show is None else show.id

    @property
    def window_us(self) -> int:
        """How long a window of this network is."""
        return self.context.params.window_ms * 1_000

    @property
    def is_on(self) -> bool:
        """Somebody plays, or people are asked to witness."""
        performing = self.daemon.node.performing
        is_playing = performing.show is not None and performing.show.is_on
        return is_playing or performing.invitation is not None

    async def open_imports(self) -> None:
        """Works on imports until cancelled."""
        await self.imports.run(self.library, lambda: self.is_on, self.daemon.now_us)

    async def keep_pockets(self) -> None:
        """Looks for pockets of trust again when much was said, until cancelled."""
        while True:
            index = self.opinions.index
            if index is not None and index.is_due:
                pockets = await trio.to_thread.run_sync(self.opinions.search(index))
                if index is self.opinions.index:
                    self.opinions.regard(pockets)
            await trio.sleep(POCKETS_S)

    async def keep_society(self) -> None:
        """Looks who belongs together now and then while nobody plays, until cancelled.

        Values go by what was seen last, so that they don't depend on who opened which page.
        """
        while True:
            if not self.is_on and self._goes_by_clusters:
                await self.look_around()
            await trio.sleep(SOCIETY_S)

    async def keep_locking(self) -> None:
        """Locks the keys when nothing was asked of them for long enough, until cancelled."""
        while True:
            await trio.sleep(LOCKING_S)
            idle_us = self.daemon.now_us() - self.used_us
            is_idle = self.lock_after_s and idle_us > self.lock_after_s * 1_000_000
            if is_idle and not (self.is_on or self.is_gathering):
                self.daemon.keys.lock()

    @property
    def is_gathering(self) -> bool:
        """Whether a concert is on that is the user's, or that somebody here has rated."""
        concerts = self.daemon.node.concerting.concerts.values()
        return any(
            live.phase < Phase.CLOSED and (live.is_mine or live.opinions) for live in concerts
        )

    def restoring_said(self) -> Said:
        """What a chain that comes back waits for."""
        return said_of(self.daemon.node.restoring, len(self.context.peers))

    def check_unlocked(self) -> None:
        """Raises ApiError while nothing can be signed for the user."""
        if self.daemon.keys.is_locked:
            why, unlock = "Your keys are locked.", "Unlock them: popctl wallet unlock."
            raise ApiError(423, "locked", why, unlock)
        if self.daemon.devices.pen in PEN_TROUBLES:
            raise ApiError(423, "pen_away", *PEN_TROUBLES[self.daemon.devices.pen])
        if self.daemon.node.restoring.is_on:
            raise ApiError(423, "restoring", *self.restoring_said())
        self.used_us = self.daemon.now_us()

    async def look_around(self) -> Society:
        """Everybody at this moment, or when there was news last."""
        now_ms = Milliseconds(self.daemon.now_us() // 1_000)
        opinions, file = self.outlook().opinions, self.daemon.home.clusters
        return await self.circle.look(opinions, self.context.identity, now_ms, file)

    @property
    def _goes_by_clusters(self) -> bool:
        """Whether it matters to values who belongs where; not among a few people, but by rule."""
        rules = self.opinions.policy(self.context.identity).rules
        return self.opinions.index is not None or any(rule.names_cluster for rule in rules)

    def outlook(self) -> Outlook:
        """This moment."""
        self.opinions.refresh(Milliseconds(self.daemon.now_us() // 1_000))
        names = self.names()
        society = self.circle.society
        if society is not None and self._goes_by_clusters:
            called = {one.id: cluster_name(names, one) for one in society.clusters}
            self.opinions.belong(society.home, called)
        else:
            self.opinions.belong(NO_CLUSTERS, {})
        peers = {peer.identity for peer in self.context.peers.values()}
        neighbours = tuple(sorted(peer for peer in peers if peer is not None))
        return Outlook(self.context.ledger, self.opinions, names, neighbours)

    def names(self, heard: Mapping[IdentityId, str] = NOBODY) -> Names:
        """What people are called now, by the user before all others; `heard` are earlier claims."""
        return names_in(self.context, heard, self.daemon.own.petnames)

    def public_names(self) -> Names:
        """What people call themselves: what the user calls them is nobody's business but theirs."""
        return replace(names_in(self.context), is_public=True)

    @property
    def receives(self) -> Receives:
        """Which transfers are received without asking."""
        return receives(self.daemon.settings, self.daemon.own)

    def use_policy(self, policy: Policy) -> None:
        """From now on this counts for the user, wherever something is valued for them."""
        self.opinions.use_policy(self.context.identity, policy)
        self.policy_trouble = ""

    def digest(self) -> bytes:
        """The ledger's digest, computed again only when it may have changed."""
        ledger = self.context.ledger
        if self._digest[0] != ledger.revision:
            self._digest = (ledger.revision, ledger.digest())
        return self._digest[1]


def desk_for(daemon: Daemon, client: Path, token: str) -> Desk:
    """A fresh desk; `token` is the owner's."""
    library, tokens = Library(daemon.blob, daemon.shelf), Tokens(token, daemon.now_us)
    opinions = Opinions(daemon.node.ledger, daemon.node.context.identity)
    desk = Desk(daemon, library, opinions, client, tokens)
    desk.lock_after_s, desk.used_us = daemon.settings.lock_after_s, daemon.now_us()
    policy, trouble = kept_policy(daemon.home)
    desk.use_policy(policy)
    desk.policy_trouble = trouble
    return desk


def own_version() -> str:
    """The version of popd that runs."""
    try:
        return version("popd")
    except PackageNotFoundError:
        return "0"
