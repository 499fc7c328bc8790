"""What is on: who drives the session, which batches of keys arrived, what its windows came to."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from consensus.chart import Chart
from consensus.identifiers import EntryId
from popd.node.notices import Notice, SessionEnded, WindowChanged
from popd.node.performing import TAIL_MS

MAX_SESSIONS: Final = 64
"""Sessions whose windows are remembered beyond what the ledger tells."""


@dataclass(slots=True)
class Stage:
    """Shared by all play sockets and automated plays; outlives each of them."""

    driver: object | None = None
    """The socket or automated play that drives; None while nobody does."""
    from_us: int = 0
    """Where in its chart the session that was asked for last begins."""
    told: OrderedDict[EntryId, dict[int, WindowChanged]] = field(default_factory=OrderedDict)
    """The last that the node said of each window, by session."""
    _session: EntryId | None = None
    _last_batch: int = 0

    def take(self, driver: object) -> bool:
        """Makes somebody the driver; False when somebody else is."""
        if self.driver is None:
            self.driver = driver
        return self.driver is driver

    def is_closed_to(self, someone: object) -> bool:
        """Whether somebody else drives."""
        return self.driver is not None and self.driver is not someone

    def leave(self, driver: object) -> None:
        """Somebody stops driving, if they did."""
        if self.driver is driver:
            self.driver = None

    def is_new(self, session: EntryId, batch: int) -> bool:
        """Whether a batch of keys of a session arrives for the first time.

        Batches are counted across sockets: a page that lost one sends again what nobody
        acknowledged.
        """
        if session != self._session:
            self._session, self._last_batch = session, 0
        if batch <= self._last_batch:
            return False
        self._last_batch = batch
        return True

    def note(self, notice: Notice) -> None:
        """Keeps what the node told."""
        if isinstance(notice, WindowChanged):
            self.told.setdefault(notice.session, {})[notice.window] = notice
            if len(self.told) > MAX_SESSIONS:
                self.told.popitem(last=False)
        elif isinstance(notice, SessionEnded):
            self.driver = None

    def refused(self, *, is_on: bool) -> None:
        """A session was refused: nobody drives, unless another one goes on."""
        if not is_on:
            self.driver = None


def cut_to(chart: Chart, windows: int | None, window_us: int) -> Chart:
    """The chart, or where more would be played than `windows`, its beginning."""
    if windows is None:
        return chart
    is_longer = 2 * (chart.duration_us + TAIL_MS * 1_000) >= (2 * windows + 1) * window_us
    return chart.cut(0, windows * window_us) if is_longer else chart
