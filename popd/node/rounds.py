"""Rounds: when a node compares its heads with whom, so that nothing stays lacking for long."""

from dataclasses import dataclass
from typing import Final

from popd.node.comparing import Comparing
from popd.node.context import Context
from popd.node.spreading import Spreading

NEWS_COMPARED_MS: Final = 1_000
"""What a comparison brought is compared with others after this long."""


@dataclass(slots=True)
class Rounds:
    """Comparisons from time to time, and after what fresh entries don't tell of."""

    context: Context
    """The node."""
    comparing: Comparing
    """Compares."""
    spreading: Spreading
    """Knows who gets everything at once."""
    has_news: bool = False
    """Something came that others may lack, and they are about to be compared with."""

    def plan(self) -> None:
        """Compares with somebody after a while, again and again."""
        interval_ms = self.context.settings.sync_interval_ms
        delay_ms = self.context.chance.randint(interval_ms // 2, interval_ms)
        self.context.call_after(delay_ms, self._compare)

    def on_old_news(self) -> None:
        """Something came that others may lack as well, and that no fresh entry tells them of."""
        if not self.has_news:
            self.has_news = True
            self.context.call_after(NEWS_COMPARED_MS, self._compare_news)

    def _compare(self) -> None:
        if self.context.peers:
            self.comparing.begin(self.context.chance.choice(sorted(self.context.peers)))
        self.plan()

    def _compare_news(self) -> None:
        self.has_news = False
        for peer, feed in sorted(self.spreading.feeds.items()):
            if feed.is_eager:
                self.comparing.begin(peer)
