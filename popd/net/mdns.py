"""Finds peers on the same network: multicast DNS, in threads of its own.

Everything of zeroconf blocks, and it calls back from its own threads: what it finds goes through
a bounded basket that the trio thread empties.
"""

import functools
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import trio
from zeroconf import IPVersion, ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from popd.net.host import local_hosts
from popd.net.subnets import is_loopback

logger = logging.getLogger(__name__)

SERVICE: Final = "_popd._tcp.local."
MAX_ADDRESSES: Final = 4
MAX_FOUND: Final = 256
"""Announcements that may wait to be looked at; beyond, the older are lost."""
LOOK_UP_MS: Final = 3_000
RECHECK_S: Final = 10.0
"""This machine's own addresses are looked at this often: networks are joined and left."""
RETRY_S: Final = 30.0

Found = Callable[[Sequence[str]], None]


class LocalDiscovery:
    """Announces this node and hears of others, while it runs."""

    def __init__(self, network: str, name: str, found: Found) -> None:
        """`network` must match, `name` is this node's peer id; `found` takes addresses."""
        self.status = "off"
        """`running`, or why not."""
        self._network = network
        self._name = name
        self._found = found

    async def run(self, addresses: Callable[[], Sequence[str]]) -> None:
        """Runs until cancelled; begins anew whenever this machine's addresses change."""
        while True:
            announced = [a for a in addresses() if not is_loopback(a) and "p2p-circuit" not in a]
            if not announced:
                self.status = "off: it listens on this machine only"
                await trio.sleep(RECHECK_S)
                continue
            try:
                await self._run_once(announced)
            except OSError as error:
                self.status = f"off: {error}"
                logger.debug("no multicast DNS", exc_info=True)
                await trio.sleep(RETRY_S)

    async def _run_once(self, announced: list[str]) -> None:
        hosts = local_hosts("ip4")
        start = functools.partial(self._start, announced, trio.lowlevel.current_trio_token())
        zeroconf = await trio.to_thread.run_sync(start)
        self.status = "running"
        try:
            while local_hosts("ip4") == hosts:  # noqa: ASYNC110 (nobody tells of changes)
                await trio.sleep(RECHECK_S)
        finally:
            self.status = "off"
            with trio.CancelScope(shield=True):
                await trio.to_thread.run_sync(zeroconf.close)

    def _start(self, announced: list[str], token: trio.lowlevel.TrioToken) -> Zeroconf:
        zeroconf = Zeroconf(ip_version=IPVersion.V4Only)
        try:
            ServiceBrowser(zeroconf, SERVICE, listener=_Basket(self._take, token))
            zeroconf.register_service(self._service(announced))
        except BaseException:
            zeroconf.close()
            raise
        return zeroconf

    def _service(self, announced: list[str]) -> ServiceInfo:
        properties = {f"a{n}": address for n, address in enumerate(announced[:MAX_ADDRESSES])}
        return ServiceInfo(
            SERVICE,
            f"{self._name}.{SERVICE}",
            port=int(announced[0].split("/")[4]),
            properties={"network": self._network, **properties},
            server=f"{self._name}.local.",
            parsed_addresses=local_hosts("ip4"),
        )

    def _take(self, properties: dict[bytes, bytes | None]) -> None:
        if properties.get(b"network") == self._network.encode():
            self._found(addresses_in(properties))


def addresses_in(properties: dict[bytes, bytes | None]) -> tuple[str, ...]:
    """The addresses in an announcement; whatever is none is left out."""
    raw = [properties.get(f"a{n}".encode()) for n in range(MAX_ADDRESSES)]
    return tuple(text.decode() for text in raw if text is not None and text.isascii())


class _Basket(ServiceListener):
    """Takes what zeroconf finds to the trio thread."""

    def __init__(self, take: Callable[[Any], None], token: trio.lowlevel.TrioToken) -> None:
        self._take = take
        self._token = token
        self._waiting: deque[Any] = deque(maxlen=MAX_FOUND)

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Somebody is there."""
        info = zc.get_service_info(type_, name, LOOK_UP_MS)
        if info is None:
            return
        self._waiting.append(info.properties)
        try:
            self._token.run_sync_soon(self._empty, idempotent=True)
        except trio.RunFinishedError:
            return

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Somebody is elsewhere."""
        self.add_service(zc, type_, name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """That somebody went is noticed anyway."""

    def _empty(self) -> None:
        while self._waiting:
            self._take(self._waiting.popleft())
