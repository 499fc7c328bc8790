"""`popctl nearby`: what it says, what it draws, and a real performance watched and judged."""

import json
import math
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import trio
from click.testing import CliRunner, Result

from popd.cli.lanes import PAST_ROWS, STEP_US, Press, look, picture
from popd.cli.nearby import nearby
from popd.cli.nearby_seen import Seen
from popd.cli.nearby_watch import shown, told_lines
from popd.cli.nearby_words import clean, state_words
from popd.cli.town import Town
from popd.config import Home

POPCTL: Final = str(Path(sys.executable).with_name("popctl"))
HOME: Final = Home(Path("/nowhere"))
ROWS: Final = 12
LINE: Final = ROWS - 1 - PAST_ROWS
METRICS: Final = {
    "events": 48, "accuracy_ppm": 934_000, "diversity_ppm": 641_000, "harmony_ppm": 912_000,
    "riffs": [1, 2],
}  # fmt: skip
PERFORMANCE: Final = {
    "session": "5e" * 32, "performer": {"id": "a" * 64, "name": "Ada\x1b[2J"}, "chart": "c" * 64,
    "song": "First Light", "keys": 4, "start_us": 1_000_000, "windows": 3,
    "window_us": 20_000_000, "input_us": 0, "openings": 4, "is_candidate": True,
    "is_heard": True,
    "nearness": {"counts_as": "near", "round_trip_us": 800, "uncertainty_us": 300,
                 "words": "says it is near; round trip 0.8 ± 0.3 ms"},
}  # fmt: skip
DUTY: Final = {
    "block": "b1" * 32, "session": "5e" * 32, "window": 1, "performer": PERFORMANCE["performer"],
    "song": "First Light", "state": "asking", "drawn_ms": 1, "until_ms": 60_000, "choice": "",
    "suggestion": "accept", "anomaly_ppm": 121_000, "metrics": METRICS, "has_seen_frames": True,
    "custody": "c0ffee", "model": "0a1b", "reasons": ["played like a person"], "noticed": [],
    "needs_look": True, "look": "Chance chose it.", "attestation": "", "why": "",
}  # fmt: skip
WORD: Final = {
    "block": "b2" * 32, "attestation": "a7" * 32, "performer": None, "song": "", "window": 0,
    "time_ms": 1_700_000_000_000, "decision": "reject", "by_hand": False, "anomaly_ppm": 912_000,
    "metrics": METRICS, "reasons": ["not believed to be played by a person"],
}  # fmt: skip
UNMINTED: Final = {
    "block": "d1" * 32, "session": "5e" * 32, "window": 2, "song": "First Light",
    "played_ms": 1_700_000_000_000, "why": "Too few riffs were answered.", "is_over": True,
    "next": "Answer the riffs.", "can_appeal": True,
}  # fmt: skip


class FakeNode:
    """A node near which Ada performs, and whose user was drawn for one block of hers."""

    def __init__(self, *duties: dict[str, Any]) -> None:
        self.home = Home(Path("/nowhere"))
        self.posts: list[tuple[str, Any]] = []
        self.duties = list(duties)
        self.performances = [PERFORMANCE]
        self.meanwhile: dict[str, Any] = {}
        self.interrupted: list[str] = []
        self.is_in_reach = True

    def __enter__(self) -> "FakeNode":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str) -> Any:
        if path == "/unminted":
            return {"blocks": [UNMINTED]}
        return {
            "performances": self.performances, "duties": self.duties, "attested": [WORD],
            "attended": False, "now_us": 22_000_000,
        }  # fmt: skip

    def post(self, path: str, body: Any = None) -> Any:
        self.posts.append((path, body))
        if path in self.interrupted:
            self.interrupted.remove(path)
            raise KeyboardInterrupt
        if path == "/nearby/appeal" and not self.is_in_reach:
            return {"asked": 0, "why": "None is connected.", "next": "Ask again later."}
        if path == "/nearby/appeal":
            return {"asked": 3, "why": "3 are asked to look.", "next": "Wait for their word."}
        if path == "/nearby/judge":
            decided = DUTY | {"state": "decided", "choice": body["choice"]}
            self.duties = [decided | {"state": "signed"} | self.meanwhile]
            return decided
        if path == "/nearby/undo":
            self.duties = [DUTY]
            return DUTY
        return {"entry": "e" * 64}


Run = Callable[..., Result]


@pytest.fixture
def node() -> FakeNode:
    return FakeNode(DUTY)


@pytest.fixture
def run(node: FakeNode, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("popd.cli.nearby.client_of", lambda *_: node)
    return lambda *arguments, **more: CliRunner().invoke(nearby, list(arguments), **more)


def test_the_list_tells_who_plays_and_what_waits_without_moving_the_cursor(run: Run) -> None:
    lines = run("list").output.splitlines()
    assert lines[:3] == [
        "Ada [2J plays First Light on 4 keys: window 2 of 3",
        "  4 witnesses ready, you may be drawn; their node says it is near; "
        "round trip 0.8 ± 0.3 ms",
        f"  session {'5e' * 6}",
    ]
    assert lines[3:6] == [
        f"Drawn: block {'b1' * 6}, window 2 of First Light by Ada [2J",
        "  A person is asked to look. Chance chose it.",
        "  Your node would accept it: played like a person.",
    ]
    assert json.loads(run("list", "--json").output)["duties"] == [DUTY]


def test_without_anybody_it_says_how_to_be_asked(run: Run, node: FakeNode) -> None:
    node.performances, node.duties = [], []
    said = run("list").output
    assert "Nobody performs nearby right now." in said
    assert "nearby watch --judge" in said


@pytest.mark.parametrize(
    ("name", "choice"), [("accept", "accept"), ("reject", "reject"), ("pass", "cannot_judge")]
)
def test_a_word_is_given_to_the_one_block_that_begins_so(
    run: Run, node: FakeNode, name: str, choice: str
) -> None:
    done = run(name, "B1B1B1")
    assert done.exit_code == 0, done.output
    assert node.posts == [("/nearby/judge", {"block": DUTY["block"], "choice": choice})]
    assert done.output.splitlines()[-1].startswith("Signed: you")


def test_an_interrupt_takes_the_word_back(
    run: Run, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("popd.cli.nearby._settled", interrupt)
    done = run("accept", "b1b1b1")
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        0, "Taken back. Your node waits for your word again.",
    )  # fmt: skip
    assert [path for path, _ in node.posts] == ["/nearby/judge", "/nearby/undo"]


def test_an_interrupt_while_the_word_is_on_its_way_takes_it_back_too(
    run: Run, node: FakeNode
) -> None:
    node.interrupted = ["/nearby/judge"]
    assert run("accept", "b1b1b1").exit_code == 0
    assert [path for path, _ in node.posts] == ["/nearby/judge", "/nearby/undo"]


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        ({"choice": "accept"}, "Another word was given of it meanwhile. Signed: you accepted it."),
        ({"choice": "", "state": "asking", "until_ms": 0},
         "Another word was given of it meanwhile. It says so by itself in 0 s."),
        ({"state": "lost", "why": "Its evidence is gone."}, "Its evidence is gone."),
    ],
)  # fmt: skip
def test_a_word_that_did_not_become_signed_is_told_as_that(
    run: Run, node: FakeNode, meanwhile: dict[str, Any], said: str
) -> None:
    node.meanwhile = meanwhile
    done = run("reject", "b1b1b1")
    assert (done.exit_code, done.stderr) == (6, f"{said}\n")


def test_an_appeal_that_reached_nobody_is_no_success(run: Run, node: FakeNode) -> None:
    node.is_in_reach = False
    done = run("appeal", "d1d1d1")
    assert (done.exit_code, done.stderr) == (6, "None is connected. Ask again later.\n")
    assert run("appeal", "d1d1d1", "--json").exit_code == 6


@pytest.mark.parametrize(
    ("arguments", "key", "value"),
    [
        (("accept", "b1b1b1"), "choice", "accept"),
        (("reject", "b1b1b1"), "choice", "reject"),
        (("pass", "b1b1b1"), "choice", "cannot_judge"),
        (("undo", "b1b1b1"), "block", DUTY["block"]),
        (("appeal", "d1d1d1"), "asked", 3),
        (("report", "b1b1b1", "--reason", "copied"), "entry", "e" * 64),
    ],
)
def test_every_word_can_be_given_by_a_program(
    run: Run, arguments: tuple[str, ...], key: str, value: Any
) -> None:
    done = run(*arguments, "--json")
    assert (done.exit_code, json.loads(done.output)[key]) == (0, value)


def test_a_long_word_is_told_back_in_part(run: Run) -> None:
    told = run("accept", "x" * 100_000).stderr
    assert "x" * 40 + "…" in told
    assert len(told) < 400


@pytest.mark.parametrize("digits", ["", "b1b1b", "b1b1bx", "../../", "b1b1b1 "])
def test_too_few_digits_or_none_at_all_name_no_block(run: Run, node: FakeNode, digits: str) -> None:
    assert run("accept", digits).exit_code == 2
    assert node.posts == []


def test_a_block_that_is_not_there_or_not_the_only_one_is_told(run: Run, node: FakeNode) -> None:
    assert run("undo", "c1c1c1").exit_code == 5
    node.duties.append(DUTY | {"block": "b1" * 31 + "b2"})
    told = run("accept", "b1b1b1")
    assert (told.exit_code, told.output) == (
        5, "2 blocks begin with 'b1b1b1'. Give more digits.\n",
    )  # fmt: skip
    assert run("accept", "b1" * 32).exit_code == 0


def test_a_report_shows_what_others_will_see_and_asks(run: Run, node: FakeNode) -> None:
    asked = run("report", "b1b1b1", "--reason", "copied", input="n\n")
    assert "you reported a play of Ada [2J: it is a copy of an earlier play." in asked.output
    assert node.posts == []
    assert run("report", "b1b1b1", "--reason", "copied", "--yes").exit_code == 0
    assert node.posts == [("/report", {"block": DUTY["block"], "reason": "copied"})]
    assert run("report", "b1b1b1", "--reason", "ugly", "--yes").exit_code == 2


def test_why_and_log_and_appeal_tell_sentences(run: Run, node: FakeNode) -> None:
    said = run("why", "d1d1d1").output
    assert "Too few riffs were answered. Answer the riffs." in said
    assert "popctl nearby appeal d1d1d1d1d1d1" in said
    assert json.loads(run("why", "--json").output) == {"blocks": [UNMINTED]}
    assert "Your node by itself rejected window 1 of a song that is not here by somebody" in (
        run("log").output
    )
    assert json.loads(run("log", "--json").output) == {"attested": [WORD]}
    assert run("appeal", "d1d1d1").output == "3 are asked to look. Wait for their word.\n"
    assert node.posts == [("/nearby/appeal", {"block": UNMINTED["block"]})]


@pytest.mark.parametrize("who", ["bela", "5f"])
def test_whom_nobody_is_called_is_told_with_who_is_on(run: Run, who: str) -> None:
    told = run("watch", who)
    assert told.exit_code == 5
    assert "On are 'Ada [2J'." in told.output


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "fetching"}, "What was played is on its way here; usually 1 s."),
        ({"state": "judging", "choice": "accept"}, "You said accept; it is signed once"),
        ({"state": "asking"}, "It says so by itself in 59 s."),
        ({"state": "asking", "until_ms": 568_000}, "It says so by itself in 9 min."),
        ({"state": "decided", "choice": "cannot_judge"}, "You can't judge it; your node stays"),
        ({"state": "signed"}, "Signed: your node accepted it by itself."),
        ({"state": "signed", "choice": "reject"}, "Signed: you rejected it."),
        ({"state": "passed"}, "No word was given."),
        ({"state": "lost", "why": "Its evidence\nis not here."}, "Its evidence is not here."),
    ],
)
def test_every_state_of_a_duty_has_a_sentence(fields: dict[str, Any], said: str) -> None:
    assert state_words(DUTY | fields, 1_000).startswith(said)


def test_nothing_that_others_wrote_moves_the_cursor() -> None:
    assert clean("a\x1b[31m\r\n\x07b\u202e") == "a [31m   b "


def shapes(rows: list[list[Any]]) -> list[str]:
    return ["".join(cell.text.strip() or " " for cell in row) for row in rows]


def test_notes_come_down_presses_stay_and_riffs_push_notes_aside() -> None:
    now_us = 10 * STEP_US
    notes = [(now_us + 3 * STEP_US, 0, 0), (now_us + 3 * STEP_US, 1, 0), (0, 2, 0)]
    presses = [
        Press(2, now_us - 2 * STEP_US, now_us - STEP_US),
        Press(3, now_us - STEP_US, math.inf),
    ]
    drawn = picture(4, notes, [], presses, now_us, ROWS)
    assert (len(drawn), {len(row) for row in drawn}) == (ROWS, {4})
    open_shapes = [look(lane, 4)[0] for lane in range(4)]
    pressed = [look(lane, 4)[1] for lane in range(4)]
    assert shapes(drawn)[LINE - 3] == f"{open_shapes[0]}{open_shapes[1]}··"
    assert shapes(drawn)[LINE].endswith(pressed[3])
    assert shapes(drawn)[LINE + 1] == f"···{pressed[3]}"
    assert shapes(drawn)[LINE + 2] == f"··{pressed[2]}·"
    riff = [(now_us + (3 + number) * STEP_US, 3) for number in range(4)]
    with_riff = shapes(picture(4, notes, [riff], (), now_us, ROWS))
    assert [with_riff[LINE - 3 - number] for number in range(4)] == [
        f"···({number})" for number in range(1, 5)
    ]


@pytest.mark.parametrize("keys", range(1, 19))
def test_every_number_of_lanes_can_be_drawn_and_strange_lanes_are_left_out(keys: int) -> None:
    notes = [(STEP_US, lane, 2 * STEP_US) for lane in range(-1, 20)]
    drawn = picture(keys, notes, [[(0, 99)] * 4], [Press(40, 0, math.inf)], 0.0, ROWS)
    assert {len(row) for row in drawn} == {keys}


def test_what_was_seen_is_bounded_and_ends_when_nothing_is_to_be_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = Seen(PERFORMANCE)
    for number in range(2_000):
        us = number * 20_000
        keys = [[us, number % 4, 1], [us + 9_000, number % 4, 0], [us, 17, 1]]
        frame = {"type": "frame", "session": PERFORMANCE["session"], "keys": keys, "riffs": [],
                 "start_us": 0, "received_us": us}  # fmt: skip
        seen.take(frame)
    assert len(seen.presses) <= 250
    assert all(press.up_us == press.down_us + 9_000 for press in seen.presses)
    seen.take({"type": "nearby", "performances": [], "duties": [DUTY]})
    assert seen.pressing() == DUTY
    now_s = seen.over_s
    assert now_s is not None
    monkeypatch.setattr("time.monotonic", lambda: now_s + 60)
    assert not seen.is_done()
    seen.take({"type": "duty", "duty": DUTY | {"state": "signed"}})
    assert seen.is_done()


def test_the_picture_of_a_moment_fits_every_state() -> None:
    seen = Seen(PERFORMANCE)
    assert "on its way here" in str(shown(seen, ROWS, is_judging=False).renderables[1])
    seen.chart = {"keys": 4, "notes": [[0, 0, 0]]}
    seen.take({"type": "duty", "duty": DUTY})
    seen.take({"type": "read", "session": PERFORMANCE["session"], "metrics": METRICS,
               "impression": "played like a person", "anomaly_ppm": 121_000})  # fmt: skip
    words = [str(part) for part in shown(seen, ROWS, is_judging=True).renderables]
    assert "played like a person (odd 12 %), accuracy 93 %, riffs 1 of 2, 48 notes" in words
    assert words[-1] == "a accept, r reject, c cannot judge, z undo"


NEXT: Final = PERFORMANCE | {"session": "5f" * 32, "performer": {"id": "b" * 64, "name": "Ben"}}
WAITS: Final = "Nobody performs now; waiting. You will be asked when you are drawn."


def test_who_judges_waits_for_somebody_and_goes_on_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = Seen(None, is_staying=True)
    assert str(shown(seen, ROWS, is_judging=True).renderables[0]).startswith(WAITS)
    seen.take({"type": "nearby", "performances": [PERFORMANCE], "duties": [DUTY]})
    seen.take({"type": "duty", "duty": DUTY | {"state": "signed"}})
    seen.take({"type": "nearby", "performances": [], "duties": []})
    now_s = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now_s + 60)
    assert told_lines(seen, HOME)[0].startswith(WAITS)
    seen.take({"type": "nearby", "performances": [NEXT], "duties": []})
    assert (seen.performance, seen.is_done()) == (NEXT, False)
    assert told_lines(seen, HOME)[0] == "Ben plays First Light on 4 keys"
    elsewhere = DUTY | {"block": "b7" * 32, "session": "77" * 32}
    seen.take({"type": "nearby", "performances": [NEXT], "duties": [elsewhere]})
    assert seen.pressing() == elsewhere


def test_where_no_picture_can_be_drawn_it_is_said_what_can_be_typed() -> None:
    seen = Seen(PERFORMANCE)
    seen.take({"type": "duty", "duty": DUTY})
    until = time.strftime("%H:%M:%S", time.localtime(60))
    digits = "b1" * 6
    assert told_lines(seen, HOME)[-1] == (
        f"{digits} asking until {until}; your node would accept it: "
        f"popctl nearby accept {digits} --home /nowhere (or reject, or pass)"
    )


@pytest.mark.parametrize(
    ("who", "performances", "chosen"),
    [
        ("", [], None),
        ("ada", [], None),
        ("", [PERFORMANCE, NEXT], PERFORMANCE),
        ("ben", [PERFORMANCE, NEXT], NEXT),
    ],
)
def test_to_judge_nobody_has_to_perform_yet(
    run: Run, node: FakeNode, monkeypatch: pytest.MonkeyPatch, who: str, performances: Any,
    chosen: Any,
) -> None:  # fmt: skip
    watched: list[Any] = []
    monkeypatch.setattr(
        "popd.cli.nearby_watch.watch_performance",
        lambda _, one, **more: watched.append((one, more)),
    )
    node.performances = performances
    assert run("watch", who, "--judge").exit_code == 0
    assert watched == [(chosen, {"is_judging": True, "as_json": False})]
    if not performances:
        assert run("watch", who).exit_code == 5


@pytest.mark.network
def test_a_real_performance_is_watched_and_its_block_judged_by_hand(tmp_path: Path) -> None:
    with Town(tmp_path, 3) as town:
        town.wait_connected()
        body = {"song": "first_light", "keys": 4, "windows": 1}
        place = ("--home", str(town.plans[1].home.path))
        heard = trio.run(play_and_watch, town, body, place)
    kinds = [message["type"] for message in heard]
    assert {"nearby", "frame", "read", "duty"} <= set(kinds)
    states = [message["duty"]["state"] for message in heard if message["type"] == "duty"]
    assert states[-1] == "signed"


def heed_ctrl_c() -> None:
    """A process in the background is started deaf to Ctrl-C; this one is to hear it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def play_and_watch(town: Town, body: Any, place: tuple[str, ...]) -> list[dict[str, Any]]:
    """Node 1's user watches with --judge --json from before node 0 performs until Ctrl-C."""
    heard: list[dict[str, Any]] = []
    command = [POPCTL, "nearby", "watch", "--judge", "--json", *place]
    async with trio.open_nursery() as nursery:
        watching = await trio.lowlevel.open_process(
            command, stdout=subprocess.PIPE, preexec_fn=heed_ctrl_c
        )
        nursery.start_soon(trio.to_thread.run_sync, town.post, 0, "/autoplay", body, 120.0)
        assert watching.stdout is not None
        said = b""
        with trio.fail_after(150):
            async for part in watching.stdout:
                *lines, said = (said + part).split(b"\n")
                heard += map(json.loads, lines)
                if any(one["type"] == "duty" and one["duty"]["state"] == "signed" for one in heard):
                    break
            watching.send_signal(signal.SIGINT)
            assert await watching.wait() == 0
    return heard


def test_popctl_without_a_node_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [POPCTL, "nearby", "list", "--home", str(tmp_path)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr[:18]) == (3, "No node runs in " + str(tmp_path)[:2])
