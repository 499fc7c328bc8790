"""A purse shows each coin, how it came, and what was played for it."""

from consensus.entries.transfer import Receive, Transfer
from consensus.ledger import Ledger
from consensus.parameters import PRACTICE
from consensus.units import MicroJam
from simulations import scribe
from wallet.purse import CameBy, coins_of

START_MS = 1_700_000_000_000


def test_a_purse_tells_played_witnessed_and_given_coins_apart() -> None:
    ledger = Ledger(PRACTICE)
    performer, *others = (scribe.author(name) for name in ("p", "a", "b", "c"))
    people = [performer, *others]
    scribe.add_all(ledger, [scribe.begin(PRACTICE, who, START_MS) for who in people])
    chart = scribe.small_chart(20)
    show = scribe.announce(PRACTICE, performer, others, START_MS, 1, chart)
    scribe.add_all(ledger, [show.session])
    block = scribe.seal(PRACTICE, show, 0, 0)
    scribe.add_all(ledger, [block])
    time_ms = block.entry.time_ms + 1_000
    words = [scribe.attest(PRACTICE, who, [block], time_ms) for who in others]
    scribe.add_all(ledger, words)
    mint = scribe.mint(ledger, performer, block, [(word, 0) for word in words], time_ms)
    scribe.add_all(ledger, [mint])
    (played,) = coins_of(ledger, performer.id)
    half = MicroJam(played.amount_ujam // 2)
    gift = performer.write(PRACTICE, time_ms, Transfer(played.key, half, others[0].id, None))
    taken = [others[0].write(PRACTICE, time_ms, Receive(source.id)) for source in (mint, gift)]
    scribe.add_all(ledger, [gift, *taken])
    assert [(c.came_by, c.chart) for c in coins_of(ledger, performer.id)] == [
        (CameBy.MINTED, chart.id)
    ]
    assert {(c.came_by, len(c.key.path)) for c in coins_of(ledger, others[0].id)} == {
        (CameBy.WITNESSED, 1),
        (CameBy.RECEIVED, 2),
    }
    assert coins_of(ledger, others[2].id) == ()
    assert not any(coin.is_contested for who in people for coin in coins_of(ledger, who.id))
