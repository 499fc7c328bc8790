"""What a batch of effects leaves on disk: of each entry the last word counts."""

from consensus.parameters import PRACTICE
from consensus.units import Microseconds
from popd.node.effects import Forget, Store, WakeAt
from popd.wiring.daemon import kept_in_the_end
from simulations import scribe

ONE, TWO, THREE = (scribe.begin(PRACTICE, scribe.author(f"{i}"), 1) for i in range(3))


def test_what_is_stored_after_it_was_forgotten_stays_and_the_other_way_round() -> None:
    effects = [
        Store((ONE, TWO)),
        WakeAt(Microseconds(1)),
        Forget((ONE.id, THREE.id)),
        Store((ONE,)),
        Forget((TWO.id,)),
    ]
    assert kept_in_the_end(effects) == ([ONE], [TWO.id, THREE.id])
    assert kept_in_the_end([]) == ([], [])
