"""Performing: from inviting witnesses to announcing the session, and then live."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from consensus.chart import Chart
from consensus.entries.performance import Opening, Session, opening_digest
from consensus.evidence import KeyEvent
from consensus.identifiers import ChartId, EntryId, IdentityId, NodeKey, SessionKey
from consensus.parameters import MAX_OPENINGS, MAX_WINDOWS
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature, public_key
from consensus.statement import Statement
from consensus.units import Milliseconds, Ppm, day_of
from popd.node.blobs import Blobs
from popd.node.context import Context
from popd.node.events import PlayJudged, StartSession, Together
from popd.node.messages.live import Invite, Nonce, Offer, Reveal
from popd.node.notices import Inviting, SessionAnnounced, SessionRefused
from popd.node.pen import Pen
from popd.node.purposes import OwnWindow
from popd.node.show import Show
from popd.node.terms import Terms

TAIL_MS: Final = 1_000
"""Play goes on this long after the chart's last note."""


@dataclass(slots=True)
class Invitation:
    """Peers were asked to witness; their openings come in."""

    command: StartSession
    """What is to be played."""
    terms: Terms
    """What it takes over from a concert."""
    asked: frozenset[NodeKey]
    """Who was asked."""
    offers: dict[NodeKey, Opening] = field(default_factory=dict)
    """Who is ready: one from each peer, or a single one could fill the session."""

    @property
    def shares(self) -> tuple[tuple[IdentityId, Ppm], ...]:
        """Who performs, and their shares: those of a room, or else the concert's."""
        together = self.command.together
        return self.terms.performers if together is None else together.performers

    @property
    def performers(self) -> frozenset[IdentityId]:
        """Who shares: none of them can witness it. Empty for playing alone."""
        return frozenset(who for who, _ in self.shares)


@dataclass(slots=True)
class Performing:
    """At most one performance at a time, and the windows of the last one until they are sealed."""

    context: Context
    """The node."""
    pen: Pen
    """Writes sessions and blocks."""
    blobs: Blobs
    """Keeps charts and evidence."""
    refuses: Callable[[IdentityId], bool]
    """Whether the user has parted with somebody, and does not ask them."""
    on_over: Callable[[EntryId], None]
    """Tells those who watch that the performance is over."""
    terms: Callable[[], Terms]
    """What a session takes over from the user's concert, if one is on."""
    invitation: Invitation | None = None
    """Peers are being asked."""
    show: Show | None = None
    """The performance."""

    def start(self, command: StartSession) -> None:
        """Asks all peers to witness; announces the session when they answered or time is up."""
        if self.is_busy:
            self._refuse("You are already playing.", "Stop that session first.")
            return
        pen_node = self.context.settings.pen_node
        if pen_node is not None and pen_node not in self.context.peers:
            self._refuse(
                "The device that holds your pen is away.",
                "Start popd on that device, or wait until it is back.",
            )
            return
        if not command.chart.notes:
            self._refuse("That chart has no notes.", "Choose another song.")
            return
        if command.together is not None and self._is_past(command.together):
            return
        invitation = Invitation(command, self.terms(), frozenset())
        invitation.asked = asked = frozenset(
            node
            for node, peer in self.context.peers.items()
            if peer.identity not in invitation.performers
            and (peer.identity is None or not self.refuses(peer.identity))
        )
        self.invitation = invitation
        self.context.tell(Inviting(len(asked)))
        chart = ChartId(self.blobs.keep(command.chart.to_bytes()))
        invite = Invite(self.context.identity, command.nonce, chart, self._windows(command.chart))
        for peer in sorted(asked):
            self.context.send(peer, invite)
        self.context.call_after(
            self.context.settings.offer_wait_ms, lambda: self._announce(invitation)
        )

    def take_offer(self, peer: NodeKey, offer: Offer) -> None:
        """A peer opens itself to the session."""
        invitation = self.invitation
        if invitation is None or offer.nonce != invitation.command.nonce:
            return
        if peer not in invitation.asked or peer in invitation.offers:
            return
        subject = opening_digest(
            self.context.identity,
            self.context.node_key,
            offer.nonce,
            offer.candidate,
            peer,
            offer.anchor,
        )
        try:
            check_signature(
                offer.candidate, offer.signature, self.context.params.name, Domain.OPENING, subject
            )
        except RejectionError:
            return
        ready = {opening.candidate for opening in invitation.offers.values()}
        if offer.candidate not in ready | invitation.performers | {self.context.identity}:
            opening = Opening(offer.candidate, peer, offer.anchor, offer.signature)
            invitation.offers[peer] = opening
            if len(invitation.offers) == len(invitation.asked):
                self._announce(invitation)

    def stop(self) -> None:
        """The player stops; what is at least half a window is still sealed."""
        if self.invitation is not None:
            self.invitation = None
            self._refuse("You stopped before it began.", "Press play when you are ready.")
        elif self.show is not None:
            self.show.stop()

    def play(self, keys: Sequence[KeyEvent]) -> None:
        """The player pressed and released keys."""
        if self.show is not None:
            self.show.play(keys)

    @property
    def is_busy(self) -> bool:
        """Whether a session is on, or people are asked to witness one."""
        return self.invitation is not None or (self.show is not None and self.show.is_on)

    def is_showing(self, session: EntryId) -> bool:
        """Whether a session is this node's own and not yet over."""
        return self.show is not None and self.show.id == session

    def take_nonce(self, nonce: Nonce) -> None:
        """A candidate challenges."""
        if self.show is not None and nonce.session == self.show.id:
            self.show.take_nonce(nonce)

    def take_reveal(self, reveal: Reveal) -> None:
        """A candidate reveals its ticket."""
        if self.show is not None and reveal.session == self.show.id:
            self.show.take_reveal(reveal)

    def judged(self, purpose: OwnWindow, result: PlayJudged) -> None:
        """One of the own windows was judged."""
        if self.show is not None and purpose.session == self.show.id:
            self.show.judged(purpose.window, result)

    def on_session(self, statement: Statement, session: Session) -> None:
        """The session's entry is in the chain: the show begins."""
        invitation = self.invitation
        if invitation is None or session.nonce != invitation.command.nonce:
            return
        self.invitation = None
        self.show = Show(
            self.context,
            self.pen,
            self.blobs,
            statement.id,
            session,
            invitation.command.chart,
            invitation.command.session_seed,
            self._planned_ms(invitation.command.chart),
            self.on_over,
        )
        self.context.tell(SessionAnnounced(statement.id, session))
        self.show.begin()

    def _announce(self, invitation: Invitation) -> None:
        if self.invitation is not invitation:
            return
        if not invitation.offers:
            self.invitation = None
            self._refuse(
                "Nobody nearby is ready to witness you.",
                "Start practice neighbours with popctl up --practice, "
                "or reach somebody with --dial.",
            )
            return
        command = invitation.command
        together = command.together
        if together is not None and self._is_past(together):
            self.invitation = None
            return
        openings = self._least_familiar(invitation.offers.values())
        self.pen.write(
            lambda time_ms: Session(
                performer_node=self.context.node_key,
                nonce=command.nonce,
                session_key=SessionKey(public_key(command.session_seed)),
                chart=command.chart.id,
                calibration=command.calibration,
                start_ms=(
                    Milliseconds(time_ms + self.context.settings.lead_in_ms)
                    if together is None
                    else together.start_ms
                ),
                windows=self._windows(command.chart),
                tags=invitation.terms.tagged(command.tags),
                performers=invitation.shares,
                openings=openings,
            ),
            self._announcement_rejected,
        )

    def _is_past(self, together: Together) -> bool:
        """Refuses where the others have begun meanwhile."""
        is_past = together.start_ms <= self.context.now_ms
        if is_past:
            self._refuse("The others have begun.", "Come in at the next bar: press play again.")
        return is_past

    def _announcement_rejected(self, error: RejectionError) -> None:
        self.invitation = None
        self._refuse(f"The session could not be announced: {error.message}.", "Press play again.")

    def _least_familiar(self, offers: Iterable[Opening]) -> tuple[Opening, ...]:
        """Those met least come first, where there are more than a session holds."""
        state = self.context.ledger.state(self.context.identity)
        today = day_of(self.context.now_ms)
        span = self.context.params.familiarity_days

        def met(identity: IdentityId) -> int:
            return 0 if state is None else state.familiarity_days(identity, today, span)

        chosen = sorted(offers, key=lambda opening: (met(opening.candidate), opening.candidate))
        return tuple(chosen[:MAX_OPENINGS])

    def _planned_ms(self, chart: Chart) -> Milliseconds:
        """How long the show lasts: the chart and a breath, in whole windows and a last half."""
        window_ms = self.context.params.window_ms
        length_ms = max(chart.duration_us // 1_000 + TAIL_MS, window_ms)
        whole, rest = divmod(length_ms, window_ms)
        if whole >= MAX_WINDOWS:
            return Milliseconds(MAX_WINDOWS * window_ms)
        return Milliseconds(length_ms if 2 * rest >= window_ms else whole * window_ms)

    def _windows(self, chart: Chart) -> int:
        return -(-self._planned_ms(chart) // self.context.params.window_ms)

    def _refuse(self, why: str, next_step: str) -> None:
        self.context.tell(SessionRefused(why, next_step))
