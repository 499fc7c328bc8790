"""The published vectors are what the rules make, and a reader of the files alone can use them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from consensus.encoding import decode, digest
from consensus.ledger import Applied, Ledger
from consensus.parameters import NETWORKS
from consensus.rejections import RejectionError
from consensus.statement import read_statement
from simulations import vectors

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MAX_BYTES = 400_000


@pytest.mark.parametrize(
    "name", ["ledger_arrivals", "ledger_court", "ledger_festival", "ledger_village"]
)
def test_a_ledger_comes_to_what_its_steps_say(name: str) -> None:
    story = json.loads((HERE / f"{name}.json").read_text())
    params = NETWORKS[story["network"]]
    ledger = Ledger(params)
    for step in story["steps"]:
        wire = bytes.fromhex(step["entry"])
        if "outcomes" not in step:
            before = ledger.digest()
            with pytest.raises(RejectionError) as caught:
                read_statement(wire, params.name)
            assert (step["valid"], step["reason"]) == (False, caught.value.reason)
            assert ledger.digest() == before
            continue
        assert digest(wire[64:]) == read_statement(wire, params.name).id
        changes = ledger.add(read_statement(wire, params.name))
        found = {
            change.statement.id.hex(): ("applied", None)
            if isinstance(change, Applied)
            else ("rejected", change.reason.value)
            for change in changes
        }
        told = {
            outcome["id"]: (outcome["outcome"], outcome.get("reason"))
            for outcome in step["outcomes"]
            if outcome["outcome"] != "waiting"
        }
        assert found == told
    checks = story["checks"]
    assert ledger.digest().hex() == checks["digest"]
    assert {head.hex() for tips in ledger.tips.values() for head in tips} == {
        head["head"] for head in checks["heads"]
    }
    assert sum(h.amount_ujam for h in ledger.holdings()) == sum(
        h["amount_ujam"] for h in checks["holdings"]
    )


def test_the_encoding_vectors_hold_for_a_reader_of_the_file() -> None:
    story = json.loads((HERE / "encoding.json").read_text())
    for case in story["values"]:
        assert vectors.as_json(decode(bytes.fromhex(case["hex"]), 10_000)) == case["value"]
    for case in story["invalid"]:
        with pytest.raises(RejectionError) as caught:
            decode(bytes.fromhex(case["hex"]), 1_000)
        assert caught.value.reason == case["reason"]


def test_the_vectors_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in HERE.glob("*.json")) < MAX_BYTES


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_files_are_what_the_rules_make_under_any_hash_seed(seed: str, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "simulations.vectors", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        check=True,
    )
    made = {path.name: path.read_text() for path in tmp_path.glob("*.json")}
    assert set(made) == {f"{name}.json" for name in vectors.vectors()}
    for name, content in made.items():
        message = f"{name} differs; `python -m simulations.vectors tests/vectors` fills it again"
        assert content == (HERE / name).read_text(), message
