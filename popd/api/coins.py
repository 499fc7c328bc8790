"""What the page says of coins besides their worth: which song, which concert."""

from collections.abc import Iterable
from typing import Final

from consensus.entries.appreciation import Concert
from consensus.identifiers import ContentId, EntryId, LotId
from consensus.rejections import RejectionError
from popd.api.desk import Desk
from popd.api.library import UNKNOWN_TITLE
from popd.node.concert_words import read_words
from wallet.purse import chart_of_mint

MAX_WORDS: Final = 280
"""Characters of a name or a comment."""


async def songs_of(desk: Desk, lots: Iterable[LotId]) -> dict[LotId, str]:
    """What was played for each of some lots."""
    statements = desk.context.ledger.statements
    titles: dict[LotId, str] = {}
    for lot in dict.fromkeys(lots):
        mint = statements.get(EntryId(lot))
        chart = None if mint is None else chart_of_mint(desk.context.ledger, mint)
        titles[lot] = UNKNOWN_TITLE if chart is None else await desk.library.title(chart)
    return titles


async def concert_name(desk: Desk, lot: LotId) -> str:
    """The name of the concert whose crowd made a lot; empty for none, or where it is not here."""
    mint = desk.context.ledger.statements.get(EntryId(lot))
    if mint is None or not isinstance(mint.body, Concert):
        return ""
    return await words_of(desk, mint.body.name) or ""


async def words_of(desk: Desk, content: ContentId | None) -> str | None:
    """What somebody wrote, without what can't be seen; None where it is not here."""
    blob = None if content is None else await desk.daemon.blob(content)
    if blob is None:
        return None
    try:
        _, text = read_words(blob)
    except RejectionError:
        return None
    visible = "".join(c if c.isprintable() else " " for c in text[:MAX_WORDS])
    return " ".join(visible.split()) or None
