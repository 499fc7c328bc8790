"""A festival: a jam that shares, a crowd with guests, and those who rate or gather wrongly."""

from dataclasses import replace

from consensus.entries.appreciation import Concert, GatheredRating
from consensus.identifiers import EntryId, LotId
from consensus.lots import LotKey
from consensus.presence import Presence
from consensus.units import MicroJam, Ppm
from simulations import crowd_scribe, scribe
from simulations.scribe import Author
from simulations.stories import Story, Witnessed


def festival() -> Story:
    """One concert of two players on two pages, rated by a host with guests and by others."""
    story = Story()
    ada, bea, host, cleo, dora, witness, *others = story.people(
        "ada", "bea", "host", "cleo", "dora", "witness", "xena", "yves", "zoe"
    )
    shares = tuple(sorted(((ada.id, Ppm(600_000)), (bea.id, Ppm(400_000)))))
    played = story.performed(ada, (host, cleo, dora, witness, *others), windows=2, shares=shares)
    session, show = played[0].show.session, played[0].show
    by_guests = [story.rates(host, session, 900_000, f"guest {n}") for n in range(3)]
    by_cleo = story.rates(cleo, session, 1_000_000)
    by_bea = story.rates(bea, session, 1_000_000, "a friend of bea")
    first = story.gathers(show, by_cleo, by_bea, *by_guests[:2])
    by_dora = story.rates(dora, session, 250_000)
    twice = story.rates(dora, session, 1_000_000)
    second = story.gathers(show, by_dora, by_guests[2])
    story.receives(bea, first)
    story.receives(bea, second)
    lot = LotKey(LotId(first.id), (bea.id,))
    story.receives(dora, story.gives(bea, lot, 1_000, dora))
    _lie(story, witness, session.id)
    _break_rules(story, ada, played, (by_cleo.id, twice.id))
    return story


def _lie(story: Story, liar: Author, session: EntryId) -> None:
    """A rating that declares less praise than the chain knows of."""
    statement = next(item for item in story.told if item.id == session)
    said = crowd_scribe.opinion(statement, 500_000)
    time_ms = story.tick()
    honest = crowd_scribe.rating(story.ledger, liar, said, time_ms)
    lie = replace(honest, familiarity_days=3)
    story.tell(liar.write(story.params, time_ms, lie))


def _break_rules(
    story: Story, ada: Author, played: list[Witnessed], heard: tuple[EntryId, EntryId]
) -> None:
    """Branches of the gatherer's chain that law turns down."""
    session = played[0].show.session
    rated = [GatheredRating(rating, Presence.SAME_LINK) for rating in heard]
    for ratings, amount in (((rated[0],), 0), ((rated[1],), 10**9)):
        branch = scribe.restored(ada)
        body = Concert((session.id,), None, (), ratings, MicroJam(amount))
        story.tell(branch.write(story.params, story.tick(), body))
    rater = scribe.author("rated by nobody")
    story.tell(scribe.begin(story.params, rater, story.now_ms))
    own = crowd_scribe.opinion(session, 1_000_000, performer=rater.id)
    time_ms = story.tick()
    story.tell(
        rater.write(story.params, time_ms, crowd_scribe.rating(story.ledger, rater, own, time_ms))
    )
