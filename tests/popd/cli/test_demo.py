"""The whole path on real processes, and what is left of it when one of them is killed."""

import base64
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

import pytest

from game.charts.songs import SONGS
from popd.cli.demo import problems
from popd.cli.town import PLAY_S, Town, TownError

pytestmark = [pytest.mark.network, pytest.mark.slow]

POPCTL: Final = str(Path(sys.executable).with_name("popctl"))
DATA: Final = Path(os.environ.get("POPD_DATA", Path(__file__).parents[4] / "shared" / "data"))
MANIA: Final = DATA / "replays_mania"
PLAYS: Final = (
    "mrm_Raijin/3c14d603_20180923.osr",
    "MAGiCVLGiRL_ZVPH/0a27e235_20200424.osr",
)
SONG_CUT_US: Final = 19_000_000


def demo(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [POPCTL, "demo", "--json", *arguments], capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def test_six_nodes_play_witness_mint_give_and_agree() -> None:
    report = demo("--nodes", "6")
    assert problems(report) == []
    assert (report["nodes"], report["network"], report["attestations"]) == (6, "practice", 5)
    assert set(report["ledger_digest"]) == set(report["values"])
    assert all(value["why"] for value in report["values"].values())
    assert report["transfer"]["amount_ujam"] == report["shares"]["node-0"] // 2


@pytest.mark.data
@pytest.mark.skipif(not MANIA.is_dir(), reason="the recorded plays are not here")
@pytest.mark.parametrize("play", PLAYS)
def test_a_recorded_human_play_mints_as_well(play: str) -> None:
    replay = MANIA / play
    chart = next(replay.parent.glob("*.osu"))
    report = demo("--nodes", "5", "--replay", str(replay), "--chart", str(chart))
    assert problems(report) == []


def killed_while_playing(path: Path, victim: int) -> tuple[dict[str, str], set[str]]:
    """Digests after a node was killed ten seconds into the play, and the windows' states."""
    states: set[str] = set()
    with Town(path, 6) as town:
        town.wait_connected()
        chart = SONGS["first_light"].chart(4).cut(0, SONG_CUT_US)
        body = {
            "chart": base64.b64encode(chart.to_bytes()).decode(),
            "bot": "human_like",
            "seed": 3,
        }

        def play() -> None:
            try:
                answer = town.post(0, "/autoplay", body, PLAY_S)
            except TownError:
                return
            states.update(window["state"] for window in answer["windows"])

        player = threading.Thread(target=play)
        player.start()
        threading.Event().wait(10)
        town.kill(victim)
        threading.Event().wait(2)
        town.restart(victim)
        player.join(120)
        town.wait_connected()
        return town.wait_agreed(), states


def test_a_witness_killed_in_the_middle_catches_up_and_the_others_still_mint(
    tmp_path: Path,
) -> None:
    digests, states = killed_while_playing(tmp_path, 3)
    assert (len(digests), len(set(digests.values())), states) == (6, 1, {"minted"})


def test_a_performer_killed_in_the_middle_catches_up_with_everybody(tmp_path: Path) -> None:
    digests, states = killed_while_playing(tmp_path, 0)
    assert (len(digests), len(set(digests.values())), states) == (6, 1, set())


def test_a_chart_without_its_replay_is_a_usage_error() -> None:
    done = subprocess.run([POPCTL, "demo", "--chart", __file__], capture_output=True, text=True)
    assert (done.returncode, "belong together" in done.stderr) == (2, True)


def test_a_replay_that_is_none_is_rejected_with_its_name(tmp_path: Path) -> None:
    broken = tmp_path / "broken.osu"
    broken.write_text("not a chart")
    command = [POPCTL, "demo", "--replay", str(broken), "--chart", str(broken)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, str(broken) in done.stderr) == (6, True)
