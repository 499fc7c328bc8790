"""Asking for purses over the API of a daemon that lives in a village, and what comes to it."""

from typing import Any

import httpx

from consensus.entries.transfer import Transfer
from consensus.identifiers import IdentityId
from consensus.parameters import PRACTICE
from consensus.signing import public_key
from consensus.statement import Statement
from consensus.units import MicroJam
from popd.node.events import Woke
from simulations import scribe
from simulations.scribe import Author
from tests.popd.api.conftest import Backstage

API = "/api/v1"
STRANGER = IdentityId(public_key(bytes(31) + b"s"))
BEN, CAT = scribe.author("b"), scribe.author("c")


async def get(http: httpx.AsyncClient, path: str) -> Any:
    answer = await http.get(f"{API}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(http: httpx.AsyncClient, path: str, body: Any, status: int = 200) -> Any:
    answer = await http.post(f"{API}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def at_head(backstage: Backstage, name: str) -> Author:
    """Somebody who writes on where their chain is."""
    who = scribe.author(name)
    state = backstage.daemon.node.ledger.state(who.id)
    assert state is not None
    who.head, who.number = state.head, state.number
    return who


def writes(backstage: Backstage, who: Author, body: Any) -> Statement:
    """Somebody else's entry comes in."""
    node = backstage.daemon.node
    node.context.now_us = backstage.daemon.now_us()
    statement = who.write(PRACTICE, node.context.now_ms, body)
    node.admission.admit(statement)
    assert statement.id in node.ledger.applied
    backstage.daemon.give(Woke())
    return statement


def gift(backstage: Backstage, amount: int = 700, worth: int | None = None) -> Statement:
    """Ben hands the user part of what he holds."""
    ben = at_head(backstage, "b")
    state = backstage.daemon.node.ledger.state(ben.id)
    assert state is not None
    key = max(state.purse, key=lambda one: state.purse[one])
    said = None if worth is None else MicroJam(worth)
    me = backstage.daemon.node.context.identity
    return writes(backstage, ben, Transfer(key, MicroJam(amount), me, said))
