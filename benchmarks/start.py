"""How long a user waits: for the command line's help, and for a lone daemon to be ready."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from time import perf_counter

from benchmarks.common import Row, below, median_of, run

POPCTL = str(Path(sys.executable).with_name("popctl"))
HELP_ROUNDS = 15
READY_ROUNDS = 5
HELP_GOAL_S = 0.15
READY_GOAL_S = 3.0
PATIENCE_S = 30


def help_s() -> float:
    """Seconds of wall time until `popctl --help` has ended."""
    start = perf_counter()
    subprocess.run([POPCTL, "--help"], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def ready_s() -> float:
    """Seconds of wall time until a lone daemon with an empty home says that it is ready."""
    with tempfile.TemporaryDirectory() as home:
        command = [POPCTL, "up", "--network", "practice", "--home", home]
        start = perf_counter()
        daemon = subprocess.Popen(
            [*command, "--foreground", "--no-open"], stdout=subprocess.PIPE, text=True
        )
        alarm = Timer(PATIENCE_S, daemon.kill)
        alarm.start()
        try:
            assert daemon.stdout is not None
            if not any(line.startswith("ready") for line in daemon.stdout):
                sys.exit(f"the daemon ended with {daemon.wait()} and never was ready")
            return perf_counter() - start
        finally:
            alarm.cancel()
            daemon.send_signal(signal.SIGTERM)
            daemon.communicate(timeout=PATIENCE_S)


def measure() -> Iterator[Row]:
    """Both medians; the first start of each warms the disk and isn't counted."""
    help_s()
    yield below("help", median_of(HELP_ROUNDS, help_s), HELP_GOAL_S, "s")
    ready_s()
    yield below("ready", median_of(READY_ROUNDS, ready_s), READY_GOAL_S, "s")


if __name__ == "__main__":
    run("Time until the user can go on", measure)
