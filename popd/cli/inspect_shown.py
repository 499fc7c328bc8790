"""An inspection in a terminal: the verdict, and the errors as a picture of somebody's timing."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from rich.console import Console
from rich.text import Text

from consensus.anomaly.alignment import Alignment
from consensus.anomaly.traces import Floats, Traces
from consensus.units import Ppm
from popd.cli.inspect_library import LibraryFolder
from popd.cli.inspect_verdicts import Inspection, verdict_of

LOOKS: Final = {
    "accept": ("✔", "#009e73", "a person may well have played this"),
    "flag": ("⚑", "#e69f00", "suspicious: worth a human look"),
    "reject": ("✘", "#d55e00", "not to be believed"),
}
"""Sign, colour and words of a verdict; colours as on the stage."""
EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
BIN_MS: Final = 4
REACH_BINS: Final = 16
"""Errors farther than this many bins either way are shown in the outermost."""
HISTOGRAM_ROWS: Final = 5
DRIFT_COLUMNS: Final = 2 * REACH_BINS + 1
DRIFT_ROWS: Final = 7
LEAST_DRIFT_MS: Final = 5.0
"""What the drift's scale reaches at least, so that a steady play looks steady."""
SHOWN_MODEL: Final = 12
"""Digits of the model; the whole is in the JSON."""
MARGIN: Final = 9


def show(found: Inspection, library: LibraryFolder | None) -> None:
    """Prints an inspection."""
    console = Console(highlight=False, soft_wrap=True)
    sign, colour, words = LOOKS[verdict_of(found.assessment.anomaly_ppm)]
    verdict = verdict_of(found.assessment.anomaly_ppm)
    head = Text(f"{sign} {verdict}", f"bold {colour}")
    console.print(
        head.append(f"  {words}; anomaly {percent(found.assessment.anomaly_ppm)}", "not bold")
    )
    for reason in found.assessment.reasons:
        console.print(Text(f"  · {reason}"))
    console.print(Text("\n".join(("", *_body(found, library)))))


def percent(share: Ppm) -> str:
    """A share in words."""
    return f"{share / 10_000:.1f} %"


def histogram(errors_ms: Floats) -> list[str]:
    """How many errors there are of each size, as columns, the scale below."""
    # Not rounded to even: errors on whole milliseconds would fall into every other bin.
    bins = np.clip(np.floor(errors_ms / BIN_MS + 0.5), -REACH_BINS, REACH_BINS).astype(np.int64)
    counts = np.bincount(bins + REACH_BINS, minlength=2 * REACH_BINS + 1)
    heights = -(-counts * HISTOGRAM_ROWS * 8 // max(counts.max(), 1))
    rows = [
        "".join(EIGHTHS[min(max(height - 8 * row, 0), 8)] for height in heights)
        for row in reversed(range(HISTOGRAM_ROWS))
    ]
    edge = f"{REACH_BINS * BIN_MS}"
    scale = f"-{edge}".ljust(REACH_BINS) + "0" + f"+{edge} ms".rjust(REACH_BINS)
    return [*rows, scale]


def drift(traces: Traces) -> list[str]:
    """The median error of each part of the play, from early (low) to late (high)."""
    errors, starts_us = traces.errors_ms[traces.is_hit], traces.starts_us[traces.is_hit]
    span_us = max(int(starts_us[-1] - starts_us[0]), 1)
    parts = (starts_us - starts_us[0]) * DRIFT_COLUMNS // (span_us + 1)
    medians = {int(part): float(np.median(errors[parts == part])) for part in np.unique(parts)}
    reach_ms = max(LEAST_DRIFT_MS, *(abs(median) for median in medians.values()))
    half = DRIFT_ROWS // 2
    cells = [["·" if row == half else " "] * DRIFT_COLUMNS for row in range(DRIFT_ROWS)]
    for part, median in medians.items():
        cells[half - round(median / reach_ms * half)][part] = "●"
    labels = {0: f"{reach_ms:+.0f} ms", half: "0", DRIFT_ROWS - 1: f"{-reach_ms:+.0f} ms"}
    return [f"{''.join(row)}  {labels.get(place, '')}".rstrip() for place, row in enumerate(cells)]


def _body(found: Inspection, library: LibraryFolder | None) -> list[str]:
    judgement, traces = found.judged.judgement, found.traces
    errors = traces.errors_ms[traces.is_hit]
    hits, notes = len(errors), len(judgement.notes)
    lines = _part(
        "hits",
        [
            f"{hits:,} of {notes:,} notes, {notes - hits:,} missed; "
            f"accuracy {percent(judgement.accuracy_ppm)}"
        ],
    )
    if hits:
        lines += _part("errors", histogram(errors))
        lines += _part(
            "", [f"median {np.median(errors):+.1f} ms, spread {errors.std():.1f} ms", ""]
        )
        lines += _part("drift", drift(traces))
        lines += _part("", ["begin".ljust(DRIFT_COLUMNS - 3) + "end", ""])
    if found.alignment is not None:
        lines += _part("stream", [_stream(found.alignment)])
    if library is not None:
        lines += _part("nearest", [_nearest(found, library)])
    return lines + _part("model", [found.assessment.model.hex()[:SHOWN_MODEL]])


def _stream(found: Alignment) -> str:
    return (
        f"{found.onsets:,} sounds or jolts; {found.matched_share:.0%} of {found.presses:,} presses "
        f"have one, by chance {found.chance_share:.0%}; {found.delay_us / 1_000:+.0f} ms, "
        f"within {found.jitter_ms:.1f} ms"
    )


def _nearest(found: Inspection, library: LibraryFolder) -> str:
    among = f"among {len(library.plays):,} plays ({library.skipped:,} other files skipped)"
    if found.nearest is None:
        return f"no other play of these notes {among}"
    return f"{found.nearest.id}, {percent(found.nearest.similarity_ppm)} alike, {among}"


def _part(name: str, lines: Sequence[str]) -> list[str]:
    return [f"{name if not row else '':<{MARGIN}}{line}".rstrip() for row, line in enumerate(lines)]
