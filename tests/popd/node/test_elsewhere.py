"""A node notices when its keys write at another node as well, and only then."""

from consensus.entries.chains import Profile
from consensus.parameters import PRACTICE
from popd.node.elsewhere import TOLD_MS
from simulations.scribe import author
from tests.popd.node.driven import NOW_MS, Driven

AUTOMATED = Profile(None, is_automated=True)


def test_an_entry_of_the_own_chain_that_was_not_written_here_is_noticed_for_a_day() -> None:
    node, twin = Driven(), author("me")
    assert not node.node.elsewhere.is_seen, "its own profile is no word of another"
    node.wait(2_000)
    entry = twin.write(PRACTICE, NOW_MS + 1_000, AUTOMATED)
    node.hear(entry)
    assert entry.id in node.applied
    assert len(node.node.ledger.tips[node.author.id]) == 2
    assert node.node.elsewhere.is_seen
    node.wait(TOLD_MS)
    assert not node.node.elsewhere.is_seen


def test_what_the_keys_wrote_before_the_node_began_is_no_word_of_another_node() -> None:
    node, twin = Driven(is_restored=True), author("me")
    node.wait(2_000)
    node.hear(twin.write(PRACTICE, NOW_MS - 1_000, AUTOMATED))
    assert not node.node.elsewhere.is_seen


def test_entries_of_others_and_forged_ones_are_no_sign() -> None:
    node = Driven()
    node.wait(2_000)
    node.hear(author("somebody else").write(PRACTICE, NOW_MS + 1_000, AUTOMATED))
    assert not node.node.elsewhere.is_seen
