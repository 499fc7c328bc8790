"""`popctl trust` on tables: a line of JSON, words for people, one clear line for a bad table."""

import json
from pathlib import Path
from typing import Any, Self

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.proximity import proximity
from popd.cli.trust import trust
from popd.cli.trust_graphs import graph_of, index_of
from popd.cli.trust_tables import FROM, TIME, TO, WEIGHT, TableError, table_from
from popd.config import Home

DAY = 86_400_000


def asked(path: Path, text: str | bytes, *words: str) -> Result:
    path = path / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    option = "--acknowledgements" if words[0] == "personhood" else "--edges"
    return CliRunner().invoke(trust, [words[0], option, str(path), *words[1:]])


def test_proximity_of_a_table_is_that_of_its_graph(tmp_path: Path) -> None:
    text = "to,weight,from,note\nb,2,a,x\nc,1,a,y\nd,1,b,z\nc,-1,b,\n"
    result = asked(tmp_path, text, "proximity", "--observer", "a", "--json")
    words = [("a", "b", 2.0), ("a", "c", 1.0), ("b", "d", 1.0), ("b", "c", -1.0)]
    graph = graph_from([Acknowledgement(*word, 0) for word in words], 0)
    assert json.loads(result.stdout) == {"proximity": pytest.approx(proximity(graph, "a"))}
    assert result.exit_code == 0


def test_weights_fade_with_time_from_the_newest_on_unless_told_when(tmp_path: Path) -> None:
    text = f"from,to,weight,time_ms\na,b,1,{30 * DAY}\na,c,1,0\n"
    found = json.loads(asked(tmp_path, text, "proximity", "--observer", "a", "--json").stdout)
    assert found["proximity"]["b"] == pytest.approx(2 * found["proximity"]["c"])
    table = table_from(text.encode(), (FROM, TO, WEIGHT), (TIME,))
    assert graph_of(table, 60 * DAY).trust == {"a": {"b": 0.5, "c": 0.25}}


def test_personhood_tells_everybody_in_the_table(tmp_path: Path) -> None:
    text = f'\ufefffrom,to,time_ms\r\n"x, y",b,0\r\n\r\na,b,{90 * DAY}\r\n'
    result = asked(tmp_path, text, "personhood", "--json")
    found = json.loads(result.stdout)
    assert found["a"] == found["x, y"] == {"n_eff": 0.0, "belief": 0.0, "stratum": 0.0}
    assert found["b"]["n_eff"] == pytest.approx(0.5 / 2 + 1 / 1.5)
    assert set(found) == {"x, y", "a", "b"}


def test_people_are_told_in_words_why_somebody_is_believed(tmp_path: Path) -> None:
    text = "from,to,time_ms\na,x,0\nb,x,0\na,c,0\nb,d,0\n"
    told = asked(tmp_path, text, "personhood", "--of", "x").stdout
    assert "x: 2 people acknowledge them; faded with time, and counted once a month" in told
    assert "2 of them know people whom the others don't." in told
    alone = asked(tmp_path, text, "personhood", "--of", "c").stdout
    assert "c: 1 person acknowledges them; " in alone
    assert " It counts as " in " ".join(alone.split())
    assert "acknowledged by nobody" in asked(tmp_path, text, "personhood", "--of", "a").stdout
    assert "belief" in asked(tmp_path, text, "personhood").stdout
    edges = "from,to,weight\na,x,1\n"
    assert "0.4" in asked(tmp_path, edges, "proximity", "--observer", "a").stdout


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty; the first line names the columns from, to, weight."),
        ("from,to\na,b\n", "line 1: no column weight; the first line names from, to, weight and"),
        ("from,to,weight,to\n", "line 1: two columns are called to; keep one."),
        ("from,to,weight\na,b,1\n\na,b\n", "line 4: 2 cells where from, to, weight need 3."),
        ("from,to,weight\na,b,nan\n", "line 2: weight 'nan' is no finite number."),
        ("from,to,weight\na,b,-inf\n", "line 2: weight '-inf' is no finite number."),
        ("from,to,weight\na,b,much\n", "line 2: weight 'much' is no finite number."),
        ('from,to,weight\n"a\nb",b,\n', "line 3: weight '' is no finite number."),
        ("from,to,weight\n,b,1\n", "line 2: from is empty."),
        ("from,to,weight\na," + "b" * 300 + ",1\n", "line 2: to is longer than 256 characters."),
        ("from,to,weight,time_ms\na,b,1,-1\n", "line 2: time_ms '-1' is no time in milliseconds"),
        ("from,to,weight,time_ms\na,b,1,9e99\n", "line 2: time_ms '9e99' is no time"),
        ("from,to,weight,time_ms\na,b,1,²\n", "line 2: time_ms '²' is no time"),
        ("from,to,weight,time_ms\na,b,1,99999999999999999999\n", "line 2: time_ms '9999"),
        ("from,to,weight,time_ms\na,b,1," + "9" * 5000 + "\n", "line 2: time_ms '9999"),
        ("from,to,weight,time_ms\na,b,1,1_000\n", "line 2: time_ms '1_000' is no time"),
        ("from,to,weight,time_ms\na,b,1,\u0661\n", "line 2: time_ms '\u0661' is no time"),
        ("from,to,weight\na,b,1_000\n", "line 2: weight '1_000' is no finite number."),
        ("from,to,weight\na,b,\u0661\n", "line 2: weight '\u0661' is no finite number."),
        ("from,to,weight\n007,b,1,5\n", "line 2: 4 cells where 3 are named."),
        ("from,to,weight\n\n", "has no rows; below the first line"),
        ("from;to;weight\na;b;1\n", "cells are separated by commas, not semicolons."),
        ("from\tto\tweight\na\tb\t1\n", "cells are separated by commas, not tabs."),
        (b"from,to,weight\na,b,1\n\xff,b,1\n", "line 3: not UTF-8; save the table as UTF-8."),
        ('from,to,weight\n"' + "a" * 200_000, "line 2: field larger than field limit"),
    ],
)
def test_a_bad_table_is_one_line_that_names_the_place(
    tmp_path: Path, text: str | bytes, why: str
) -> None:
    result = asked(tmp_path, text, "proximity", "--observer", "a", "--json")
    assert (result.exit_code, result.stdout) == (6, "")
    assert why in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("asking", [("proximity", "--observer", "z"), ("personhood", "--of", "z")])
def test_somebody_who_is_not_in_the_table_is_not_found(
    tmp_path: Path, asking: tuple[str, ...]
) -> None:
    text = "from,to,weight,time_ms\na,b,1,1\n"
    result = asked(tmp_path, text, *asking, "--json")
    assert (result.exit_code, result.stdout) == (5, "")
    assert "nobody is called 'z'" in result.stderr


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(data: bytes) -> None:
    for text in (data, b"from,to,weight,time_ms\n" + data):
        try:
            table = table_from(text, (FROM, TO, WEIGHT), (TIME,))
        except TableError:
            continue
        assert len(table.source) == len(table.target) == len(table.weight)


def two_villages() -> str:
    pairs = [
        (f"{village}{one}", f"{village}{other}")
        for village in "ab"
        for one in range(6)
        for other in range(6)
        if one != other
    ]
    rows = [f"{one},{other},{5 if other.endswith('0') else 1}" for one, other in pairs]
    return "\n".join(["from,to,weight", *rows, "a1,b0,1"])


def test_clusters_have_names_rates_and_bridges(tmp_path: Path) -> None:
    found = json.loads(asked(tmp_path, two_villages(), "clusters", "--json").stdout)
    assert [one["name"] for one in found["clusters"]] in (
        ["around a0", "around b0"],
        ["around b0", "around a0"],
    )
    assert [one["size"] for one in found["clusters"]] == [6, 6]
    a, b = (0, 1) if found["clusters"][0]["centre"] == "a0" else (1, 0)
    rates = found["rates"]
    assert (rates[a][a], rates[b][b], rates[b][a]) == (1.0, 1.0, 0.0)
    assert 0 < rates[a][b] < 1
    (bridge,) = found["bridges"]
    assert (bridge["id"], bridge["weight"]) == ("b0", 1.0)
    told = asked(tmp_path, two_villages(), "clusters").stdout
    assert "around a0" in told
    assert "100%" in told
    empty = asked(tmp_path, "from,to,weight\n", "clusters", "--json")
    assert json.loads(empty.stdout) == {"clusters": [], "rates": [], "bridges": []}


def test_ids_and_given_names_stay_with_a_file_of_before(tmp_path: Path) -> None:
    first = json.loads(asked(tmp_path, two_villages(), "clusters", "--json").stdout)
    first["clusters"][0]["name"] = "the harbour"
    before = tmp_path / "before.json"
    before.write_text(json.dumps(first))
    text = two_villages() + "\nc,a0,1\na0,c,1"
    asking = ("clusters", "--previous", str(before), "--json")
    again = json.loads(asked(tmp_path, text, *asking).stdout)
    assert {one["id"] for one in again["clusters"]} == {one["id"] for one in first["clusters"]}
    assert "the harbour" in {one["name"] for one in again["clusters"]}
    for bad in ("", "[]", '{"clusters": [1]}', '{"clusters": [{"id": 1}]}', "[" * 100_000):
        before.write_text(bad)
        result = asked(tmp_path, text, *asking)
        assert (result.exit_code, result.stdout) == (6, "")
        assert "not what `popctl trust clusters --json` printed before" in result.stderr


def test_the_index_of_a_table_is_that_of_its_words_distrusted_or_not() -> None:
    for text in ("a,b,2\na,b,1\nb,c,1\nc,a,1\na,a,9\n", "a,b,2\nb,c,1\na,c,-1\nc,a,1\n"):
        table = table_from(f"from,to,weight\n{text}".encode(), (FROM, TO, WEIGHT))
        clear = proximity(graph_of(table, None), "a")
        assert index_of(table, None).proximity("a") == pytest.approx(clear, abs=1e-6)


class FakeNode:
    """A node that answers what the API would."""

    def __init__(self) -> None:
        self.home = Home(Path("/nowhere"))
        near = {"id": "ab" * 32, "name": "Ada\x1b[2J", "is_me": False, "proximity": 0.25}
        real = {"n_eff": 2.0, "belief": 0.18, "stratum": 1.58, "cluster": "c1", "is_bridge": True}
        voice = {"id": "cd" * 32, "name": "Bo", "last_ms": 1, "months": 2, "freshness": 0.5}
        person = near | real | {"why": ["Because."], "timeline": [], "growth": []}
        self.answers = {
            "/disputes/map": {"people": [near]},
            "/trust/map": {
                "observer": "ef" * 32,
                "now_ms": 0,
                "total": 3,
                "people": [near | real | {"angle": 0.0}],
                "clusters": [{"id": "c1", "name": "around Ada", "size": 2}],
            },
            f"/trust/people/{'ab' * 32}": person
            | {"acknowledged_by": [voice | {"share": 1.0, "alike": 0.0, "months": 1}] * 10},
            f"/trust/people/{'ef' * 32}": person | {"name": "You", "acknowledged_by": []},
            "/trust/clusters": {
                "clusters": [{"id": "c1", "name": "around Ada", "size": 2, "members": []}],
                "rates": [[None]],
                "bridges": [{"id": "ab" * 32, "name": "Ada", "clusters": ["c1", "x"], "weight": 1}],
                "mine": None,
            },
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str) -> Any:
        return self.answers[path]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    fake = FakeNode()
    monkeypatch.setattr("popd.cli.trust_node.client_of", lambda home, network: fake)
    return fake


def test_the_node_tells_of_oneself_of_others_and_of_everybody(node: FakeNode) -> None:
    mine = CliRunner().invoke(trust, ["show"]).stdout
    assert mine.startswith("You (did:key:z6Mk")
    theirs = CliRunner().invoke(trust, ["show", "ada"]).stdout
    assert "\x1b" not in theirs
    assert theirs.splitlines()[1] == "Because."
    assert ", in 1 month, " in theirs
    assert theirs.splitlines()[-1] == "  and 2 more"
    shown = CliRunner().invoke(trust, ["map"]).stdout.splitlines()
    assert (shown[0], shown[-1]) == ("around Ada:", "2 more people are farther away.")
    assert "belief 0.18, stratum 1.6, joins clusters" in shown[1]
    for words in (["show", "--json"], ["map", "--json"], ["clusters", "--json"]):
        assert isinstance(json.loads(CliRunner().invoke(trust, words).stdout), dict)
    assert "a small cluster" in CliRunner().invoke(trust, ["clusters"]).stdout
    assert CliRunner().invoke(trust, ["clusters", "--now", "3"]).exit_code == 2
