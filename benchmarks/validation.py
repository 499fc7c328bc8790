"""What it costs to validate and store a block, held against nine signature verifications.

A block's traffic is the block, eight attestations of one verdict each and the mint; its session
with twelve openings is shared by thirty blocks. The node was not drawn, so it judges nothing.
Both sides are measured in turns, in CPU time of this process, and their medians compared.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import process_time

from nacl.signing import VerifyKey

from benchmarks.common import Row, at_least, informs, run
from consensus.ledger import Applied, Ledger
from consensus.parameters import MAIN
from consensus.signing import Domain, payload_prefix
from consensus.statement import Statement, read_statement
from popd.storage.database import open_database
from simulations import scribe

VERIFICATIONS = 9
CANDIDATES = 12
WINDOWS = 30
PERFORMERS = 4
ROUNDS = 15
BLOCKS_PER_TRANSACTION = 100
START_MS = 19_700 * 86_400_000
GOAL = 0.35


def written_traffic() -> tuple[list[bytes], list[list[bytes]]]:
    """Profiles, and for each block the entries that come with it (the session with the first)."""
    ledger = Ledger(MAIN)
    candidates = [scribe.author(f"candidate {i}") for i in range(CANDIDATES)]
    performers = [scribe.author(f"performer {i}") for i in range(PERFORMERS)]
    profiles = [scribe.begin(MAIN, who, START_MS) for who in (*candidates, *performers)]
    scribe.add_all(ledger, profiles)
    chart = scribe.small_chart(MAIN.window_ms // 1_000)
    traffic: list[list[bytes]] = []
    for turn, performer in enumerate(performers):
        start_ms = START_MS + turn * (WINDOWS + 1) * MAIN.window_ms
        show = scribe.announce(MAIN, performer, candidates, start_ms, WINDOWS, chart)
        scribe.add_all(ledger, [show.session])
        extra = [show.session.wire]
        for window in range(WINDOWS):
            entries = _block(ledger, show, window)
            traffic.append(extra + [statement.wire for statement in entries])
            extra = []
    return [profile.wire for profile in profiles], traffic


def _block(ledger: Ledger, show: scribe.Performance, window: int) -> list[Statement]:
    block = scribe.seal(MAIN, show, window, window)
    scribe.add_all(ledger, [block])
    time_ms = block.entry.time_ms
    attestations = [
        scribe.attest(MAIN, verifier, [block], time_ms + 1_000)
        for verifier in scribe.drawn_verifiers(MAIN, show, block)
    ]
    scribe.add_all(ledger, attestations)
    mint = scribe.mint(
        ledger, show.performer, block, [(item, 0) for item in attestations], time_ms + 2_000
    )
    scribe.add_all(ledger, [mint])
    return [block, *attestations, mint]


def cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds that `work` takes."""
    start = process_time()
    work()
    return process_time() - start


def validate(wires: Sequence[bytes], ledger: Ledger, *, known: bool = False) -> list[Statement]:
    """Reads entries from the wire and takes them into a ledger; all must be applied."""
    statements = [read_statement(wire, MAIN.name, is_signature_known=known) for wire in wires]
    for statement in statements:
        (change,) = ledger.add(statement)
        assert isinstance(change, Applied), change
    return statements


def validated_and_stored(
    profiles: Sequence[bytes], traffic: Sequence[Sequence[bytes]], path: Path
) -> Callable[[], None]:
    """The work of one round, with the profiles already there."""
    ledger, store = Ledger(MAIN), open_database(path)
    store.write(validate(profiles, ledger), [], START_MS)

    def work() -> None:
        for first in range(0, len(traffic), BLOCKS_PER_TRANSACTION):
            blocks = traffic[first : first + BLOCKS_PER_TRANSACTION]
            statements = [item for wires in blocks for item in validate(wires, ledger)]
            store.write(statements, [], START_MS)

    return work


def verifications(wires: Sequence[bytes]) -> Callable[[], None]:
    """As many PyNaCl verifications as there are entries in `wires`, and nothing else."""
    prefix = payload_prefix(MAIN.name, Domain.ENTRY)
    signed = [
        (VerifyKey(item.entry.author), prefix + item.id, item.wire[:64])
        for item in (read_statement(wire, MAIN.name) for wire in wires)
    ]

    def work() -> None:
        for key, message, signature in signed:
            key.verify(message, signature)

    return work


def measure() -> Iterator[Row]:
    """All figures, `ratio` first."""
    profiles, traffic = written_traffic()
    wires = [wire for block in traffic for wire in block]
    nine = [wire for block in traffic for wire in block[-VERIFICATIONS:]]
    verify = verifications(nine)
    blocks = len(traffic)
    costs: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        costs.setdefault(name, []).append(cpu_s(work) / blocks)

    with tempfile.TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            whole = validated_and_stored(profiles, traffic, Path(folder, f"{turn}.sqlite"))
            note("nine verifications", verify)
            note("block", whole)
            gc.collect()
        for turn in range(ROUNDS // 3):
            _note_parts(note, profiles, wires, Path(folder, f"part {turn}.sqlite"))
            gc.collect()
    cost = {name: median(values) for name, values in costs.items()}
    yield at_least("ratio", cost["nine verifications"] / cost["block"], GOAL, "")
    for name in ("block", "nine verifications", "decoding", "signatures", "rules", "storing"):
        yield informs(name, cost[name] * 1e6, "us")
    yield informs("naive ratio", cost["nine verifications"] / cost["naive"], "")


def _note_parts(
    note: Callable[[str, Callable[[], object]], None],
    profiles: Sequence[bytes],
    wires: Sequence[bytes],
    path: Path,
) -> None:
    """Where the time goes, and what it costs to check all twice and to commit each entry."""
    ledger, store = Ledger(MAIN), open_database(path)
    store.write(validate(profiles, ledger), [], START_MS)
    statements: list[Statement] = []
    note(
        "decoding",
        lambda: statements.extend(
            read_statement(wire, MAIN.name, is_signature_known=True) for wire in wires
        ),
    )
    note("signatures", verifications(wires))
    note("rules", lambda: [ledger.add(statement) for statement in statements])
    note("storing", lambda: store.write(statements, [], START_MS))
    naive_ledger, naive_store = Ledger(MAIN), open_database(path.with_suffix(".naive"))
    naive_store.write(validate(profiles, naive_ledger), [], START_MS)

    def naive() -> None:
        for wire in wires:
            read_statement(wire, MAIN.name)
            naive_store.write(validate([wire], naive_ledger), [], START_MS)

    note("naive", naive)


if __name__ == "__main__":
    run("CPU to validate and store a block", measure)
