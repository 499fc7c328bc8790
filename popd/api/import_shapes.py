"""Imports as JSON."""

from typing import Annotated

import msgspec
from msgspec import Meta

from popd.api.shapes import Hex


class Wanted(msgspec.Struct, frozen=True):
    """A song that names music which didn't come with it."""

    song: str
    """Its name in addresses."""
    file: str
    """What its music is called."""


class ImportState(msgspec.Struct, frozen=True):
    """How far an import is."""

    id: str
    file: str
    state: str
    """waiting, working, done, failed or cancelled"""
    stage: str
    """What is being done, in a few words."""
    share: float
    """How much of the stage is done, 0 to 1."""
    songs: list[str]
    """Names of the songs that are on the shelf now."""
    wanted: list[Wanted]
    """Music to be dropped as well."""
    problems: list[str]
    """What could not be read of it, a line each."""
    why: str
    """Where it failed."""
    next_step: str = msgspec.field(name="next")


class MusicKept(msgspec.Struct, frozen=True):
    """A song has its music now."""

    song: str


class FitBody(msgspec.Struct, frozen=True):
    """Fit one of a song's charts to other lanes."""

    chart: Hex
    keys: Annotated[int, Meta(ge=4, le=10)]
