"""What a pretended daemon says of worth: the real views, over a village where all happens.

Under /fake/values a test puts the village's coins into the purse, and reads what was kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consensus.entries.transfer import Transfer
from consensus.identifiers import IdentityId
from consensus.lots import LotKey
from consensus.units import MicroJam, Milliseconds
from consensus.value.plugins import loaded
from consensus.value.policy import Policy
from consensus.value.policy_toml import parse_policy
from consensus.value.ready import ready_policies
from consensus.value.toml_values import PolicyError
from popd.api.names import Names
from popd.api.opinions import Opinions
from popd.api.outlook import Outlook
from popd.api.value_policies import installed_plugins, policy_view
from popd.api.value_preview import Eyes, effect_of, part_words, preview_view, purse_table
from popd.api.value_shapes import Policies
from popd.api.value_views import coin_view
from popd.api.views import purse_view
from simulations import scribe
from simulations.stories import Story, village
from wallet.purse import coins_of

NAMES: Final = ("Ann", "Ben", "Cat", "Dan", "Eve", "Friedrich-Wilhelm", "Gil", "Hana", "Ida", "Jo")
STATED_UJAM: Final = MicroJam(1_200)


def told() -> Story:
    """A village whose user witnessed, and was given coins with the giver's word on their worth."""
    story = village()
    ann, ben, cat = (scribe.author(name) for name in "abc")
    for who in (ann, ben, cat):
        who.head, state = max(story.ledger.tips[who.id].items(), key=lambda tip: tip[1].number)
        who.number = state.number
    key = next(key for key in story.ledger.state(ann.id).purse if len(key.path) == 1)
    for giver, to, amount in ((ann, ben, 40_000), (ben, cat, 30_000)):
        body = Transfer(key, MicroJam(amount), to.id, STATED_UJAM)
        given = giver.write(story.params, story.tick(), body)
        story.tell(given)
        story.receives(to, given)
        key = LotKey(key.origin, (*key.path, to.id))
    return story


@dataclass(slots=True)
class Values:
    """The village, through the eyes of Cat, and the policy that was kept."""

    show: Callable[[list[dict[str, Any]]], None]
    """Puts coins into the pretended purse."""
    story: Story | None = None
    policy: Policy = field(default_factory=Policy)
    refuses: bool = False

    def reset(self) -> None:
        """Nothing was kept."""
        self.policy, self.refuses = Policy(), False

    def outlook(self) -> Outlook:
        """Cat's view of the village."""
        if self.story is None:
            self.story = told()
        me = scribe.author("c").id
        opinions = Opinions(self.story.ledger)
        opinions.refresh(Milliseconds(self.story.now_ms))
        opinions.use_policy(me, self.policy)
        known = {
            scribe.author(letter).id: name
            for letter, name in zip("abcdefghij", NAMES, strict=True)
            if letter != "c"
        }
        return Outlook(self.story.ledger, opinions, Names(me, "Cat", known))

    def routes(self) -> list[Route]:
        """What is served."""
        base = "/api/v1/value"
        return [
            Route(f"{base}/coins/{{lot}}", self.coin),
            Route(f"{base}/policy", self.kept, methods=["GET", "PUT"]),
            Route(f"{base}/policy/preview", self.preview, methods=["POST"]),
            Route(f"{base}/policies", self.offered),
            Route("/fake/values/{what}", self.fake),
        ]

    async def coin(self, request: Request) -> Response:
        """One coin."""
        outlook = self.outlook()
        key, amount = next(
            (coin.key, coin.amount_ujam)
            for coin in coins_of(outlook.ledger, outlook.me)
            if coin.key.origin.hex() == request.path_params["lot"]
            and ",".join(one.hex() for one in coin.key.path) == request.query_params["path"]
        )
        asked = [IdentityId(bytes.fromhex(one)) for one in request.query_params.getlist("as")]
        return _said(coin_view(outlook, key, amount, "Study in five", asked))

    async def kept(self, request: Request) -> Response:
        """The policy that counts; a new one."""
        if request.method == "PUT":
            try:
                self.policy = parse_policy((await request.json())["toml"])
            except PolicyError as error:
                return _refused(str(error))
        return _said(policy_view(self.outlook(), self.policy, loaded(self.policy.plugins)))

    async def preview(self, request: Request) -> Response:
        """What a policy would do."""
        try:
            policy = parse_policy((await request.json())["toml"])
        except PolicyError as error:
            return _refused(str(error))
        outlook = self.outlook()
        opinions, me = outlook.opinions, outlook.me
        plugins = loaded((*self.policy.plugins, *policy.plugins))
        scores = dict(opinions.scores(me))
        around = replace(opinions.surroundings(me, scores), plugins=plugins)
        eyes = Eyes(scores, opinions.stance(me), around)
        purse = purse_table(outlook.ledger, me)
        effect = effect_of(purse, eyes, self.policy, policy, part_words(outlook, policy))
        view = policy_view(outlook, policy, plugins)
        return _said(preview_view(outlook, purse, eyes, policy, view, effect, {}))

    async def offered(self, _request: Request) -> Response:
        """Ready-made policies."""
        views = [policy_view(self.outlook(), one, loaded(one.plugins)) for one in ready_policies()]
        return _said(Policies(views, installed_plugins()))

    async def fake(self, request: Request) -> Response:
        """`purse`: the village's coins come into it; anything: what is kept."""
        outlook = self.outlook()
        if request.path_params["what"] == "purse":
            self.show(msgspec.to_builtins(purse_view(outlook, outlook.me, {}).coins))
        return _said(policy_view(outlook, self.policy, ()))


def _said(view: object) -> Response:
    return Response(msgspec.json.encode(view), media_type="application/json")


def _refused(why: str) -> Response:
    problem = {"error": "bad_policy", "why": why, "next": "Nothing was changed."}
    return JSONResponse(problem, status_code=400)
