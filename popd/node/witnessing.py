"""Witnessing: opening oneself to sessions, challenging their players, and revealing tickets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from consensus.challenge import slot_holder
from consensus.draw import ticket_chain
from consensus.encoding import encode, keyed_digest
from consensus.entries.performance import Session, opening_digest
from consensus.evidence import NONCE_SIZE
from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.effects import Sign
from popd.node.mates import Mates
from popd.node.messages.live import Frame, Invite, Nonce, Offer, Reveal, nonce_digest
from popd.node.purposes import ForNonce, ForOffer
from popd.node.watch import SeenNonce, Watch
from popd.node.watching import Watching

NONCE_MARGINS_MS: Final = (1_000, 3_000)
"""A nonce comes at least this long after its slot's start and before its end."""
REVEAL_AFTER_MS: Final = 1_500
"""Without a closing frame the ticket is revealed this long after the window."""


@dataclass(slots=True)
class Witnessing:
    """This node as a candidate of the sessions that it watches."""

    context: Context
    """The node."""
    mates: Mates
    """Those who are in a session together."""
    watching: Watching
    """What is seen of sessions."""
    refuses: Callable[[IdentityId], bool]
    """Whether the user has parted with somebody, and does not witness them."""

    def answer_invite(self, peer: NodeKey, invite: Invite) -> None:
        """Opens this node to a session of the peer's own, if its user witnesses at all."""
        known = self.context.peers.get(peer)
        settings = self.context.settings
        is_willing = settings.is_witness and not settings.is_companion
        if known is None or known.identity != invite.performer or not is_willing:
            return
        if self.refuses(invite.performer):
            return
        anchor, _ = self._tickets(invite.performer, invite.nonce, invite.windows)
        offer = Offer(invite.nonce, self.context.identity, anchor, bytes(64))
        subject = opening_digest(
            invite.performer,
            peer,
            invite.nonce,
            self.context.identity,
            self.context.node_key,
            anchor,
        )
        self.context.do(Sign(ForOffer(offer, peer), Domain.OPENING, subject, None))

    def offer_signed(self, purpose: ForOffer, signature: bytes) -> None:
        """The opening goes to the performer."""
        self.context.send(purpose.performer_node, replace(purpose.offer, signature=signature))

    def on_session(self, statement: Statement, session: Session) -> None:
        """A session begins; watch it if it names us and is not over."""
        positions = [
            position
            for position, opening in enumerate(session.openings)
            if opening.candidate == self.context.identity
        ]
        window_ms = self.context.params.window_ms
        end_ms = session.start_ms + session.windows * window_ms
        if not positions or end_ms < self.context.now_ms:
            return
        performer = statement.entry.author
        anchor, tickets = self._tickets(performer, session.nonce, session.windows)
        if session.openings[positions[0]].anchor != anchor:
            return
        self.watching.follow(Watch(statement.id, performer, session, positions[0], tickets))
        elapsed_ms = max(0, self.context.now_ms - session.start_ms)
        self._plan_window(statement.id, elapsed_ms // window_ms)

    def on_frame(self, frame: Frame) -> None:
        """A frame was seen; after a closing one, the log is fixed and our ticket can be known."""
        watch = self.watching.watches.get(frame.session)
        if watch is not None and frame.root:
            self._reveal(watch, frame.window)

    def see_nonce(self, nonce: Nonce) -> None:
        """A challenge of another candidate's arrived."""
        watch = self.watching.watches.get(nonce.session)
        if watch is None or nonce.window >= watch.session.windows:
            return
        position = slot_holder(watch.id, nonce.window, nonce.slot, len(watch.session.openings))
        subject = nonce_digest(nonce.session, nonce.window, nonce.slot, nonce.nonce)
        candidate = watch.session.openings[position].candidate
        try:
            check_signature(
                candidate, nonce.signature, self.context.params.name, Domain.NONCE, subject
            )
        except RejectionError:
            return
        self._note_nonce(watch, nonce)

    def nonce_signed(self, purpose: ForNonce, signature: bytes) -> None:
        """Our own challenge goes out to everybody."""
        nonce = replace(purpose.nonce, signature=signature)
        watch = self.watching.watches.get(nonce.session)
        if watch is not None:
            self._note_nonce(watch, nonce)
            self.mates.tell(nonce)

    def _tickets(
        self, performer: IdentityId, nonce: bytes, windows: int
    ) -> tuple[bytes, tuple[bytes, ...]]:
        """Our ticket chain for a session; it follows from the node's secret, so none is kept."""
        seed = keyed_digest(self.context.secret, encode(("tickets", performer, nonce)))
        return ticket_chain(seed, windows)

    def _plan_window(self, session: EntryId, window: int) -> None:
        """Plans one window, and at its end the next: a session holds few alarms at a time."""
        params = self.context.params
        watch = self.watching.watches.get(session)
        if watch is None or window >= watch.session.windows:
            return
        start_ms = watch.session.start_ms + window * params.window_ms
        after_ms, before_ms = NONCE_MARGINS_MS
        for slot in range(params.window_ms // params.slot_ms):
            holder = slot_holder(watch.id, window, slot, len(watch.session.openings))
            if holder == watch.position:
                earliest = start_ms + slot * params.slot_ms + after_ms
                latest = start_ms + (slot + 1) * params.slot_ms - before_ms
                at_us = self.context.chance.randint(earliest * 1_000, latest * 1_000)
                self.context.call_at(at_us, partial(self._challenge, watch.id, window, slot))
        reveal_ms = start_ms + params.window_ms + REVEAL_AFTER_MS
        self.context.call_at(reveal_ms * 1_000, partial(self._reveal_late, watch.id, window))
        next_us = (start_ms + params.window_ms) * 1_000
        self.context.call_at(next_us, partial(self._plan_window, watch.id, window + 1))

    def _challenge(self, session: EntryId, window: int, slot: int) -> None:
        nonce = Nonce(session, window, slot, self.context.chance.randbytes(NONCE_SIZE), bytes(64))
        watch = self.watching.watches.get(session)
        if watch is not None and not watch.window(window).has_revealed:
            subject = nonce_digest(session, window, slot, nonce.nonce)
            self.context.do(Sign(ForNonce(nonce), Domain.NONCE, subject, None))

    def _note_nonce(self, watch: Watch, nonce: Nonce) -> None:
        seen = SeenNonce(nonce.nonce, self.context.now_us)
        watch.window(nonce.window).nonces.setdefault(nonce.slot, seen)

    def _reveal_late(self, session: EntryId, window: int) -> None:
        watch = self.watching.watches.get(session)
        if watch is not None and window in watch.windows:
            self._reveal(watch, window)

    def _reveal(self, watch: Watch, window: int) -> None:
        seen = watch.window(window)
        if watch.position is not None and not seen.has_revealed:
            seen.has_revealed = True
            self.mates.tell(Reveal(watch.id, window, watch.position, watch.tickets[window]))
