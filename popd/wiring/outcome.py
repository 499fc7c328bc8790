"""What a batch of effects comes to on disk, where of each thing the last word counts."""

from collections.abc import Sequence

from consensus.identifiers import ContentId, EntryId
from consensus.statement import Statement
from popd.node.effects import DropBlobs, Effect, Forget, KeepNote, Store, StoreBlob


def kept_in_the_end(effects: Sequence[Effect]) -> tuple[list[Statement], list[EntryId]]:
    """What these effects keep and let go of, where of each entry the last word counts."""
    last: dict[EntryId, Statement | None] = {}
    for effect in effects:
        if isinstance(effect, Store):
            last.update((statement.id, statement) for statement in effect.statements)
        elif isinstance(effect, Forget):
            last.update(dict.fromkeys(effect.ids))
    stored = [statement for statement in last.values() if statement is not None]
    return stored, [entry for entry, statement in last.items() if statement is None]


def noted_in_the_end(effects: Sequence[Effect]) -> dict[str, bytes | None]:
    """What these effects write down, where of each note the last word counts."""
    return {effect.name: effect.data for effect in effects if isinstance(effect, KeepNote)}


def dropped_in_the_end(effects: Sequence[Effect]) -> set[ContentId]:
    """The blobs that these effects let go of, and don't keep again afterwards."""
    dropped: set[ContentId] = set()
    for effect in effects:
        if isinstance(effect, DropBlobs):
            dropped.update(effect.ids)
        elif isinstance(effect, StoreBlob):
            dropped.discard(effect.id)
    return dropped
