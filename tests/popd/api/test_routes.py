"""Every operation of the API, against a daemon that lives in a village."""

import msgspec

from consensus.entries.transfer import Transfer
from consensus.identifiers import EntryId, to_did
from game.charts.songs.song import Score
from popd.api import shapes
from popd.api.routes import ROUTES
from simulations import scribe

CHART_PATH = "/api/v1/charts/"


async def got(http, path: str, shape):
    answer = await http.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=shape)


def test_status_says_who_one_is_and_who_is_near(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            status = await got(http, "status", shapes.Status)
        ledger = backstage.daemon.node.ledger
        assert status == shapes.Status(
            version=status.version,
            network="practice",
            practice=True,
            window_ms=20_000,
            identity=shapes.Identity(
                scribe.author("a").id.hex(), to_did(scribe.author("a").id), "Ann"
            ),
            neighbours=status.neighbours,
            peers=2,
            ready=True,
            digest=ledger.digest().hex(),
            entries=len(ledger.applied),
            addresses=["/ip4/127.0.0.1/tcp/4001"],
            scopes=["listen", "owner", "play", "rate", "read"],
        )
        assert sorted((one.name, one.practice) for one in status.neighbours) == [
            ("Neighbour 0", True),
            ("Neighbour 1", True),
        ]

    perform(scene, neighbours=2)


def test_every_song_has_a_score_and_charts(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            listed = await got(http, "songs", shapes.Songs)
            for song in listed.songs:
                score = await got(http, f"songs/{song.name}/score", Score)
                assert (score["title"], score["bpm"]) == (song.title, song.bpm)
                assert [(summary.keys, summary.level) for summary in song.charts] == [
                    (keys, level) for keys in (4, 7, 10) for level in ("easy", "medium", "hard")
                ]
                for summary in song.charts:
                    chart = await got(http, f"charts/{summary.id}", shapes.Chart)
                    assert (chart.keys, len(chart.notes)) == (summary.keys, summary.notes)
        assert listed.songs

    perform(scene)


def test_a_chart_comes_from_the_store_too_and_other_blobs_are_none(perform):
    async def scene(backstage):
        chart = scribe.small_chart(5)
        backstage.daemon.virtual.blobs[chart.id] = chart.to_bytes()
        backstage.daemon.virtual.blobs[bytes(32)] = b"evidence"
        async with backstage.http() as http:
            found = await got(http, f"charts/{chart.id.hex()}", shapes.Chart)
            assert (found.title, found.timing) == ("Scribe's study", [(0, 500_000)])
            assert (await http.get(CHART_PATH + bytes(32).hex())).status_code == 404
            assert (await http.get(CHART_PATH + "zz")).status_code == 400

    perform(scene)


def test_a_purse_is_seen_by_oneself_or_by_another(perform):
    async def scene(backstage):
        other = scribe.author("b").id.hex()
        async with backstage.http() as http:
            own = await got(http, "purse", shapes.Purse)
            theirs = await got(http, f"purse?as={other}", shapes.Purse)
            assert (await http.get("/api/v1/purse?as=me")).status_code == 400
        assert (own.seen_by.name, theirs.seen_by.id) == ("You", other)
        assert own.total_ujam == theirs.total_ujam
        assert own.total_value_ujam != theirs.total_value_ujam
        assert b'"from":"minted"' in msgspec.json.encode(own)

    perform(scene)


def test_a_lot_has_a_value_for_everybody_known(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            lot = (await got(http, "purse", shapes.Purse)).coins[0].lot
            everybody = (await got(http, f"values?lot={lot}", shapes.Values)).values
            mine = (await got(http, f"values?lot={lot}&observer=me", shapes.Values)).values
            assert (await http.get(f"/api/v1/values?lot={'0' * 64}")).status_code == 404
            assert (await http.get("/api/v1/values")).status_code == 400
        assert mine == everybody[:1]
        assert {value.id for value in everybody} == {
            author.hex() for author in backstage.daemon.node.ledger.tips
        }
        assert len({value.value_ujam for value in everybody}) > 2

    perform(scene)


def test_the_windows_of_a_session_are_found_again_after_a_restart(perform):
    async def scene(backstage):
        ledger = backstage.daemon.node.ledger
        (session,) = ledger.state(scribe.author("a").id).sessions
        async with backstage.http() as http:
            blocks = await got(http, f"blocks?session={session.hex()}", shapes.Blocks)
            nothing = await got(http, f"blocks?session={'0' * 64}", shapes.Blocks)
            assert (await http.get("/api/v1/blocks")).status_code == 400
        assert [(one.window, one.state) for one in blocks.windows] == [(0, "minted"), (1, "minted")]
        assert nothing.windows == []

    perform(scene)


def test_coins_are_sent_and_the_answer_is_the_entry(perform):
    async def scene(backstage):
        to = scribe.author("c").id
        async with backstage.http() as http:
            coin = (await got(http, "purse", shapes.Purse)).coins[0]
            body = {"lot": coin.lot, "path": coin.path, "amount_ujam": 7, "to": to_did(to)}
            answer = await http.post("/api/v1/send", json=body)
            entry = EntryId(bytes.fromhex(answer.json()["entry"]))
            shorter = {"lot": coin.lot, "amount_ujam": 7, "to": to.hex()}
            assert (await http.post("/api/v1/send", json=shorter)).status_code == 200
        sent = backstage.daemon.node.ledger.statements[entry].body
        assert isinstance(sent, Transfer)
        assert (sent.amount_ujam, sent.recipient) == (7, to)

    perform(scene)


def test_what_a_rule_forbids_is_told_by_its_name(perform):
    async def scene(backstage):
        me, other = scribe.author("a").id.hex(), scribe.author("c").id.hex()
        async with backstage.http() as http:
            coin = (await got(http, "purse", shapes.Purse)).coins[0]
            too_much = {"lot": coin.lot, "amount_ujam": 10**15, "to": other}
            unknown = {"lot": "0" * 64, "amount_ujam": 1, "to": other}
            not_mine = {"transfer": coin.lot}
            answers = [
                await http.post("/api/v1/send", json=too_much),
                await http.post("/api/v1/send", json=unknown),
                await http.post("/api/v1/decline", json=not_mine),
                await http.post("/api/v1/decline", json={"transfer": me}),
                await http.post("/api/v1/reconcile"),
            ]
        assert [answer.status_code for answer in answers] == [409] * 5
        assert [answer.json()["error"] for answer in answers] == [
            "insufficient_funds",
            "insufficient_funds",
            "wrong_reference_kind",
            "broken_dependency",
            "nothing_to_reconcile",
        ]
        assert all(answer.json()["why"] and answer.json()["next"] for answer in answers)

    perform(scene)


def test_the_daemon_stops_once_that_is_answered(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post("/api/v1/stop-daemon")
        assert (answer.json(), backstage.daemon.stopped.is_set()) == ({"stopping": True}, True)

    perform(scene)


def test_the_document_describes_every_operation(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            document = (await http.get("/api/v1/openapi.json")).json()
        described = {
            (method.upper(), path)
            for path, operations in document["paths"].items()
            for method in operations
        }
        assert described == {(route.method, f"/api/v1{route.path}") for route in ROUTES}
        assert {"Purse", "WindowMessage", "SendBody", "Problem"} <= set(
            document["components"]["schemas"]
        )
        assert all(
            operation["summary"].endswith(".")
            for operations in document["paths"].values()
            for operation in operations.values()
        )

    perform(scene)
