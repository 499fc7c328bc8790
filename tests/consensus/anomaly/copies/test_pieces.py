"""The way through all plays changes where the sources do, and costs what changes cost."""

import numpy as np

from consensus.anomaly.copies.pieces import BLOCK, Piece, pieces_of

RNG = np.random.default_rng(1)
OTHERS = RNG.normal(0, 1, (5, 400))
STRANGER = RNG.normal(0, 1, 400)


def through(query, price: float = 8.0) -> tuple[Piece, ...]:
    return pieces_of(np.tile(query, (5, 1)), OTHERS, price)


def test_a_stranger_is_explained_by_nobody():
    assert through(STRANGER) == ()


def test_two_sources_are_cut_where_they_meet():
    query = np.concatenate((OTHERS[3, :200], OTHERS[1, 200:]))
    assert through(query) == (Piece(3, 0, 200), Piece(1, 200, 400))


def test_what_lies_between_two_pieces_stays_unexplained():
    query = np.concatenate((OTHERS[2, :160], STRANGER[160:240], OTHERS[2, 240:]))
    first, second = through(query)
    assert (first.row, first.begin, second.row, second.end) == (2, 0, 2, 400)
    assert abs(first.end - 160) <= BLOCK
    assert abs(second.begin - 240) <= BLOCK


def test_no_piece_is_worth_more_than_everything():
    assert through(OTHERS[0], price=1e9) == ()


def test_nothing_has_no_pieces():
    assert pieces_of(np.zeros((0, 0)), np.zeros((0, 0)), 1.0) == ()
    assert pieces_of(np.zeros((0, 9)), np.zeros((0, 9)), 1.0) == ()
    assert pieces_of(np.zeros((3, 9)), np.zeros((3, 9)), 1.0) == ()
