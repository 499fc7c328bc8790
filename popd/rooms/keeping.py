"""Carries out what a node wants done with sheets."""

from typing import assert_never

from popd.node.sheet_effects import (
    EditSheet,
    ReadSheet,
    SheetEdited,
    SheetEffect,
    SheetEvent,
    SheetRead,
    SheetRefused,
)
from popd.rooms.bounds import SheetError
from popd.rooms.sheets import edited, read_sheet


def keep_sheet(effect: SheetEffect) -> SheetEvent:
    """What comes of it; takes about a millisecond, for the largest sheet a few."""
    match effect:
        case EditSheet():
            document = edited(effect.document, effect.sheet, effect.writer)
            return SheetEdited(effect.room, document, effect.sheet)
        case ReadSheet():
            try:
                sheet = read_sheet(effect.message.document)
            except SheetError as error:
                return SheetRefused(effect.peer, effect.message, f"Its sheet is none: {error}.")
            return SheetRead(effect.peer, effect.message, sheet)
        case _:
            assert_never(effect)
