"""Receiving: takes in what others hand to the node's user, and sends what the user gives."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from consensus.entries import Body
from consensus.entries.chains import Reconcile
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.identifiers import EntryId, IdentityId
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.events import DeclineCoins, SendCoins
from popd.node.gifts import bound_of, day_of, end_of_day_ms, taken_on
from popd.node.pen import Pen


@dataclass(slots=True)
class Receiving:
    """Coins on their way to and from the user."""

    context: Context
    """The node."""
    pen: Pen
    """Writes the entries."""
    has_diverged: Callable[[IdentityId], bool]
    """Whether the user has parted from somebody."""
    takes_gifts: bool = False
    """Transfers are received without asking."""
    _day: int = -1
    _taken: dict[int | None, set[EntryId]] = field(default_factory=dict)
    _resumes_on: int = -1

    def __post_init__(self) -> None:
        """Where no person plays, nobody can be asked."""
        settings = self.context.settings
        self.takes_gifts = settings.takes_gifts or settings.is_automated

    def on_applied(self, statement: Statement) -> None:
        """Something may have been handed to the user; by themselves too, as a stake coming back."""
        claims = self.context.ledger.claims.get(statement.id, {})
        if self.context.identity in claims and self._is_welcome(statement):
            self._take(statement)

    def resume(self) -> None:
        """After a restart or a reconcile: takes in what was handed over and not taken yet."""
        state = self.context.ledger.state(self.context.identity)
        taken = frozenset() if state is None else frozenset(state.taken)
        for source in list(self.context.ledger.claims):
            if source not in taken:
                self.on_applied(self.context.ledger.statements[source])

    def receive(self, sources: Iterable[EntryId]) -> None:
        """The user takes in what was handed to them, whoever gave it and however often."""
        for source in sources:
            self.pen.write(partial(self._receive, source), is_command=True)

    def take_gifts(self, *, is_on: bool) -> None:
        """From now on transfers are received without asking, also those that wait, or are not."""
        self.takes_gifts = is_on
        if is_on:
            self.resume()

    def send(self, command: SendCoins) -> None:
        """The user gives, but not to whom they have parted from."""
        worth = command.valuation_ujam
        body = Transfer(command.lot, command.amount_ujam, command.recipient, worth)
        self.pen.write(lambda time_ms: self._transfer(body), is_command=True)

    def decline(self, command: DeclineCoins) -> None:
        """The user turns down."""
        self.pen.write(lambda time_ms: Decline(command.transfer, command.reason), is_command=True)

    def reconcile(self, *, is_command: bool) -> None:
        """Names all heads of a forked chain of one's own, the longest first."""
        self.pen.write(lambda time_ms: self._reconcile(), is_command=is_command)

    def _is_welcome(self, statement: Statement) -> bool:
        """Whether what an entry hands over is received without asking.

        Shares and what comes back are. Transfers are where the user said so; of somebody from whom
        they have parted not before that is taken back.
        """
        if not isinstance(statement.body, Transfer):
            return True
        return self.takes_gifts and not self.has_diverged(statement.entry.author)

    def _take(self, statement: Statement) -> None:
        """Receives it by itself, as far as the day's bound goes; then goes on the next day."""
        if self.context.settings.is_companion:
            return
        now_ms, bound = self.context.now_ms, bound_of(statement.body)
        if day_of(now_ms) != self._day:
            self._day = day_of(now_ms)
            self._taken = taken_on(self.context.ledger, self.context.identity, self._day)
        taken = self._taken.setdefault(bound, set())
        if bound is None or len(taken) < bound or statement.id in taken:
            taken.add(statement.id)
            self.pen.write(partial(self._receive, statement.id))
        elif self._resumes_on != self._day:
            self._resumes_on = self._day
            self.context.call_at(end_of_day_ms(now_ms) * 1_000, self.resume)

    def _transfer(self, body: Transfer) -> Body:
        if self.has_diverged(body.recipient):
            raise RejectionError(
                RejectionReason.WRONG_RECIPIENT,
                "you have diverged from them; reconcile with them before you give them coins",
            )
        return body

    def _receive(self, source: EntryId, time_ms: Milliseconds) -> Body | None:
        state = self.context.ledger.state(self.context.identity)
        return None if state is None or source in state.taken else Receive(source)

    def _reconcile(self) -> Body | None:
        state = self.context.ledger.state(self.context.identity)
        tips = self.context.ledger.tips.get(self.context.identity, {})
        if state is None or len(tips) < 2:
            return None
        return Reconcile((state.head, *sorted(head for head in tips if head != state.head)))
