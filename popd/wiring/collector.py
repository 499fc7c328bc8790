"""The garbage collector of a process whose ledger stays: it need not look at it again and again."""

import gc
from typing import Final

THRESHOLDS: Final = (50_000, 20, 50)
"""Nearly everything a daemon allocates in numbers is entries, which it keeps."""


def calm_collector() -> None:
    """Sets aside what is loaded by now, and has the collector look less often at what follows.

    A full collection takes a second for a million entries, in which nobody is heard.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
