"""Commanding: what the user wants, handed to the part of the node that does it."""

from dataclasses import dataclass
from typing import assert_never

from popd.node.concert_commands import (
    Applaud,
    FinishConcert,
    GiveOpinion,
    HideComment,
    OpenConcert,
    SetConcertPhase,
)
from popd.node.concerting import Concerting
from popd.node.disputing import Disputing
from popd.node.events import (
    AppealBlock,
    Attend,
    Command,
    DeclineCoins,
    DivergeFrom,
    JudgeByHand,
    KeysPlayed,
    PinsChanged,
    ReceiveCoins,
    ReconcileFork,
    ReconcileWith,
    ReportBlock,
    SendCoins,
    StakeCoins,
    StartSession,
    StopSession,
    TakeBack,
    TakeGifts,
    UndoJudgement,
    UnstakeCoins,
    UnwatchSession,
    WatchSession,
    WriteOn,
)
from popd.node.judging import Judging
from popd.node.keeping import Keeping
from popd.node.messages.devices import OwnBox
from popd.node.minting import Minting
from popd.node.own_effects import SayOwnBox
from popd.node.pen import Pen
from popd.node.performing import Performing
from popd.node.receiving import Receiving
from popd.node.restoring import Restoring
from popd.node.room_commands import (
    ChoosePart,
    JoinRoom,
    LeaveRoom,
    OpenRoom,
    SetReady,
    StartRoom,
)
from popd.node.rooming import Rooming
from popd.node.spectating import Spectating


@dataclass(slots=True)
class Commanding:
    """The parts of a node that its user commands."""

    pen: Pen
    """Writes."""
    performing: Performing
    """Plays."""
    spectating: Spectating
    """Watches others play."""
    judging: Judging
    """Gives the user's word."""
    minting: Minting
    """Appeals."""
    receiving: Receiving
    """Gives and takes coins."""
    disputing: Disputing
    """Stakes, reports, parts from people and makes up."""
    keeping: Keeping
    """Keeps what the user pinned."""
    rooming: Rooming
    """Plays together."""
    concerting: Concerting
    """Gathers concerts, and tells opinions of others'."""
    restoring: Restoring
    """Waits for the own chain."""

    def follow(self, command: Command) -> None:
        """The user wants something."""
        match command:
            case KeysPlayed():
                self.performing.play(command.keys)
            case StartSession():
                self.performing.start(command)
            case StopSession():
                self.performing.stop()
            case WatchSession():
                self.spectating.watch(command.session)
            case UnwatchSession():
                self.spectating.unwatch(command.session)
            case Attend():
                self.judging.attend(is_attentive=command.is_attentive)
            case JudgeByHand():
                self.judging.choose(command.block, command.choice)
            case UndoJudgement():
                self.judging.undo(command.block)
            case AppealBlock():
                self.minting.appeal(command.block)
            case SendCoins():
                self.receiving.send(command)
            case ReceiveCoins():
                self.receiving.receive(command.sources)
            case TakeGifts():
                self.receiving.take_gifts(is_on=command.is_on)
            case DeclineCoins():
                self.receiving.decline(command)
            case ReconcileFork():
                self.receiving.reconcile(is_command=True)
            case TakeBack():
                self.pen.take_back()
            case WriteOn():
                self.restoring.finish()
            case PinsChanged():
                self.keeping.pin(command.pinned)
            case StakeCoins() | UnstakeCoins() | ReportBlock() | DivergeFrom() | ReconcileWith():
                self.disputing.follow(command)
            case OpenRoom() | JoinRoom() | LeaveRoom() | ChoosePart() | SetReady() | StartRoom():
                self.rooming.command(command)
            case OpenConcert() | SetConcertPhase() | FinishConcert() | HideComment():
                self.concerting.command(command)
            case GiveOpinion() | Applaud():
                self.concerting.command(command)
            case SayOwnBox():
                self.restoring.context.send(command.peer, OwnBox(command.data))
            case _:
                assert_never(command)
