"""Reading and writing sheets: what a node wants done with documents, and what comes back."""

from dataclasses import dataclass

from consensus.identifiers import NodeKey
from popd.node.messages.rooms import RoomId, RoomSheet
from popd.node.sheets import Sheet


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """Read a sheet that came; comes back as `SheetRead` or `SheetRefused`."""

    peer: NodeKey
    """Who delivered it."""
    message: RoomSheet
    """The sheet, its signature checked."""


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet that came was read."""

    peer: NodeKey
    """Who delivered it."""
    message: RoomSheet
    """As it came."""
    sheet: Sheet
    """What it says."""


@dataclass(frozen=True, slots=True)
class SheetRefused:
    """What came is no sheet."""

    peer: NodeKey
    """Who delivered it."""
    message: RoomSheet
    """As it came."""
    why: str
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class EditSheet:
    """Write the own sheet anew; comes back as `SheetEdited`."""

    room: RoomId
    """Which room."""
    document: bytes
    """What the sheet was; empty where it was not."""
    sheet: Sheet
    """What it is to say."""
    writer: int
    """Whom the document names as having written it; below 2**53, a new one for each joining."""


@dataclass(frozen=True, slots=True)
class SheetEdited:
    """The own sheet was written."""

    room: RoomId
    """Which room."""
    document: bytes
    """The document."""
    sheet: Sheet
    """What it says."""


SheetEffect = ReadSheet | EditSheet
SheetEvent = SheetRead | SheetRefused | SheetEdited
