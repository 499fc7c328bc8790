"""Imports: what was dropped on the page is opened one after the other, while nobody plays."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import trio

from consensus.units import Microseconds
from game.charts.errors import ChartImportError
from game.shelf import ShelfFullError
from popd.api.answers import ApiError
from popd.api.import_shapes import ImportState, Wanted
from popd.api.library import Library
from popd.api.listening import made_from_music
from popd.api.opening import Opened, Wishes, is_music, opened

MAX_WAITING: Final = 4
"""Each waits with all its bytes."""
MAX_REMEMBERED: Final = 64
"""Imports whose end can still be asked for."""
PATIENCE_S: Final = 0.5
"""How often it is asked whether somebody still plays."""


class CancelledError(Exception):
    """Somebody no longer wants the import."""


@dataclass(slots=True)
class ImportJob:
    """One file on its way to the shelf."""

    file: str
    """What it is called."""
    data: bytes
    """Its content; empty once it was opened."""
    wishes: Wishes
    """What is to be made of music."""
    id: str = field(default_factory=partial(secrets.token_hex, 8))
    """What it is asked for by."""
    state: str = "waiting"
    """waiting, working, done, failed or cancelled."""
    stage: str = "waiting its turn"
    """What is being done."""
    share: float = 0.0
    """How much of that is done."""
    songs: list[str] = field(default_factory=list)
    """What is on the shelf now."""
    wanted: list[Wanted] = field(default_factory=list)
    """Music that songs name and lack."""
    problems: list[str] = field(default_factory=list)
    """What could not be read."""
    why: str = ""
    """Where it failed."""
    next_step: str = ""
    """What to do then."""

    def view(self) -> ImportState:
        """How far it is."""
        return ImportState(
            self.id,
            self.file,
            self.state,
            self.stage,
            round(self.share, 3),
            list(self.songs),
            list(self.wanted),
            list(self.problems),
            self.why,
            self.next_step,
        )

    def tell(self, stage: str, share: float) -> None:
        """Takes note of progress; raises CancelledError when nobody wants it any more."""
        if self.state == "cancelled":
            raise CancelledError
        self.stage, self.share = stage, min(max(share, 0.0), 1.0)

    def fail(self, why: str, next_step: str) -> None:
        """Nothing of it came to the shelf."""
        self.state, self.why, self.next_step = "failed", why, next_step


class Imports:
    """All imports of one daemon."""

    def __init__(self) -> None:
        """None yet; `run` works on what is added."""
        self.jobs: OrderedDict[str, ImportJob] = OrderedDict()
        self._waiting, self._next = trio.open_memory_channel[ImportJob](MAX_WAITING)

    def add(self, job: ImportJob) -> None:
        """Puts a job at the end; raises ApiError when too many wait already."""
        try:
            self._waiting.send_nowait(job)
        except trio.WouldBlock:
            raise ApiError(
                429,
                "too_many",
                f"{MAX_WAITING} files wait to be opened already.",
                "Drop this one again when they are done.",
            ) from None
        self.jobs[job.id] = job
        if len(self.jobs) > MAX_REMEMBERED:
            self.jobs.popitem(last=False)

    async def run(
        self, library: Library, is_busy: Callable[[], bool], now_us: Callable[[], Microseconds]
    ) -> None:
        """Opens one file after the other until cancelled, while `is_busy` says no."""
        async for job in self._next:
            while is_busy() and job.state != "cancelled":
                job.stage = "waiting until you have played"
                await trio.sleep(PATIENCE_S)
            await _work(job, library, now_us() // 1_000)
            job.data = b""


async def _work(job: ImportJob, library: Library, now_ms: int) -> None:
    if job.state == "cancelled":
        return
    job.state = "working"
    action = made_from_music if is_music(job.file) else opened
    try:
        songs, problems = await trio.to_thread.run_sync(
            action, job.file, job.data, now_ms, job.wishes, job.tell
        )
        job.problems = list(problems)
        for song in songs:
            await _keep(job, library, song)
    except CancelledError:
        job.state = "cancelled"
    except ChartImportError as error:
        job.fail(f"{job.file}: {error}.", "Choose another file; nothing was kept of this one.")
    except ShelfFullError as error:
        job.fail("The shelf is full.", str(error))
    else:
        job.state, job.stage, job.share = "done", "", 1.0


async def _keep(job: ImportJob, library: Library, found: Opened) -> None:
    await library.on_shelf(lambda shelf: shelf.keep_song(found.song, found.charts, found.music))
    library.forget_charts()
    job.songs.append(found.song.name)
    if found.wanted:
        job.wanted.append(Wanted(found.song.name, found.wanted))
