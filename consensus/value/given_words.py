"""The words behind a lot, as far as they stand in a chain: others' budgets can't be checked."""

from consensus.chain import ChainState
from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.identifiers import EntryId
from consensus.ledger import Ledger
from consensus.reward import Contribution
from consensus.units import MicroJam


def given_words(ledger: Ledger, state: ChainState, origin: EntryId) -> tuple[Contribution, ...]:
    """What each word added to the lot of a mint, or of a page of a concert, on one branch.

    A word that stands in no chain adds nothing. One person may have several words on a page.
    Raises KeyError where the branch has no such lot.
    """
    parts, body = state.contributions[origin], ledger.statements[origin].body
    if isinstance(body, Concert):
        words = [gathered.rating for gathered in body.ratings]
        return tuple(
            part if word in ledger.applied else Contribution(part.verifier, MicroJam(0))
            for part, word in zip(parts, words, strict=True)
        )
    assert isinstance(body, Mint)
    given = (named.attestation for named in body.verdicts)
    in_chain = {ledger.statements[word].entry.author for word in given if word in ledger.applied}
    return tuple(
        part if part.verifier in in_chain else Contribution(part.verifier, MicroJam(0))
        for part in parts
    )
