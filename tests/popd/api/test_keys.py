"""Keys over the API: locked, unlocked, backed up; nothing secret is ever answered."""

import msgspec
import pytest
import trio

from consensus.identifiers import IdentityId
from game.charts.songs import SONGS
from popd.api.desk import LOCKING_S
from popd.api.key_shapes import KeyName, UnlockBody, WalletState, Words
from popd.node.events import WriteOn
from popd.rooms.own import edited_own, rewritten_own
from simulations import scribe
from wallet.backup import check_chain, opened_backup
from wallet.keyring import keyring_of
from wallet.keystore import create_keystore
from wallet.mnemonic import seed_from_words
from wallet.sealing import LEAST_COST

ANN = scribe.author("a")
PASSPHRASE = "correct horse"
SONG = next(iter(SONGS.values()))
SENDING = {"lot": "0" * 64, "amount_ujam": 1, "to": "1" * 64}


def with_keystore(backstage):
    create_keystore(
        backstage.daemon.home.keys.keystore, keyring_of(ANN.seed), PASSPHRASE, LEAST_COST
    )


def state_of(answer):
    assert answer.status_code == 200, answer.text
    assert ANN.seed.hex() not in answer.text
    assert PASSPHRASE not in answer.text
    return msgspec.json.decode(answer.content, type=WalletState)


def test_locked_keys_write_nothing_until_their_passphrase_comes(perform):
    async def scene(backstage):
        with_keystore(backstage)
        async with backstage.http() as http:
            before = state_of(await http.get("/api/v1/wallet"))
            assert (before.locked, before.has_passphrase) == (False, True)
            assert before.identities == [KeyName("first", active=True)]
            assert before.identity.id == ANN.id.hex()
            assert state_of(await http.post("/api/v1/wallet/lock", json={})).locked
            refused = await http.post("/api/v1/send", json=SENDING | {"lot": held(backstage)})
            assert (refused.status_code, refused.json()["error"]) == (423, "locked")
            wrong = await http.post("/api/v1/wallet/unlock", json={"passphrase": "wrong horse"})
            assert (wrong.status_code, wrong.json()["error"]) == (403, "wrong_passphrase")
            assert state_of(await http.get("/api/v1/wallet")).locked
            right = await http.post("/api/v1/wallet/unlock", json={"passphrase": PASSPHRASE})
            assert not state_of(right).locked

    perform(scene)


def test_nothing_is_performed_while_keys_are_locked(perform):
    async def scene(backstage):
        backstage.daemon.keys.lock()
        async with backstage.socket() as (_, socket):
            await socket.send(type="start", chart=SONG.chart(4).id.hex())
            answer = await socket.until("refused")
        assert (answer["reason"], "unlock" in answer["next"]) == ("Your keys are locked.", True)
        async with backstage.http() as http:
            for path, body in (("autoplay", {"song": SONG.name}), ("rooms", {"song": SONG.name})):
                refused = await http.post(f"/api/v1/{path}", json=body)
                assert (refused.status_code, refused.json()["error"]) == (423, "locked")
        assert backstage.daemon.given == []

    perform(scene)


def held(backstage):
    state = backstage.daemon.node.ledger.state(ANN.id)
    return next(iter(state.purse)).origin.hex()


def test_keys_lock_themselves_when_nothing_is_asked_of_them(perform):
    async def scene(backstage):
        with_keystore(backstage)
        backstage.daemon.keys.lock()
        async with backstage.http() as http, trio.open_nursery() as nursery:
            nursery.start_soon(backstage.desk.keep_locking)
            await http.put("/api/v1/wallet/locking", json={"lock_after_s": 60})
            await http.post("/api/v1/wallet/unlock", json={"passphrase": PASSPHRASE})
            await trio.sleep(60 - 2 * LOCKING_S)
            assert not backstage.daemon.keys.is_locked
            await http.get("/api/v1/wallet")
            await trio.sleep(4 * LOCKING_S)
            assert backstage.daemon.keys.is_locked
            await http.put("/api/v1/wallet/locking", json={"lock_after_s": 0})
            await http.post("/api/v1/wallet/unlock", json={"passphrase": PASSPHRASE})
            await trio.sleep(10_000)
            assert not backstage.daemon.keys.is_locked
            nursery.cancel_scope.cancel()

    perform(scene)


def test_a_backup_holds_the_whole_chain_and_what_counts(perform):
    async def scene(backstage):
        with_keystore(backstage)
        backstage.daemon.home.policy.write_text('name = "mine"\n')
        async with backstage.http() as http:
            data = (await http.get("/api/v1/wallet/backup")).content
            backstage.daemon.keys.lock()
            refused = await http.get("/api/v1/wallet/backup")
            assert refused.status_code == 423
        keyring, _, contents = opened_backup(data, PASSPHRASE)
        assert keyring.identity_seed == ANN.seed
        assert contents.files == {"policy.toml": b'name = "mine"\n'}
        ledger = backstage.daemon.node.ledger
        chain = ledger.chain(ledger.state(ANN.id).head)
        assert list(check_chain(contents, IdentityId(ANN.id))) == chain

    perform(scene)


def test_no_backup_is_made_with_damaged_notes_in_it(perform):
    async def scene(backstage):
        with_keystore(backstage)
        own = backstage.daemon.home.own
        own.write_bytes(edited_own(b"", 1, "petnames", ANN.id.hex(), "Ann")[:-1])
        async with backstage.http() as http:
            refused = await http.get("/api/v1/wallet/backup")
            assert (refused.status_code, refused.json()["error"]) == (409, "not_whole")
            assert str(own) in refused.json()["why"]
            own.rename(own.with_name("own.damaged"))
            assert (await http.get("/api/v1/wallet/backup")).status_code == 200

    perform(scene)


def test_a_backup_has_notes_as_large_as_notes_may_be(perform):
    async def scene(backstage):
        with_keystore(backstage)
        runs = {f"{n:064x}": f"{n:0200}" for n in range(4_096)}
        own = rewritten_own(b"", 1, "runs", runs)
        assert len(own) > 1024 * 1024
        backstage.daemon.home.own.write_bytes(own)
        async with backstage.http() as http:
            data = (await http.get("/api/v1/wallet/backup")).content
        assert opened_backup(data, PASSPHRASE)[2].files == {"own": own}

    perform(scene)


def test_whoever_restored_can_write_on_without_waiting(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            state_of(await http.post("/api/v1/wallet/write-on", json={}))
        assert backstage.daemon.given == [WriteOn()]

    perform(scene)


def test_the_words_are_those_that_keys_are_written_in(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.get("/api/v1/words")
        words = msgspec.json.decode(answer.content, type=Words).words
        assert (len(words), words[0], words[-1]) == (2_048, "abandon", "zoo")
        assert seed_from_words(" ".join([words[0]] * 23 + ["art"])) == bytes(32)

    perform(scene)


@pytest.mark.parametrize("body", [{"passphrase": "x" * 1_025}, {"passphrase": 5}, [], "x"])
def test_a_passphrase_of_another_shape_is_refused_without_repeating_it(body, perform):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post("/api/v1/wallet/unlock", json=body)
        assert answer.status_code == 400
        assert "xxxx" not in answer.text

    perform(scene)


def test_a_passphrase_is_not_printed():
    assert PASSPHRASE not in repr(UnlockBody(PASSPHRASE))
