"""Operations on worth: one coin explained, the user's policy, and what another would change."""

from dataclasses import replace
from typing import Final

import trio

from consensus.identifiers import IdentityId, LotId
from consensus.lots import LotKey
from consensus.value.plugins import loaded
from consensus.value.policy import Policy
from consensus.value.policy_toml import parse_policy
from consensus.value.ready import ready_policies
from consensus.value.toml_values import PolicyError
from popd.api.answers import ApiError, bad_request, not_found
from popd.api.desk import Desk
from popd.api.library import UNKNOWN_TITLE
from popd.api.outlook import Outlook, whole_lot
from popd.api.people import person
from popd.api.routing import Call
from popd.api.value_keeping import keep_policy
from popd.api.value_policies import installed_plugins, policy_view
from popd.api.value_preview import (
    Eyes,
    PurseTable,
    effect_of,
    part_words,
    preview_view,
    purse_table,
)
from popd.api.value_shapes import CoinView, Policies, PolicyBody, PolicyPreview, PolicyView
from popd.api.value_views import coin_view
from wallet.purse import coins_of

MAX_OTHERS: Final = 8
"""Observers besides the user whose view one answer holds."""
MIN_DIGITS: Final = 4
"""Fewer digits of a lot could mean anything."""
MAX_PATH: Final = 256
HEX: Final = frozenset("0123456789abcdef")


async def read_coin(desk: Desk, call: Call) -> CoinView:
    """One coin: its way, who vouched, and its worth to the user and, with `as`, to others."""
    outlook = desk.outlook()
    key, amount_ujam = _coin_meant(outlook, call)
    asked = call.multi("as")
    if len(asked) > MAX_OTHERS:
        raise bad_request(
            f"{len(asked)} observers are asked for.", f"Ask for {MAX_OTHERS} at most."
        )
    observers = [person(text, "an observer") for text in asked]
    chart = next(
        (coin.chart for coin in coins_of(outlook.ledger, key.holder) if coin.key == key), None
    )
    title = UNKNOWN_TITLE if chart is None else await desk.library.title(chart)
    return coin_view(desk.outlook(), key, amount_ujam, title, observers)


async def read_policy(desk: Desk, call: Call) -> PolicyView:
    """What counts for the user."""
    return _view(desk, desk.opinions.policy(desk.context.identity), desk.policy_trouble)


async def put_policy(desk: Desk, call: Call) -> PolicyView:
    """From now on this counts for the user."""
    body: PolicyBody = call.body
    policy = _parsed(body.toml)
    async with desk.writing_policy:
        try:
            await trio.to_thread.run_sync(keep_policy, desk.daemon.home, policy)
        except OSError as error:
            raise ApiError(
                500,
                "not_kept",
                f"The policy could not be written ({error.strerror}).",
                "Look whether the disk is full; what counted before still does.",
            ) from None
        desk.use_policy(policy)
    return _view(desk, policy)


async def read_policies(desk: Desk, call: Call) -> Policies:
    """Policies that one can begin with, and the plug-ins that are installed."""
    views = [_view(desk, policy) for policy in ready_policies()]
    return Policies(views, installed_plugins())


async def preview_policy(desk: Desk, call: Call) -> PolicyPreview:
    """What a policy would do to the user's purse; nothing is changed."""
    body: PolicyBody = call.body
    policy = _parsed(body.toml)
    outlook = desk.outlook()
    me, opinions = outlook.me, outlook.opinions
    before = opinions.policy(me)
    purse = _purse(desk, outlook)
    scores = dict(opinions.scores(me))
    plugins = loaded((*before.plugins, *policy.plugins))
    around = replace(opinions.surroundings(me, scores), plugins=plugins)
    eyes = Eyes(scores, opinions.stance(me), around)
    words = part_words(outlook, policy)
    effect = await trio.to_thread.run_sync(effect_of, purse, eyes, before, policy, words)
    listed = {purse.coins[place].chart for place in effect.most_changed}
    titles: dict[bytes, str] = {
        chart: await desk.library.title(chart) for chart in listed if chart is not None
    }
    return preview_view(outlook, purse, eyes, policy, _view(desk, policy), effect, titles)


def _parsed(toml: str) -> Policy:
    try:
        return parse_policy(toml)
    except PolicyError as error:
        raise ApiError(400, "bad_policy", str(error), "Nothing was changed.") from None


def _view(desk: Desk, policy: Policy, trouble: str = "") -> PolicyView:
    return policy_view(desk.outlook(), policy, loaded(policy.plugins), trouble)


def _purse(desk: Desk, outlook: Outlook) -> PurseTable:
    """The user's coins laid out, again only when the ledger has changed."""
    kept = desk.purse_table
    if kept is None or kept.revision != outlook.ledger.revision:
        kept = desk.purse_table = purse_table(outlook.ledger, outlook.me)
    return kept


def _coin_meant(outlook: Outlook, call: Call) -> tuple[LotKey, int]:
    """Which coin a request means: a part of the user's, or all that a mint made."""
    text = call.path["lot"].lower()
    if not MIN_DIGITS <= len(text) <= 64 or not set(text) <= HEX:
        raise bad_request(
            "A lot is 64 hexadecimal digits.", f"Give it in full, or {MIN_DIGITS} digits or more."
        )
    state = outlook.ledger.state(outlook.me)
    purse = {} if state is None else state.purse
    mine = [key for key in purse if key.origin.hex().startswith(text)]
    if "path" in call.query:
        path = _path(call.query["path"])
        mine = [key for key in mine if key.path == path]
        if not mine:
            raise not_found("Your purse holds no such part of that lot.", "Look into your purse.")
    lots = {key.origin for key in mine} or _minted(outlook, text)
    if len(lots) != 1:
        count = "No coin" if not lots else f"{len(lots)} coins"
        step = "See your purse." if not lots else "Give more of its digits."
        raise not_found(f"{count} known here begin{'s' * (not lots)} with {text}.", step)
    if mine:
        key = max(mine, key=lambda one: (purse[one], one))
        return key, purse[key]
    whole = whole_lot(outlook.ledger, lots.pop())
    assert whole is not None
    return whole.key, whole.amount_ujam


def _minted(outlook: Outlook, text: str) -> set[LotId]:
    ledger = outlook.ledger
    if len(text) == 64:
        found = {LotId(bytes.fromhex(text))}
    else:
        found = {LotId(entry) for entry in ledger.applied if entry.hex().startswith(text)}
    return {origin for origin in found if whole_lot(ledger, origin) is not None}


def _path(text: str) -> tuple[IdentityId, ...]:
    holders = text.split(",")
    if len(holders) > MAX_PATH:
        raise bad_request("That path is too long.", "Give the path as the purse shows it.")
    return tuple(person(one, "a holder") for one in holders)
