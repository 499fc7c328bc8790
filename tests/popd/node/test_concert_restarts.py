"""Whatever is killed in mid-concert goes on from its entries and notes, and nothing is lost."""

from collections.abc import Callable

import pytest

from consensus.encoding import encode
from popd.node.concert_notes import concert_note, concerts_noted, opinion_note
from popd.node.messages.concerts import Phase
from tests.popd.node.festivals import CONCERT, Festival, guest_seed
from tests.popd.node.test_concerting import check_ended_well

GUESTS = 5
STEPS = 9


def story(festival: Festival) -> list[Callable[[], None]]:
    """A concert in steps, each a second or so after the one before."""
    host, listener = festival.listeners_here[:2]

    def rest() -> None:
        festival.run(25)

    def late_guest() -> None:
        festival.rate(host, 700_000, guest_seed(host.name, 99), "Late, but here.")

    return [
        festival.announce,
        festival.player.begin,
        rest,
        lambda: festival.bring_guests(host, GUESTS),
        lambda: festival.rate(listener, 800_000, text="Encore!"),
        late_guest,
        lambda: festival.go_on(Phase.LOCKED),
        lambda: festival.go_on(Phase.REVEALED),
        rest,
    ]


@pytest.mark.parametrize("victim", ["gatherer", "host", "listener", "all three"])
@pytest.mark.parametrize("step", [0, 3, 4, 5, 6, 7, 8])
def test_a_kill_after_any_step_of_a_concert_loses_nothing(victim: str, step: int) -> None:
    festival = Festival(6, seconds=22)
    host, listener = festival.listeners_here[:2]
    victims = {
        "gatherer": [festival.gatherer],
        "host": [host],
        "listener": [listener],
        "all three": [festival.gatherer, host, listener],
    }[victim]
    steps = story(festival)
    assert len(steps) == STEPS
    for number, act in enumerate(steps):
        act()
        if number == step:
            for virtual in victims:
                festival.crash(virtual)
            festival.run(0.1)
            for virtual in victims:
                festival.start(virtual)
        festival.run(3)
    festival.run_until(Phase.CLOSED, 120)
    festival.run(45)
    check_ended_well(festival, GUESTS + 2)
    words = {"Encore!", "Late, but here.", "Guest 0 was here.", "Guest 1 was here."}
    for virtual in festival.people:
        assert set(festival.live(virtual).words.values()) == words


def test_notes_of_another_version_or_that_make_no_sense_are_not_read() -> None:
    festival = Festival(4, seconds=22)
    festival.announce()
    festival.player.begin()
    festival.run(5)
    host = festival.listeners_here[0]
    festival.rate(host, 600_000)
    festival.run(3)
    notes = dict(host.notes)
    live = concerts_noted(notes, host.identity)[CONCERT]
    before = festival.live(host)
    assert live.card == before.card or live.card.number <= before.card.number
    assert live.opinions.keys() == {host.identity}
    assert live.opinions[host.identity].opinion == before.opinions[host.identity].opinion
    name, note = concert_note(before)
    assert concerts_noted({name: note}, host.identity)[CONCERT].card == before.card
    for wrong in (b"", b"\xc1", note[:-1], encode((2, 0, 0, 0, 0, 0, 0)), encode((1,) * 7)):
        assert concerts_noted({name: wrong}, host.identity) == {}
    lonely = dict([opinion_note(before, before.opinions[host.identity])])
    assert concerts_noted(lonely, host.identity) == {}, "of a concert that nobody noted"


def test_an_own_concert_s_notes_go_a_day_after_it_is_closed() -> None:
    festival = Festival(4, seconds=22)
    festival.announce()
    festival.player.begin()
    festival.run(30)
    festival.rate(festival.listeners_here[0], 600_000)
    festival.run(3)
    assert festival.gatherer.notes
    assert festival.listeners_here[0].notes
    festival.go_on(Phase.LOCKED)
    festival.run(1)
    festival.go_on(Phase.REVEALED)
    festival.run_until(Phase.CLOSED, 60)
    assert festival.live(festival.gatherer).phase is Phase.CLOSED
    festival.run(86_400 + 3_700)
    assert festival.gatherer.notes == {}
    assert festival.listeners_here[0].notes == {}
