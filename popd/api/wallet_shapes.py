"""What an identity does with coins, as JSON. Amounts are uJAM, times UTC milliseconds."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from popd.api.shapes import Hex, Person
from wallet.links import MAX_LINK
from wallet.paying import MAX_PARTS
from wallet.requests import MAX_NOTE

MAX_RECEIVED: Final = 64
"""Transfers that one request receives."""

Amount = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Recipient = Annotated[str, Meta(max_length=80)]
"""A did:key or 64 hexadecimal digits."""


class NameBody(msgspec.Struct, frozen=True):
    """What to call somebody."""

    name: Annotated[str, Meta(max_length=256)]
    """Empty takes the name back."""


class ReceivesBody(msgspec.Struct, frozen=True):
    """Which transfers are to be received without asking."""

    receives: Literal["all", "valued", "asked"]


class ReceivesView(msgspec.Struct, frozen=True):
    """Which transfers are received without asking."""

    receives: str
    """all, valued or asked"""


class IncomingView(msgspec.Struct, frozen=True):
    """A transfer that waits for the user."""

    transfer: str
    giver: Person = msgspec.field(name="from")
    lot: str
    path: list[str]
    song: str
    amount_ujam: int
    value_ujam: int
    """To the user."""
    why: list[str]
    says_worth_ujam: int | None
    """What its giver says that it is worth to them."""
    since_ms: int
    contested: bool
    concert: str
    """The concert whose crowd made it; empty for none, or where its name is not here."""


class OutgoingView(msgspec.Struct, frozen=True):
    """A transfer that the user made."""

    transfer: str
    to: Person
    lot: str
    amount_ujam: int
    since_ms: int
    state: str
    """waiting, received or declined"""
    reason: str
    """Why it was declined; empty where it was not."""


class Incoming(msgspec.Struct, frozen=True):
    """What is on its way, the newest first."""

    incoming: list[IncomingView]
    outgoing: list[OutgoingView]
    waiting: int
    """How many wait for the user; more than are listed where there are many."""


class ReceiveBody(msgspec.Struct, frozen=True):
    """Take in what was handed over."""

    transfers: Annotated[list[Hex], Meta(min_length=1, max_length=MAX_RECEIVED)]


class WrittenEntries(msgspec.Struct, frozen=True):
    """Entries were written."""

    entries: list[str]


class PartBody(msgspec.Struct, frozen=True):
    """What leaves of one lot."""

    lot: Hex
    path: Annotated[list[Hex], Meta(min_length=1, max_length=256)]
    amount_ujam: Amount


Parts = Annotated[list[PartBody], Meta(min_length=1, max_length=MAX_PARTS)]


class PaymentBody(msgspec.Struct, frozen=True):
    """A payment to look at: of an amount, of a worth to the recipient, or of named parts."""

    to: Recipient
    amount_ujam: Amount | None = None
    worth_ujam: Amount | None = None
    """In the recipient's view."""
    lots: Parts | None = None
    """What leaves; otherwise it is chosen."""


class PaymentPart(msgspec.Struct, frozen=True):
    """What would leave of one lot, in both views."""

    lot: str
    path: list[str]
    song: str
    amount_ujam: int
    mine_ujam: int
    """To the user."""
    theirs_ujam: int
    """To the recipient, once it is theirs, as far as the user's daemon can tell."""
    mine_why: list[str]
    theirs_why: list[str]


class Payment(msgspec.Struct, frozen=True):
    """What a payment would be."""

    to: Person
    parts: list[PaymentPart]
    amount_ujam: int
    """Nominally."""
    mine_ujam: int
    theirs_ujam: int
    seen_as: str
    """How the recipient's view was found, in words."""
    why: list[str]
    """Why these lots, in words."""
    warnings: list[str]


class PayBody(msgspec.Struct, frozen=True):
    """Pay with exactly these parts."""

    to: Recipient
    parts: Parts
    says_worth: bool = False
    """State in each transfer, for everybody to read, what it is worth to the giver."""


class RequestBody(msgspec.Struct, frozen=True):
    """Ask to be paid."""

    amount_ujam: Amount
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""


class RequestLink(msgspec.Struct, frozen=True):
    """A payment request to show or to send."""

    link: str
    rows: list[str]
    """The same as a QR code without its quiet zone: a row a text, 1 for dark."""


class LinkBody(msgspec.Struct, frozen=True):
    """A payment request as a link, or somebody's key: a did:key or 64 hexadecimal digits."""

    link: Annotated[str, Meta(max_length=MAX_LINK)]


class RequestView(msgspec.Struct, frozen=True):
    """What a link asks for."""

    to: Person
    amount_ujam: int
    """0 where only a key was given."""
    note: str
    network: str


class LineView(msgspec.Struct, frozen=True):
    """One line of a statement."""

    time_ms: int
    kind: str
    """minted, crowd, share, received, sent, returned, declined, staked, unstaked or burnt"""
    amount_ujam: int
    change_ujam: int
    """What it changes in what is held, in purse and stakes together."""
    lot: str
    path: list[str]
    song: str
    other: Person | None
    entry: str
    held_ujam: int
    """What is held after it, nominally: nobody's view."""
    value_ujam: int
    """What this amount of that lot is worth now to whom the statement is as."""
    words: str


class History(msgspec.Struct, frozen=True):
    """A statement, oldest line first."""

    lines: list[LineView]
    seen_by: Person = msgspec.field(name="as")
    about: str
    """What the figures are and are not."""
    more: int = 0
    """Older lines that are not listed; ask with `until`."""


class FeelingCount(msgspec.Struct, frozen=True):
    """How many felt so."""

    tag: str
    count: int


class CareerShare(msgspec.Struct, frozen=True):
    """Who got how much of a concert's subcoin."""

    id: str
    name: str
    amount_ujam: int


class CareerConcert(msgspec.Struct, frozen=True):
    """One concert."""

    first: str
    name: str | None
    """null where it has none, or its text is not here."""
    tags: list[str]
    time_ms: int
    crowd: int
    """Voices that were heard, guests among them."""
    minted_ujam: int
    value_ujam: int
    """What the whole subcoin is worth to the user."""
    mean_score_ppm: int | None
    feelings: list[FeelingCount]
    songs: list[str]
    shares: list[CareerShare]
    pages: list[str]
    """Its lots."""


class CareerTotals(msgspec.Struct, frozen=True):
    """A career in numbers."""

    concerts: int
    voices: int
    """Different people and guests who were heard."""
    windows: int
    """Blocks that minted."""
    minted_ujam: int
    """Everybody's shares together, nominally."""
    witnesses: int
    """Different people who vouched."""


class CareerView(msgspec.Struct, frozen=True):
    """What somebody performed, the latest first."""

    person: Person
    concerts: list[CareerConcert]
    totals: CareerTotals
    seen_by: Person = msgspec.field(name="as")
    """In whose eyes the concerts are valued."""
