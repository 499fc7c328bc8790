"""Somebody who plays and pays on a measured node, without hands."""

import secrets
from random import Random
from typing import Final

import msgspec
import trio

from consensus.entries.performance import Mint
from consensus.identifiers import IdentityId, LotId
from consensus.lots import LotKey
from consensus.units import MicroJam
from game.bots.human_like import HumanLike
from game.play.autoplay import Autoplay, autoplay
from popd.node.events import KeysPlayed, SendCoins, StartSession
from popd.node.notices import RiffDue, SessionAnnounced, SessionEnded, SessionRefused
from popd.wiring.daemon import RunningDaemon
from simulations.swarm import study

STEP_S: Final = 0.02
"""How often keys reach the node; a witness allows them 50 ms."""


class Coins(msgspec.Struct, frozen=True):
    """What a node's ledger says about coins; lots as `lot_name` writes them."""

    minted: tuple[str, ...]
    """What the own mints gave oneself, in order."""
    mints: int
    """Blocks that anybody minted."""
    contested: frozenset[str]
    """Lots that a fork moved twice, and what came of them."""
    forked: frozenset[str]
    """Identities that forked, in hex."""


def lot_name(key: LotKey) -> str:
    """A lot in somebody's hands, as text."""
    return ":".join(part.hex() for part in (key.origin, *key.path))


def lot_of(name: str) -> LotKey:
    """The lot of that name."""
    origin, *path = (bytes.fromhex(part) for part in name.split(":"))
    return LotKey(LotId(origin), tuple(IdentityId(holder) for holder in path))


def coins(daemon: RunningDaemon) -> Coins:
    """What the ledger of a node says."""
    ledger, me = daemon.node.ledger, daemon.node.context.identity
    state = ledger.state(me)
    chain = ledger.chain(state.head) if state is not None else []
    minted = (LotKey(LotId(item.id), (me,)) for item in chain if isinstance(item.body, Mint))
    return Coins(
        minted=tuple(map(lot_name, minted)),
        mints=sum(isinstance(ledger.statements[entry].body, Mint) for entry in ledger.applied),
        contested=frozenset(map(lot_name, ledger.contested)),
        forked=frozenset(author.hex() for author in ledger.forks),
    )


def held_ujam(daemon: RunningDaemon, lot: str) -> int:
    """How much of a lot lies with the last of its path; 0 where it is contested."""
    key, ledger = lot_of(lot), daemon.node.ledger
    state = ledger.state(key.path[-1])
    return 0 if state is None or key in ledger.contested else state.purse.get(key, 0)


def give_half(daemon: RunningDaemon, lot: str, recipient: str) -> tuple[str, int]:
    """Half of a lot of one's own changes hands; where it will lie, and how much it is."""
    key, to = lot_of(lot), IdentityId(bytes.fromhex(recipient))
    amount = MicroJam(held_ujam(daemon, lot) // 2)
    daemon.give(SendCoins(key, amount, to))
    return lot_name(LotKey(key.origin, (*key.path, to))), amount


async def perform(daemon: RunningDaemon, seconds: int, seed: int) -> None:
    """Plays a chart of so many seconds to its end, as a person would."""
    chance = Random(seed)
    chart = study(seconds, chance)
    player: Autoplay | None = None
    start_us = 0

    async def keep_playing() -> None:
        while True:
            due = () if player is None else player.due(daemon.now_us() - start_us)
            if due:
                daemon.give(KeysPlayed(due))
            await trio.sleep(STEP_S)

    with daemon.notices() as notices:
        daemon.give(StartSession(chart, secrets.token_bytes(16), secrets.token_bytes(32), ()))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(keep_playing)
            async for notice in notices:
                match notice:
                    case SessionAnnounced():
                        start_us = notice.session.start_ms * 1_000
                        end_us = notice.session.windows * daemon.params.window_ms * 1_000
                        events = HumanLike().play(chart, end_us, chance)
                        player = autoplay(events, end_us, chance)
                    case RiffDue() if player is not None:
                        player.answer(notice.notes)
                    case SessionEnded() | SessionRefused():
                        break
                    case _:
                        pass
            nursery.cancel_scope.cancel()
