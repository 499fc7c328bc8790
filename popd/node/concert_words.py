"""Words: the comments of a concert, told after the reveal, and gone when they are taken down.

A comment proves itself: the rating names it by its digest. What nobody's rating names is nothing.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from consensus.encoding import Canonical, decode, encode
from consensus.entries.appreciation import SALT_SIZE, Rating
from consensus.fields import Fields
from consensus.identifiers import ContentId, NodeKey
from consensus.rejections import RejectionError
from popd.node.blobs import Blobs
from popd.node.concert_hall import Hall
from popd.node.concert_live import LiveConcert
from popd.node.concert_notes import concert_note
from popd.node.effects import DropBlobs
from popd.node.messages.concerts import MAX_HIDDEN, Phase
from popd.node.messages.crowds import MAX_WORDS_CHARACTERS, ConcertWords, words_text

MAX_EARLY: Final = 256
"""Words kept whose rating is still on its way; the oldest give way, and are asked for later."""
ASKED_A_CARD: Final = 8
"""Comments whose text is missing and that are asked for with each card."""
MAX_BLOB: Final = 4 * MAX_WORDS_CHARACTERS + 64


@dataclass(slots=True)
class Words:
    """The texts of comments."""

    hall: Hall
    """The concerts."""
    blobs: Blobs
    """Keeps and shares them."""
    early: OrderedDict[ContentId, tuple[ConcertWords, NodeKey]] = field(default_factory=OrderedDict)
    """What came before its rating, oldest first, and who brought it."""

    def take(self, live: LiveConcert, peer: NodeKey, message: ConcertWords) -> None:
        """A peer brings the text of a comment."""
        if live.phase < Phase.REVEALED or message.id in live.words:
            return
        if message.id in live.comments:
            self._believe(live, message, peer)
        else:
            self.early[message.id] = message, peer
            while len(self.early) > MAX_EARLY:
                self.early.popitem(last=False)

    def on_comment(self, live: LiveConcert, comment: ContentId) -> None:
        """A rating names a comment: its text may be here already, or is one's own."""
        known = self.early.pop(comment, None)
        if known is not None:
            self._believe(live, *known)
        for opinion in live.opinions.values():
            if opinion.opinion.comment == comment:
                words = ConcertWords(live.id, opinion.comment_salt, opinion.comment_text)
                self._believe(live, words, None)
                return

    def on_card(self, live: LiveConcert) -> None:
        """What was taken down goes; what is missing is asked for."""
        for comment in live.card.hidden:
            if live.words.pop(comment, None) is not None:
                del live.salts[comment]
                self._drop(comment)
                self.hall.changed(live)
        if live.phase >= Phase.REVEALED:
            hidden = set(live.card.hidden)
            missing = [c for c in live.comments if c not in live.words and c not in hidden]
            some = self.hall.context.chance.sample(missing, min(len(missing), ASKED_A_CARD))
            for comment in some:
                self.blobs.want(comment, self._sources(live, comment))

    def on_blob(self, comment: ContentId, data: bytes) -> None:
        """Something that was asked for is here; perhaps it is a comment."""
        for live in self.hall.concerts.values():
            if comment in live.comments:
                try:
                    salt, text = read_words(data)
                except RejectionError:
                    return
                self._believe(live, ConcertWords(live.id, salt, text), None, is_told=False)

    def hide(self, live: LiveConcert, comment: ContentId, *, is_hidden: bool) -> bool:
        """The gatherer takes a comment down, or lets it be seen again; returns whether it may."""
        own, hidden = live.own, live.card.hidden
        assert own is not None
        if is_hidden:
            if comment not in live.comments or comment in hidden or len(hidden) >= MAX_HIDDEN:
                return False
            if comment in live.words:
                own.taken_down[comment] = live.salts.pop(comment), live.words.pop(comment)
                self._drop(comment)
            live.card = replace(live.card, hidden=(*hidden, comment))
            self.hall.keep(concert_note(live))
            return True
        if comment not in hidden:
            return False
        live.card = replace(live.card, hidden=tuple(c for c in hidden if c != comment))
        text = own.taken_down.pop(comment, None)
        self.hall.keep(concert_note(live))
        if text is not None:
            self._believe(live, ConcertWords(live.id, *text), None)
        return True

    def _believe(
        self,
        live: LiveConcert,
        message: ConcertWords,
        source: NodeKey | None,
        *,
        is_told: bool = True,
    ) -> None:
        """A text that a rating names: kept, shared, and passed on unless it was taken down."""
        comment = message.id
        if comment in live.card.hidden or comment in live.words:
            return
        live.words[comment], live.salts[comment] = message.text, message.salt
        self.blobs.share(words_bytes(message.salt, message.text))
        self.hall.changed(live)
        if is_told:
            self.hall.spread(message, source)

    def _drop(self, comment: ContentId) -> None:
        self.blobs.unshare(comment)
        self.hall.context.do(DropBlobs((comment,)))

    def _sources(self, live: LiveConcert, comment: ContentId) -> list[NodeKey]:
        """The gatherer's node, then the teller's, then whoever told of the concert."""
        peers, held = self.hall.context.peers, self.hall.context.ledger.statements
        rating = held.get(live.comments[comment])
        is_known = rating is not None and isinstance(rating.body, Rating)
        author = rating.entry.author if rating is not None and is_known else None
        tellers = [node for node, peer in peers.items() if peer.identity == author]
        others: Iterable[NodeKey | None] = (live.card.node, *tellers, live.brought_by)
        return list(dict.fromkeys(node for node in others if node is not None))


def words_bytes(salt: bytes, text: str) -> bytes:
    """A name or a comment as the blob that its content id is the digest of."""
    return encode(("words", salt, text))


def read_words(data: bytes) -> tuple[bytes, str]:
    """Salt and text of such a blob; raises RejectionError when it is none."""
    body: Canonical = decode(data, MAX_BLOB)
    fields = Fields("words", body, 3)
    fields.text(len("words"))
    return fields.exactly(SALT_SIZE), words_text(fields)
