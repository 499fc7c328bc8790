"""What the page shows of charts, the daemon and the purse: pure functions to shapes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from consensus import chart as charts
from consensus.identifiers import ChartId, IdentityId, to_did
from consensus.ledger import Ledger
from consensus.value.appraisal import lot_view
from consensus.value.explain import rounded
from popd.api import shapes
from popd.api.library import UNKNOWN_TITLE
from popd.api.names import Names
from popd.api.outlook import Outlook
from popd.api.tokens import Scope
from popd.node.context import Context
from wallet.purse import coins_of

MAX_COINS: Final = 1_000
"""Coins that one answer lists, the newest; its totals cover all."""


def status_view(
    context: Context,
    names: Names,
    version: str,
    digest: bytes,
    addresses: Sequence[str],
    scopes: Iterable[Scope],
    *,
    is_locked: bool,
) -> shapes.Status:
    """How the daemon is; `digest` is the ledger's."""
    neighbours = {
        peer.identity: shapes.Neighbour(
            peer.identity.hex(), names.of(peer.identity), peer.is_automated
        )
        for peer in context.peers.values()
        if peer.identity is not None and peer.identity != context.identity
    }
    me = context.identity
    return shapes.Status(
        version=version,
        network=context.params.name,
        practice=context.params.name == "practice",
        window_ms=context.params.window_ms,
        identity=shapes.Identity(me.hex(), to_did(me), names.own_name or names.of(me)),
        neighbours=[neighbours[identity] for identity in sorted(neighbours)],
        peers=len(context.peers),
        ready=context.ledger.state(me) is not None,
        digest=digest.hex(),
        entries=len(context.ledger.applied),
        addresses=list(addresses),
        scopes=sorted(scopes),
        locked=is_locked,
    )


def chart_view(chart: charts.Chart) -> shapes.Chart:
    """What is to be pressed."""
    return shapes.Chart(
        id=chart.id.hex(),
        title=chart.title,
        artist=chart.artist,
        keys=chart.keys,
        duration_us=chart.duration_us,
        timing=[(point.time_us, point.beat_us) for point in chart.timing],
        notes=[(note.start_us, note.lane, note.duration_us) for note in chart.notes],
    )


def purse_view(
    outlook: Outlook, observer: IdentityId, titles: Mapping[ChartId, str]
) -> shapes.Purse:
    """The user's coins, newest first, in the eyes of `observer`."""
    held = coins_of(outlook.ledger, outlook.me)
    coins: list[shapes.Coin] = []
    total_value = 0
    for coin in held:
        lot = lot_view(outlook.ledger, coin.key, coin.amount_ujam, coin.is_contested)
        valuation = outlook.opinions.value(lot, observer)
        value = rounded(valuation.value_ujam)
        total_value += value
        if len(coins) < MAX_COINS:
            title = UNKNOWN_TITLE if coin.chart is None else titles.get(coin.chart, UNKNOWN_TITLE)
            coins.append(
                shapes.Coin(
                    lot=coin.key.origin.hex(),
                    path=[holder.hex() for holder in coin.key.path],
                    minted_ms=coin.minted_ms,
                    song=title,
                    amount_ujam=coin.amount_ujam,
                    value_ujam=value,
                    why=outlook.why(valuation, observer),
                    came_by=coin.came_by.value,
                    contested=coin.is_contested,
                )
            )
    total = sum(coin.amount_ujam for coin in held)
    return shapes.Purse(coins, total, total_value, outlook.person(observer))


def charts_in_purse(ledger: Ledger, holder: IdentityId) -> set[ChartId]:
    """The charts whose titles `purse_view` needs."""
    coins = coins_of(ledger, holder)[:MAX_COINS]
    return {coin.chart for coin in coins if coin.chart is not None}
