"""What spam makes of a concert's coin: a thousand fresh keys that rate, and seats that bots took.

Nine people who witnessed each other before, on real nodes in virtual time: one performs, the others
rate and bring guests. Against them bots with fresh keys rate the performer as well as they can, and
as many more guests of one host as one address gets seats. What the coin is worth is asked of every
honest listener, as their own node would say it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.concert_bots import Bots
from consensus.entries.appreciation import Concert, Modality
from consensus.identifiers import LotId
from consensus.parameters import PRACTICE
from consensus.units import Microseconds, Milliseconds, Ppm
from popd.api.opinions import Opinions
from popd.api.outlook import whole_lot
from popd.node.concert_commands import GiveOpinion, OpenConcert, SetConcertPhase
from popd.node.concert_live import LiveConcert
from popd.node.context import NodeSettings
from popd.node.events import TrustChanged
from popd.node.messages.concerts import Phase, concert_id
from popd.node.node import Node
from popd.wiring.trusting import NEAR_ENOUGH
from simulations import crowd_scribe
from simulations.players import VirtualPlayer, judge_play
from simulations.scribe import Author, author
from simulations.stories import Story
from simulations.swarm import study
from simulations.virtual_network import VirtualNetwork, VirtualNode

NAME_SALT: Final = bytes(16)
CONCERT: Final = concert_id(author("person 0").id, NAME_SALT)
LATER_MS: Final = 3 * 24 * 3_600_000
"""The concert is three days after what made people known to each other."""
AROUND: Final = 10
"""People who are asked to witness a performance."""
CLOSED_S: Final = 600
"""Until then all pages are written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who comes."""

    people: int = 9
    """Honest people with a node of their own; the first performs, the others listen."""
    town: int = 60
    """Honest people in all: each performed before, and some of the others were there."""
    hall: int = 200
    """Guests of the first host."""
    few: int = 4
    """Guests of every other."""
    bots: int = 0
    """Keys made for the evening that rate by themselves."""
    rogues: int = 12
    """Peers that bring them; each says that it is the node of one."""
    seats: int = 0
    """Guests of the first host that are bots."""
    seconds: int = 60
    """Of music: it bounds what all ratings together can mint."""
    is_stranger: bool = False
    """The performer's node knows nobody of the crowd."""


@dataclass(frozen=True, slots=True)
class Evening:
    """What came of it."""

    values_ujam: tuple[float, ...]
    """What all pages are worth to each honest listener."""
    minted_ujam: int
    """What they minted."""
    cap_ujam: int
    """What they could have."""
    crowd: int
    """Ratings that were gathered."""
    gathered_bots: int
    """Of these, by bots' own keys."""
    ballots: int
    """Ballots that the performer's node held at the lock."""


def largest_change(before: Evening, after: Evening) -> float:
    """By which part the coin's worth changed, for the listener to whom it changed the most."""
    pairs = zip(before.values_ujam, after.values_ujam, strict=True)
    return max(abs(now - then) / then for then, now in pairs)


def evening(plan: Plan) -> Evening:
    """A concert in virtual time, from its announcement to its coin."""
    story, authors = _known(plan.town)
    network = VirtualNetwork(PRACTICE, judge_play, seed=5)
    network.now_us = Microseconds((story.now_ms + LATER_MS) * 1_000)
    nodes = [
        _node_of(network, number, who, story) for number, who in enumerate(authors[: plan.people])
    ]
    for virtual in nodes:
        network.start(virtual)
    network.run(3)
    performer, *listeners = nodes
    for virtual in listeners if plan.is_stranger else nodes:
        _trust(network, virtual)
    bots = Bots(network, nodes, plan.bots, plan.rogues)
    bots.come(Milliseconds(network.now_us // 1_000))
    network.give(performer, OpenConcert(CONCERT, "First light", NAME_SALT, ("jazz",), 80))
    network.give(performer, SetConcertPhase(CONCERT, Phase.OPEN))
    VirtualPlayer(network, performer, study(plan.seconds, Random(4))).begin()
    network.run(8)
    bots.vote(_live(performer))
    _rate_all(network, plan, performer, listeners)
    network.run(plan.seconds + 10)
    network.give(performer, SetConcertPhase(CONCERT, Phase.LOCKED))
    network.run(2)
    ballots = _live(performer).ballots
    network.give(performer, SetConcertPhase(CONCERT, Phase.REVEALED))
    bots.reveal(_live(performer))
    for _ in range(CLOSED_S):
        if _live(performer).phase is Phase.CLOSED:
            break
        network.run(1)
    network.run(30)
    return _come_to(network, bots, performer, listeners, ballots)


def _known(town: int) -> tuple[Story, tuple[Author, ...]]:
    """People of whom each performed once, with some of the others around."""
    story, chance = Story(), Random(9)
    authors = story.people(*(f"person {number}" for number in range(town)))
    for who in authors:
        others = [other for other in authors if other is not who]
        story.performed(who, chance.sample(others, min(len(others), AROUND)))
    return story, authors


def _node_of(network: VirtualNetwork, number: int, who: Author, story: Story) -> VirtualNode:
    virtual = VirtualNode(f"person {number}", who.seed, NodeSettings(), disk=list(story.told))
    network.nodes[virtual.key] = virtual
    return virtual


def _trust(network: VirtualNetwork, virtual: VirtualNode) -> None:
    """A node learns who is near its user, as a running daemon tells it now and then."""
    opinions = Opinions(_node(virtual).ledger, virtual.identity)
    opinions.refresh(Milliseconds(network.now_us // 1_000))
    scores = opinions.scores(virtual.identity)
    near = frozenset(person for person, score in scores.items() if score >= NEAR_ENOUGH)
    network.give(virtual, TrustChanged(near))


def _rate_all(
    network: VirtualNetwork, plan: Plan, performer: VirtualNode, listeners: Sequence[VirtualNode]
) -> None:
    """Everybody rates, with their guests; bots that got seats are the first of the hall."""
    chance = Random(6)
    for host in listeners:
        is_hall = host is listeners[0]
        for seat in range(plan.seats if is_hall else 0):
            _rate(network, host, performer, 1_000_000, f"seat {seat}")
        _rate(network, host, performer, chance.randrange(50, 101) * 10_000)
        for guest in range(plan.hall if is_hall else plan.few):
            score_ppm = chance.randrange(50, 101) * 10_000
            _rate(network, host, performer, score_ppm, f"{host.name} {guest}")


def _rate(
    network: VirtualNetwork,
    host: VirtualNode,
    performer: VirtualNode,
    score_ppm: int,
    guest: str = "",
) -> None:
    live, ledger = _live(host), _node(host).ledger
    assert live.first_session is not None
    said = crowd_scribe.opinion(ledger.statements[live.first_session], score_ppm)
    teller = Author(host.seed)
    command = GiveOpinion(
        concert=CONCERT,
        performer=performer.identity,
        score_ppm=Ppm(score_ppm),
        tags=said.tags,
        modality=Modality.MANUAL,
        method="",
        comment_text="",
        comment_salt=bytes(16),
        salt=said.salt,
        guest=crowd_scribe.guest_of(ledger, said, teller, guest) if guest else None,
    )
    network.give(host, command)


def _come_to(
    network: VirtualNetwork,
    bots: Bots,
    performer: VirtualNode,
    listeners: Sequence[VirtualNode],
    ballots: int,
) -> Evening:
    ledger, live = _node(performer).ledger, _live(performer)
    assert live.phase is Phase.CLOSED
    state = ledger.state(performer.identity)
    assert state is not None
    pages = [ledger.statements[page] for page in live.card.pages]
    named = [one.rating for p in pages if isinstance(p.body, Concert) for one in p.body.ratings]
    keys = {who.id for who in bots.authors}
    authors = [ledger.statements[rating].entry.author for rating in named]
    return Evening(
        values_ujam=tuple(_worth(network, virtual, live) for virtual in listeners),
        minted_ujam=sum(p.body.amount_ujam for p in pages if isinstance(p.body, Concert)),
        cap_ujam=sum(state.minted_ujam.get(session, 0) for session in live.card.sessions),
        crowd=len(named),
        gathered_bots=sum(author in keys for author in authors),
        ballots=ballots,
    )


def _worth(network: VirtualNetwork, virtual: VirtualNode, live: LiveConcert) -> float:
    """What all pages are worth to the user of a node."""
    ledger = _node(virtual).ledger
    opinions = Opinions(ledger, virtual.identity)
    opinions.refresh(Milliseconds(network.now_us // 1_000))
    lots = [whole_lot(ledger, LotId(page)) for page in live.card.pages]
    assert None not in lots, "every honest node holds every page"
    worth = (opinions.value(lot, virtual.identity).value_ujam for lot in lots if lot is not None)
    return float(sum(worth))


def _live(virtual: VirtualNode) -> LiveConcert:
    return _node(virtual).concerting.concerts[CONCERT]


def _node(virtual: VirtualNode) -> Node:
    assert virtual.node is not None
    return virtual.node
