"""Plays that are kept: saved, listed, watched, exported, brought back."""

from collections.abc import Sequence

import trio
from starlette.responses import Response

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from consensus.identifiers import ChartId, ContentId
from consensus.rejections import RejectionError
from game.play.recording import (
    Recording,
    Riff,
    check_recording,
    judge_recording,
    recording_from_bytes,
)
from game.shelf import KeptPlay, Shelf, best_plays
from popd.api.answers import ApiError, bad_request, identifier, not_found
from popd.api.desk import Desk
from popd.api.play_shapes import (
    CalibrationShape,
    PlayBody,
    Plays,
    PlaySummary,
    PlayView,
    Removed,
)
from popd.api.routing import Call

FILE_TYPE = "application/octet-stream"
FILE_SUFFIX = ".popr"
CHOOSE_A_PLAY = "Choose one of /api/v1/plays."


async def read_plays(desk: Desk, call: Call) -> Plays:
    """All plays that are kept, the newest first."""
    plays = await desk.library.on_shelf(_plays)
    best = {play.id for play in best_plays(plays).values()}
    return Plays([_summary(play, is_best=play.id in best) for play in plays])


async def read_play(desk: Desk, call: Call) -> PlayView:
    """One play, to be watched or raced against."""
    recording = await _recording(desk, call)
    listed = await read_plays(desk, call)
    about = next((play for play in listed.plays if play.id == call.path["id"]), None)
    if about is None:
        raise not_found("That play is not kept here.", CHOOSE_A_PLAY)
    return PlayView(about, _body(recording))


async def export_play(desk: Desk, call: Call) -> Response:
    """One play as a file, with its chart in it: anybody's popd can show it."""
    recording = await _recording(desk, call)
    name = f"{recording.id.hex()[:12]}{FILE_SUFFIX}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(recording.to_bytes(), media_type=FILE_TYPE, headers=headers)


async def save_play(desk: Desk, call: Call) -> PlaySummary:
    """Keep a play; the daemon judges it anew. The same play again changes nothing."""
    body: PlayBody = call.body
    chart = await desk.library.chart(ChartId(ContentId(bytes.fromhex(body.chart))))
    if chart is None:
        raise not_found("The chart of that play is not here.", "Import its song first.")
    return await _keep(desk, recording_of(body, chart, desk.window_us), is_own=True)


async def import_play(desk: Desk, call: Call) -> PlaySummary:
    """Keep a play that was exported, here or elsewhere."""
    try:
        recording = await trio.to_thread.run_sync(recording_from_bytes, call.body)
    except RejectionError as error:
        raise bad_request(
            f"That file is no play that was saved here or elsewhere ({error.message}).",
            f"Choose a {FILE_SUFFIX} file; save it once more where it came from.",
        ) from None
    return await _keep(desk, recording, is_own=False)


async def remove_play(desk: Desk, call: Call) -> Removed:
    """Forget a play."""
    play = identifier(call.path["id"], "a play's id")
    if not await desk.library.on_shelf(lambda shelf: shelf.remove_play(play)):
        raise not_found("That play is not kept here.", CHOOSE_A_PLAY)
    desk.plays_kept += 1
    return Removed(removed=True)


def recording_of(body: PlayBody, chart: Chart, window_us: int) -> Recording:
    """The recording that a page hands in; raises ApiError when it can't be what it says."""
    recording = Recording(
        chart=chart,
        is_live=body.mode == "live",
        rate_ppm=body.rate_ppm,
        from_us=body.from_us,
        window_us=window_us if body.mode == "live" else 0,
        played_us=body.played_us,
        made_ms=body.made_ms,
        calibration=body.calibration.as_rule(),
        events=tuple(KeyEvent(at, lane, bool(press)) for at, lane, press in body.events),
        riffs=tuple(Riff(at_us, tuple(lanes)) for at_us, lanes in body.riffs),
    )
    try:
        check_recording(recording)
    except RejectionError as error:
        raise bad_request(f"That play can't be kept: {error.message}.") from None
    return recording


async def _keep(desk: Desk, recording: Recording, *, is_own: bool) -> PlaySummary:
    judgement = await trio.to_thread.run_sync(judge_recording, recording)
    play = KeptPlay(
        id=recording.id,
        chart=recording.chart.id,
        title=recording.chart.title,
        keys=recording.chart.keys,
        is_live=recording.is_live,
        rate_ppm=recording.rate_ppm,
        from_us=recording.from_us,
        played_us=recording.played_us,
        made_ms=recording.made_ms,
        accuracy_ppm=judgement.accuracy_ppm,
        grades=judgement.grades,
        is_own=is_own,
    )
    await desk.library.on_shelf(lambda shelf: shelf.keep_play(play, recording.to_bytes()))
    desk.plays_kept += 1
    best = best_plays(await desk.library.on_shelf(_plays))
    return _summary(play, is_best=best.get(play.chart) == play)


async def best_runs(desk: Desk) -> dict[str, str]:
    """The own best play of each chart, as the user's notes have it: accuracy, notes, when."""
    best = best_plays(await desk.library.on_shelf(_plays))
    return {
        chart.hex(): f"{play.accuracy_ppm} {sum(play.grades)} {play.made_ms}"
        for chart, play in best.items()
    }


def _plays(shelf: Shelf) -> Sequence[KeptPlay]:
    return shelf.plays()


async def _recording(desk: Desk, call: Call) -> Recording:
    play = identifier(call.path["id"], "a play's id")
    data = await desk.library.on_shelf(lambda shelf: shelf.recording(play))
    if data is None:
        raise not_found("That play is not kept here.", CHOOSE_A_PLAY)
    try:
        return recording_from_bytes(data)
    except RejectionError as error:
        raise ApiError(
            409, "unreadable", f"That play can't be read: {error.message}.", "Remove it."
        ) from None


def _summary(play: KeptPlay, *, is_best: bool) -> PlaySummary:
    return PlaySummary(
        id=play.id.hex(),
        chart=play.chart.hex(),
        title=play.title,
        keys=play.keys,
        mode="live" if play.is_live else "practice",
        rate_ppm=play.rate_ppm,
        from_us=play.from_us,
        played_us=play.played_us,
        made_ms=play.made_ms,
        accuracy_ppm=play.accuracy_ppm,
        grades=list(play.grades),
        is_own=play.is_own,
        is_best=is_best,
    )


def _body(recording: Recording) -> PlayBody:
    return PlayBody(
        chart=recording.chart.id.hex(),
        mode="live" if recording.is_live else "practice",
        made_ms=recording.made_ms,
        played_us=recording.played_us,
        events=[(event.time_us, event.lane, int(event.is_press)) for event in recording.events],
        riffs=[(riff.at_us, list(riff.lanes)) for riff in recording.riffs],
        rate_ppm=recording.rate_ppm,
        from_us=recording.from_us,
        calibration=CalibrationShape(*recording.calibration),
    )
