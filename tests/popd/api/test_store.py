"""What is kept and why, over the API, on a small network and on one that is too large."""

import msgspec

from consensus.identifiers import to_did
from popd.api.store_shapes import Pins, StoreState
from popd.api.store_views import REFUSALS, TIERS, store_view
from popd.node.accounts import Total
from popd.node.declined import Refusal
from popd.node.stock import Delivered, Stock, StoreSizes, stock_of
from popd.node.tiers import Tier
from simulations import scribe


async def got(answer, shape):
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=shape)


def test_a_village_is_kept_whole_and_says_why(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            state = await got(await http.get("/api/v1/store"), StoreState)
        ledger = backstage.daemon.node.ledger
        assert (state.roomy, state.emptying, state.next_steps, state.declined) == (
            True, False, [], [],
        )  # fmt: skip
        assert [tier.tier for tier in state.tiers] == [name for name, _ in TIERS.values()]
        assert sum(tier.entries for tier in state.tiers) == len(ledger.applied)
        assert sum(tier.bytes for tier in state.tiers) == state.kept_bytes
        assert state.tiers[0].entries >= len(ledger.chain(ledger.state(scribe.author("a").id).head))

    perform(scene)


def test_whoever_is_pinned_is_kept_as_oneself_until_unpinned(perform):
    somebody = scribe.author("j").id

    async def scene(backstage):
        tiers = backstage.daemon.node.keeping.tiers
        async with backstage.http() as http:
            body = {"person": to_did(somebody)}
            pins = await got(await http.post("/api/v1/store/pins", json=body), Pins)
            assert [one.id for one in pins.pinned] == [somebody.hex()]
            assert tiers.tier(somebody) is Tier.OWN_AND_PATH
            state = await got(await http.get("/api/v1/store"), StoreState)
            assert state.pinned == pins.pinned
            gone = await got(await http.delete(f"/api/v1/store/pins/{somebody.hex()}"), Pins)
            assert gone.pinned == []
            assert somebody not in tiers.pinned

    perform(scene)


def test_nobody_is_pinned_by_what_is_no_person(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            for person in ("", "ben", "did:key:z6Mk", "did:web:x", "0" * 63, "g" * 64, "x" * 90):
                answer = await http.post("/api/v1/store/pins", json={"person": person})
                assert answer.status_code == 400, person
                assert answer.json()["next"]
            assert (await http.post("/api/v1/store/pins", json={})).status_code == 400
            assert (await http.delete("/api/v1/store/pins/ben")).status_code == 400
        assert backstage.daemon.node.keeping.tiers.pinned == frozenset()

    perform(scene)


def test_every_tier_and_every_refusal_has_words_and_a_full_store_says_what_to_do(perform):
    assert set(TIERS) == set(Tier)
    assert set(REFUSALS) == set(Refusal)

    async def scene(backstage):
        names = backstage.desk.outlook().names
        author, node = scribe.author("j").id, scribe.author("j").node
        stock = Stock(
            store_bytes=1_000, kept_bytes=900, share_bytes=100, strangers_bytes=80, peer_bytes=25,
            subnet_bytes=50, is_roomy=False, is_emptying=True,
            totals={tier: Total(1, 2, 40) for tier in Tier},
            peers=(Delivered("10.0.0.0/24", node, 1, 60), Delivered("", None, 1, 20)),
            subnets=(Delivered("10.0.0.0/24", None, 1, 60),),
            declined={Refusal.PEER_IS_FULL: 3},
            latest_declined=((author, Refusal.PEER_IS_FULL),),
            evicted_entries=7, pinned=frozenset([author]),
        )  # fmt: skip
        state = store_view(stock, StoreSizes(8, 700, 1, 50, 4_096, 0), 5_000, names)
        assert state.tiers[3].used_ppm == 800_000
        assert [one.peer for one in state.peers] == [node.hex(), ""]
        (declined,) = state.declined
        assert (declined.reason, declined.authors) == ("peer_is_full", 3)
        assert [one.id for one in declined.latest] == [author.hex()]
        assert any("pin" in step for step in state.next_steps)
        assert any("store_mb" in step for step in state.next_steps)
        assert stock_of(backstage.daemon.node.keeping).is_roomy

    perform(scene)
