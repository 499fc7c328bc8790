"""`popctl trust` on tables: a line of JSON, words for people, one clear line for a bad table."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.proximity import proximity
from popd.cli.trust import graph_of, trust
from popd.cli.trust_tables import FROM, TIME, TO, WEIGHT, TableError, table_from

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
    assert "x: 2 people acknowledge them, as fresh as 2.00 would be today." in told
    assert "2 of them know people whom the others don't." in told
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
