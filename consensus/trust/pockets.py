"""Pockets: sets of people whom nobody vouches for but a few, and one another.

Whoever invents keys, alone or with others, makes a pocket: hundreds of keys that a handful of
people speak for. So does an honest group that hardly anybody outside knows; that is no reason to
disbelieve its members, but one to let little of anybody's force in (`carried`): trust that comes
through a small cut counts less. The observer's own words are never held back.

Pockets are found for all observers at once. Around communities (Louvain, two resolutions), the
best set X, with everybody who vouches for somebody in it, C, maximises |X| - mu |C|: a closure
problem, solved as a minimum cut (Picard 1976). Communities are those of shares, as walks are:
whoever dates words long ago, so that they weigh nothing, passes on as much and hides no better.
A set counts as a pocket by how many people vouch for it *effectively*, the Hill number of order 2
of what each spends on it: a few honest people who are tricked into a word each change little.
docs/decisions/proximity.md has the argument.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from consensus.trust.louvain import louvain_labels

RESOLUTIONS: Final = (0.5, 2.0)
"""Of communities: large and small ones."""
PRICES: Final = (0.2, 1.0)
"""mu: how many members one more voucher must bring."""
CARRIED: Final = 0.1
"""The share of anybody's force that a pocket of few vouchers lets in."""
FEW: Final = 30.0
"""Effective vouchers, up to which a pocket lets in no more than that."""
MANY: Final = 60.0
"""Effective vouchers from which there is no pocket any more; between, it opens gradually."""
MIN_SIZE: Final = 0.5
"""Members a voucher from which a set is a pocket: whom ten people know is just somebody."""
GROWTH: Final = 2
"""How often a pocket's vouchers are looked at as members of a larger one."""
MAX_COMMUNITY: Final = 5_000
"""Larger communities are looked at in parts, so that a cut takes moments."""
FINEST: Final = 64.0
"""Resolution at which communities that are still too large are left alone."""
CAPACITY: Final = 1_000
"""Units of flow a member; prices are multiples of 1 / 1,000."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pocket:
    """One set of people with few vouchers."""

    members: Numbers
    """Their numbers, ascending; shape (m,)."""
    vouchers: float
    """How many people outside vouch for it, effectively."""

    @property
    def carried(self) -> float:
        """The share of one outsider's force that may enter."""
        return carried_by(self.vouchers)


def carried_by(vouchers: float) -> float:
    """The share of an outsider's force that a pocket lets in, continuous in its vouchers."""
    opening = min(max((vouchers - FEW) / (MANY - FEW), 0.0), 1.0)
    return float(CARRIED ** (1 - opening))


def find_pockets(adjacency: Any, seen_from: Sequence[int] = ()) -> list[Pocket]:
    """All pockets of a graph, largest first; they may lie within one another.

    `adjacency` is a scipy CSR array of shape (n, n) with net trust, no zeros among its entries.
    `seen_from` are those through whose eyes it is looked at: of whom they never hear, through
    anybody, nothing is asked. Otherwise fresh keys, even a ring of them that vouch for each other,
    could part a performer from her town by praising her. Without anybody all are looked at.
    """
    if not len(seen_from):
        return _pockets_among(adjacency)
    heard = _heard_by(adjacency, seen_from)
    among = _pockets_among(adjacency[heard][:, heard])
    return [Pocket(heard[pocket.members], pocket.vouchers) for pocket in among]


def _heard_by(adjacency: Any, people: Sequence[int]) -> Numbers:
    """Everybody for whom one of `people` vouches, or somebody for whom they do, and so on."""
    from scipy.sparse.csgraph import breadth_first_order

    reached = [
        breadth_first_order(adjacency, one, directed=True, return_predecessors=False)
        for one in people
    ]
    return np.unique(np.concatenate(reached)).astype(np.int64)


def _pockets_among(adjacency: Any) -> list[Pocket]:
    given = np.asarray(adjacency.sum(axis=1)).ravel()
    passed = adjacency.multiply(1 / np.where(given > 0, given, 1)[:, None]).tocsr()
    shares = passed.tocsc()
    found: dict[bytes, Pocket] = {}
    tried: set[bytes] = set()
    for community in _communities(passed):
        for area in (np.sort(community), _with_dependants(adjacency, shares, community)):
            if area.tobytes() not in tried:
                tried.add(area.tobytes())
                for price in PRICES:
                    _grow(shares, _closure(shares, area, price), found)
    return sorted(found.values(), key=lambda pocket: (-len(pocket.members), *pocket.members[:1]))


def _communities(passed: Any) -> Iterator[Numbers]:
    """Sets of two people or more, of a size that can be looked at."""
    for resolution in RESOLUTIONS:
        yield from _parts(passed, np.arange(passed.shape[0]), resolution)


def _parts(passed: Any, people: Numbers, resolution: float) -> Iterator[Numbers]:
    labels = louvain_labels(passed, resolution)
    order = np.argsort(labels, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if 2 <= len(part) <= MAX_COMMUNITY:
            yield people[part]
        elif len(part) > MAX_COMMUNITY and resolution < FINEST:
            yield from _parts(passed[part][:, part], people[part], 2 * resolution)


def _with_dependants(adjacency: Any, shares: Any, community: Numbers) -> Numbers:
    """A community with all for whom only it vouches, and so on; ascending."""
    inside = set(community.tolist())
    seen: dict[int, int] = {}
    waiting = list(inside)
    while waiting and len(inside) < MAX_COMMUNITY + len(community):
        person = waiting.pop()
        for target in adjacency.indices[adjacency.indptr[person] : adjacency.indptr[person + 1]]:
            other = int(target)
            if other not in inside:
                seen[other] = seen.get(other, 0) + 1
                if seen[other] == shares.indptr[other + 1] - shares.indptr[other]:
                    inside.add(other)
                    waiting.append(other)
    return np.array(sorted(inside), np.int64)


def _closure(shares: Any, area: Numbers, price: float) -> Numbers:
    """The X within an area that maximises |X| - price |C|; ascending, may be empty.

    Being in X is worth 1 + price and asks that all who vouch, and oneself, be in X or C, which
    costs price each: what is on the source's side of a minimum cut is the best choice.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    sources, members, _ = _words_into(shares, area)
    known, place = np.unique(np.concatenate([sources, area]), return_inverse=True)
    size, cost = len(area), round(CAPACITY * price)
    own = 1 + np.arange(size)
    paid = 1 + size + place
    sink = 1 + size + len(known)
    tails = np.concatenate([np.zeros(size, np.int64), 1 + members, own, np.arange(1 + size, sink)])
    heads = np.concatenate([own, paid, np.full(len(known), sink)])
    room = np.full(len(paid), np.iinfo(np.int32).max // 4)
    limits = np.concatenate(
        [np.full(size, CAPACITY + cost), room, np.full(len(known), max(cost, 1))]
    )
    network = csr_matrix((limits.astype(np.int32), (tails, heads)), shape=(sink + 1, sink + 1))
    left = network - maximum_flow(network, 0, sink).flow
    left.eliminate_zeros()
    reached = breadth_first_order(left, 0, return_predecessors=False)
    return np.sort(area[reached[(reached > 0) & (reached <= size)] - 1])


def _grow(shares: Any, members: Numbers, found: dict[bytes, Pocket]) -> None:
    """Keeps a set that is a pocket, then looks at it together with its vouchers."""
    for _ in range(1 + GROWTH):
        if not len(members) or members.tobytes() in found:
            return
        sources, _, spent = _words_into(shares, members)
        outside = ~np.isin(sources, members)
        vouchers, place = np.unique(sources[outside], return_inverse=True)
        each = np.bincount(place, spent[outside])
        if not each.any():
            return
        each = each / each.max()
        effective = float(each.sum() ** 2 / (each @ each))
        if effective >= MANY or len(members) < MIN_SIZE * effective:
            return
        found[members.tobytes()] = Pocket(members, effective)
        members = np.union1d(members, vouchers)


def _words_into(shares: Any, members: Numbers) -> tuple[Numbers, Numbers, NDArray[np.float64]]:
    """Who vouches, for which of `members` (by position), with what share; all of shape (m,)."""
    columns = shares[:, members]
    positions = np.repeat(np.arange(len(members)), np.diff(columns.indptr))
    return columns.indices.astype(np.int64), positions, columns.data
