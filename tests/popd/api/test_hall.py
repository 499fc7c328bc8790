"""The hall: who listens hears everything, and nobody's answer waits for all the others' frames."""

import trio

from popd.api.concert_shapes import FeltMessage
from popd.api.hall import AT_A_TIME, QUEUE, Hall, Listener
from popd.node.messages.concerts import ConcertId

CONCERT = ConcertId(b"a summer evening")
FELT = FeltMessage(CONCERT.hex(), 1, 2, 3)


def hall_of(count: int) -> Hall:
    voices = (number.to_bytes(32) for number in range(count))
    return Hall({Listener(voice, None, is_owner=False, concert=CONCERT) for voice in voices})


def test_a_full_hall_is_woken_a_few_at_a_time_so_that_others_have_their_turn() -> None:
    hall, heard = hall_of(200), []

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(hall.keep_waking)
            hall.tell(CONCERT, FELT)
            hall.tell(CONCERT, FELT)
            while not heard or heard[-1] < 200:
                await trio.lowlevel.checkpoint()
                heard.append(sum(one.wakes.is_set() for one in hall.listeners))
            nursery.cancel_scope.cancel()

    trio.run(main)
    steps = [after - before for before, after in zip([0, *heard], heard, strict=False)]
    assert max(steps) <= 2 * AT_A_TIME
    assert {len(one.queue) for one in hall.listeners} == {2}


def test_who_reads_too_slowly_misses_the_oldest_and_is_woken_once() -> None:
    hall = hall_of(1)
    (listener,) = hall.listeners
    for number in range(QUEUE + 5):
        hall.put(listener, str(number))
    assert list(listener.queue) == [str(number) for number in range(5, QUEUE + 5)]
    assert list(hall.silent) == [listener]
