"""Whether the network keeps its promises: spreading, reconciling, faults, kills, partitions.

python -m benchmarks.network --json --only town,reconcile
"""

from benchmarks.common import run_parts
from benchmarks.network_charges import charges
from benchmarks.network_failing import faults, kills, partition
from benchmarks.network_hostile import hostile
from benchmarks.network_reconciling import catch_up, reconcile
from benchmarks.network_spreading import cheaper_than_gossip, full_town, town

PARTS = {
    "town": town,
    "full_town": full_town,
    "cheaper_than_gossip": cheaper_than_gossip,
    "reconcile": reconcile,
    "catch_up": catch_up,
    "faults": faults,
    "kills": kills,
    "partition": partition,
    "charges": charges,
    "hostile": hostile,
}

if __name__ == "__main__":
    run_parts("Whether the network keeps its promises", PARTS)
