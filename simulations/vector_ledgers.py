"""Ledgers told in steps, for the test vectors: each entry, what becomes of it, and what is left."""

from collections.abc import Iterable
from typing import TypeAlias

from consensus.entries.chains import Profile
from consensus.entries.transfer import Receive
from consensus.identifiers import EntryId
from consensus.ledger import Applied, Change, Ledger
from consensus.parameters import MAIN, PRACTICE
from consensus.rejections import RejectionError
from consensus.statement import read_statement
from simulations import scribe
from simulations.stories import Story

Json: TypeAlias = "int | str | bool | list[Json] | dict[str, Json]"


def arrivals() -> Story:
    """One block of two candidates, to be told backwards, with a stray at the end."""
    story = Story()
    ann, ben, cat = story.people("ann", "ben", "cat")
    (played,) = story.performed(ann, (ben, cat))
    story.receives(ben, story.gives(ann, played.share(ann), 1_000, ben))
    story.told.reverse()
    cat.number += 1
    story.told.append(cat.write(story.params, story.tick(), Receive(EntryId(bytes(32)))))
    return story


def forgeries() -> list[bytes]:
    """Wires that the bytes alone show to be wrong."""
    ann, ben = scribe.author("ann"), scribe.author("ben")
    profile = ann.write(PRACTICE, 0, Profile(None, is_automated=False))
    elsewhere = scribe.author("ann").write(MAIN, 0, Profile(None, is_automated=False))
    other = scribe.signed(PRACTICE, ben, profile.entry)
    wire = profile.wire
    return [
        b"",
        wire[:-1],
        wire + b"\0",
        other,
        elsewhere.wire,
        wire[:65] + b"\xcc\x01" + wire[66:],
    ]


def ledger_steps(wires: Iterable[bytes]) -> Json:
    """Each wire in turn with what becomes of it, and what the ledger has come to at the end."""
    ledger = Ledger(PRACTICE)
    steps: list[Json] = []
    for wire in wires:
        try:
            statement = read_statement(wire, PRACTICE.name)
        except RejectionError as error:
            steps.append({"entry": wire.hex(), "valid": False, "reason": error.reason.value})
            continue
        is_new = statement.id not in ledger.statements
        changes = ledger.add(statement)
        waits = is_new and ledger.is_waiting(statement.id)
        outcomes: list[Json] = [_outcome(change) for change in changes]
        if waits:
            outcomes.insert(0, {"id": statement.id.hex(), "outcome": "waiting"})
        steps.append({"entry": wire.hex(), "outcomes": outcomes})
    return {"network": PRACTICE.name, "steps": steps, "checks": _checks(ledger)}


def _outcome(change: Change) -> Json:
    identifier = change.statement.id.hex()
    if isinstance(change, Applied):
        return {"id": identifier, "outcome": "applied"}
    reason = change.reason.value
    return {"id": identifier, "outcome": "rejected", "valid": False, "reason": reason}


def _checks(ledger: Ledger) -> Json:
    return {
        "digest": ledger.digest().hex(),
        "heads": [
            {"author": author.hex(), "number": state.number, "head": head.hex()}
            for author in sorted(ledger.tips)
            for head, state in sorted(ledger.tips[author].items())
        ],
        "holdings": [
            {
                "origin": held.key.origin.hex(),
                "path": [holder.hex() for holder in held.key.path],
                "amount_ujam": held.amount_ujam,
                "contested": held.is_contested,
                "staked": held.stake is not None,
                "slashed": held.is_slashed,
            }
            for held in ledger.holdings()
        ],
        "forked": [
            {
                "author": author.hex(),
                "number": proof.number,
                "entries": [entry.hex() for entry in proof.entries],
            }
            for author, proof in sorted(ledger.forks.items())
        ],
        "contested": [
            {"origin": key.origin.hex(), "path": [holder.hex() for holder in key.path]}
            for key in sorted(ledger.contested)
        ],
        "slashed": _hexes(ledger.slashed),
        "waiting": _hexes(entry for entry in ledger.statements if ledger.is_waiting(entry)),
        "missing": _hexes(ledger.missing),
    }


def _hexes(entries: Iterable[EntryId]) -> Json:
    return [entry.hex() for entry in sorted(entries)]
