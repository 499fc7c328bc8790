"""What somebody played on a chart: the source that a forger starts from."""

from dataclasses import dataclass

from consensus.chart import Chart
from consensus.evidence import KeyEvent


@dataclass(frozen=True, slots=True)
class Recording:
    """One play, in the time of its chart."""

    chart: Chart
    """What was asked for."""
    events: tuple[KeyEvent, ...]
    """What was pressed, in order of time, from 0 on."""
