"""The index of heads is always the sorted heads of the ledger, and splits it by author."""

from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from popd.node.head_index import HeadIndex, author_of

AUTHORS = st.binary(min_size=32, max_size=32).map(IdentityId)


@given(st.lists(AUTHORS, min_size=1, max_size=8, unique=True), st.data())
def test_following_every_entry_gives_the_sorted_heads_whatever_branches_there_are(
    authors: list[IdentityId], data: st.DataObject
) -> None:
    index = HeadIndex()
    tips: dict[IdentityId, set[EntryId]] = {}
    entries: dict[IdentityId, list[EntryId]] = {}
    for _ in range(data.draw(st.integers(1, 30))):
        author = data.draw(st.sampled_from(authors))
        entry = EntryId(data.draw(st.binary(min_size=32, max_size=32)))
        prev = data.draw(st.sampled_from([NO_ENTRY, *entries.get(author, [])]))
        entries.setdefault(author, []).append(entry)
        heads = tips.setdefault(author, set())
        heads.discard(prev)
        heads.add(entry)
        index.follow(author, prev, entry)
    assert index.rows == sorted(author + head for author, heads in tips.items() for head in heads)


@given(st.lists(AUTHORS, min_size=2, max_size=40, unique=True))
def test_an_edge_parts_the_rows_before_it_from_those_behind(authors: list[IdentityId]) -> None:
    index = HeadIndex(sorted(author + bytes(32) for author in authors))
    for at in range(1, len(index.rows)):
        edge = index.edge(at)
        assert author_of(index.rows[at - 1]) < edge <= author_of(index.rows[at])
        assert index.within(b"", edge) == range(at)
        assert index.within(edge, b"") == range(at, len(index.rows))


@given(st.lists(AUTHORS, min_size=1, max_size=10, unique=True), st.data())
def test_replacing_an_authors_heads_leaves_all_others(
    authors: list[IdentityId], data: st.DataObject
) -> None:
    index = HeadIndex(sorted(author + bytes(32) for author in authors))
    author = data.draw(AUTHORS | st.sampled_from(authors))
    heads = data.draw(st.lists(st.binary(min_size=32, max_size=32), max_size=3, unique=True))
    index.replace(author, [EntryId(head) for head in heads])
    others = [other + bytes(32) for other in authors if other != author]
    assert index.rows == sorted([*others, *(author + head for head in heads)])
