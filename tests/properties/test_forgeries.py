"""Any entry bent in any way is applied, rejected or waits: nothing else ever happens."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.encoding import Canonical
from consensus.entries import read_body
from consensus.entry import Entry
from consensus.identifiers import EntryId
from consensus.ledger import Applied, Ledger, folded
from consensus.rejections import RejectionError
from consensus.statement import Statement, stated
from simulations import scribe
from simulations.stories import court, village

COURT = court()
VILLAGE = village()
IDS = [item.id for item in COURT.told]
AUTHORS = sorted({item.entry.author for item in COURT.told})
LEAVES = (
    st.integers(0, 2**64 - 1)
    | st.integers(0, 10)
    | st.sampled_from(IDS)
    | st.sampled_from(AUTHORS)
    | st.sampled_from([b"", bytes(32), "", ()])
)


@st.composite
def bent(draw: st.DrawFn, value: Canonical) -> Canonical:
    """The value with one thing in it replaced, repeated, moved or left out."""
    if not isinstance(value, tuple) or not value or draw(st.integers(0, 9)) == 0:
        if isinstance(value, int) and draw(st.booleans()):
            return max(0, value + draw(st.integers(-3, 3)))
        return draw(LEAVES)
    position = draw(st.integers(0, len(value) - 1))
    match draw(st.sampled_from(["inside", "inside", "inside", "twice", "out", "swap"])):
        case "twice":
            return (*value[: position + 1], *value[position:])
        case "out":
            return (*value[:position], *value[position + 1 :])
        case "swap":
            return (*value[:position][::-1], *value[position:])
    return (*value[:position], draw(bent(value[position])), *value[position + 1 :])


@st.composite
def forgeries(draw: st.DrawFn, told: list[Statement]) -> Statement | None:
    """An entry of the story with its body or envelope bent, in its old place or at the end."""
    original = draw(st.sampled_from(told))
    entry: Entry = original.entry
    body = draw(bent(entry.body)) if draw(st.integers(0, 4)) else entry.body
    author = draw(st.sampled_from(AUTHORS)) if draw(st.integers(0, 4)) == 0 else entry.author
    entry = replace(entry, author=author, body=body)
    if draw(st.booleans()):
        after = draw(st.sampled_from([s for s in told if s.entry.author == author] or told))
        number = after.entry.number + draw(st.sampled_from([1, 1, 1, 0, 2]))
        time_ms = max(entry.time_ms, after.entry.time_ms) + draw(st.sampled_from([0, 0, 9_000]))
        entry = replace(entry, prev=after.id, number=number, time_ms=time_ms)
    try:
        typed = read_body(entry.kind, body)
        refs: tuple[EntryId, ...] = typed.named() if typed is not None else ()
        return stated(scribe.sealed(replace(entry, refs=refs), bytes(64)))
    except RejectionError:
        return None


def conserved(ledger: Ledger) -> bool:
    """Without forks that touch coins: what is minted is held, or on its way."""
    claimed = {
        (source, state.author)
        for tips in ledger.tips.values()
        for state in tips.values()
        for source in state.taken
    }
    minted = sum(
        statement.body.amount_ujam  # type: ignore[union-attr]
        for statement in map(ledger.statements.__getitem__, ledger.applied)
        if statement.entry.kind == "mint"
    )
    longest = [max(tips.values(), key=lambda state: state.number) for tips in ledger.tips.values()]
    held = sum(sum(state.purse.values()) for state in longest)
    held += sum(record.amount_ujam for state in longest for record in state.stakes.values())
    waiting = sum(
        claim.amount_ujam
        for source, claims in ledger.claims.items()
        for taker, claim in claims.items()
        if (source, taker) not in claimed
    )
    return minted == held + waiting


@settings(max_examples=600)
@given(st.data())
def test_a_bent_entry_breaks_a_rule_or_follows_all_of_them(data: st.DataObject) -> None:
    forged = data.draw(forgeries(COURT.told))
    if forged is None:
        return
    ledger = folded(COURT.params, COURT.told)
    before = ledger.digest()
    changes = ledger.add(forged)
    if not any(isinstance(change, Applied) for change in changes):
        assert ledger.digest() == before


@settings(max_examples=300)
@given(st.data())
def test_bent_entries_come_to_the_same_in_any_order(data: st.DataObject) -> None:
    found = [data.draw(forgeries(COURT.told)) for _ in range(3)]
    forged = [statement for statement in found if statement is not None]
    told = [*COURT.told, *forged]
    one = folded(COURT.params, told)
    other = folded(COURT.params, [*forged[::-1], *COURT.told[::-1]])
    assert one.digest() == other.digest()
    assert (one.rejected, one.forks, one.contested) == (
        other.rejected,
        other.forks,
        other.contested,
    )


@settings(max_examples=400)
@given(st.data())
def test_a_bent_entry_at_the_end_of_a_chain_makes_no_coins(data: st.DataObject) -> None:
    forged = data.draw(forgeries(VILLAGE.told))
    ledger = folded(VILLAGE.params, VILLAGE.told)
    assert conserved(ledger)
    heads = {head for tips in ledger.tips.values() for head in tips}
    if forged is not None and forged.entry.prev in heads:
        ledger.add(forged)
        assert conserved(ledger)
