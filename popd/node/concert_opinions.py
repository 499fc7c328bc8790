"""An opinion of somebody here, from when it is given until a page of the concert rests on it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from consensus.entries.appreciation import Guest, Opinion, opinion_digest
from consensus.entries.performance import MAX_TAG_BYTES
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import MAX_TAGS, NetworkParams
from consensus.rejections import RejectionError
from consensus.rulebooks.rating import check_guest
from popd.node.concert_commands import GiveOpinion
from popd.node.messages.concerts import ConcertCard, Phase, content_id
from popd.node.messages.crowds import MAX_WORDS_CHARACTERS

MAX_VOICES: Final = 2_048
"""Voices of one node in one concert: as many guests as a hall's network lets in."""


class OpinionState(StrEnum):
    """How far an opinion came."""

    HELD = "held"
    """This node keeps it; the gatherer may not have heard of it."""
    TOLD = "told"
    """The gatherer holds its digest."""
    REVEALED = "revealed"
    """Its rating is in the own chain."""
    GATHERED = "gathered"
    """A page of the concert rests on it."""
    REFUSED = "refused"
    """It does not count."""


@dataclass(frozen=True, slots=True)
class OwnOpinion:
    """What a voice at this node says, and what became of it."""

    voice: bytes
    """The guest's key, or the user's identity."""
    opinion: Opinion
    """What it says."""
    guest: Guest | None = None
    """The guest and their signature; None for the user's own."""
    comment_salt: bytes = b""
    """With the text it makes the comment; empty without one."""
    comment_text: str = ""
    """What it says beside its score."""
    told_number: int = 0
    """Of the latest message that carried its digest; 0 before the first."""
    state: OpinionState = OpinionState.HELD
    """How far it came."""
    rating: EntryId | None = None
    """Its rating, once it is revealed."""
    page: EntryId | None = None
    """The page that rests on it, once it is gathered."""
    why: str = ""
    """Why it does not count, or may not, in words."""
    next_step: str = ""
    """What to do then."""

    def digest(self, teller: IdentityId) -> bytes:
        """What leaves this node before the reveal."""
        return opinion_digest(self.opinion, teller, self.voice)

    def refused(self, why: str, next_step: str) -> "OwnOpinion":
        """The same, as one that does not count."""
        return replace(self, state=OpinionState.REFUSED, why=why, next_step=next_step)


class OpinionError(Exception):
    """An opinion can't be kept: why, and what to do."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(why)
        self.why = why
        self.next_step = next_step


def own_opinion(
    params: NetworkParams,
    teller: IdentityId,
    card: ConcertCard,
    performers: tuple[IdentityId, ...],
    given: GiveOpinion,
) -> OwnOpinion:
    """The opinion as it is kept; raises OpinionError where law or the concert would not have it."""
    voice = teller if given.guest is None else given.guest.key
    first = card.first_session
    if card.phase >= Phase.LOCKED:
        raise OpinionError("The ratings are locked.", "Rate the next concert while it is open.")
    if first is None:
        raise OpinionError("The music has not begun.", "Rate once the first song is announced.")
    if given.performer not in performers:
        raise OpinionError("They don't perform in this concert.", "Choose one of its performers.")
    if given.performer in (teller, voice):
        raise OpinionError(
            "Performers don't rate themselves, and their guests don't rate them.",
            "Join at the node of somebody who listens.",
        )
    _check_sizes(given)
    text = given.comment_text
    opinion = Opinion(
        session=first,
        performer=given.performer,
        score_ppm=given.score_ppm,
        tags=tuple(sorted(set(given.tags))),
        modality=given.modality,
        method=given.method,
        comment=content_id(given.comment_salt, text) if text else None,
        salt=given.salt,
    )
    _check_law(params, teller, opinion, given.guest)
    salt = given.comment_salt if text else b""
    return OwnOpinion(voice, opinion, given.guest, salt, text)


def _check_sizes(given: GiveOpinion) -> None:
    if len(given.comment_text) > MAX_WORDS_CHARACTERS:
        raise OpinionError("The comment is longer than 280 characters.", "Make it shorter.")
    try:
        sizes = [len(tag.encode()) for tag in given.tags]
        given.comment_text.encode()
    except UnicodeEncodeError:
        raise OpinionError("That is no text.", "Write it anew.") from None
    if len(set(given.tags)) > MAX_TAGS or any(size > MAX_TAG_BYTES for size in sizes):
        raise OpinionError("Too many feelings.", "Choose at most eight.")
    if given.comment_text and len(given.comment_salt) != 16:
        raise OpinionError("The comment has no salt.", "Load the page again.")


def _check_law(
    params: NetworkParams, teller: IdentityId, opinion: Opinion, guest: Guest | None
) -> None:
    try:
        Opinion.from_body(opinion.to_body())
        if guest is not None:
            check_guest(params, teller, opinion, guest)
    except RejectionError as error:
        raise OpinionError(f"Law would not have it: {error.message}.", "Rate again.") from error
