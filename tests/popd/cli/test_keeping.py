"""What was chosen once is in config.toml, beside all that was there."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popd.cli.keeping import Value, keep_settings
from popd.config import ConfigError, Home, load_settings

FILE = """# mine
name = "old"  # what they call me
dial = [
    "/ip4/192.0.2.1/tcp/1",  # a desk
]
store_mb = 7
"""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    before=st.sampled_from(["", FILE, 'name="x"\nlisten=[]', "store_mb = 7"]),
    name=TEXT,
    dial=st.lists(TEXT, max_size=3),
)
def test_a_kept_setting_is_read_again_and_all_others_stay(
    before: str, name: str, dial: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    home.config.write_text(before)
    chosen: dict[str, Value] = {"name": name, "dial": dial}
    said = tomllib.loads(before)
    keep_settings(home, chosen)
    others = {key: value for key, value in said.items() if key not in chosen}
    kept = {key: value for key, value in chosen.items() if value}
    after = tomllib.loads(home.config.read_text())
    assert {key: value for key, value in after.items() if value} == {
        key: value for key, value in (others | kept).items() if value
    }
    assert keep_settings(home, chosen) == []


def test_comments_and_lines_of_others_stay_as_they_are_written(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert keep_settings(home, {}) == []
    assert not home.config.exists()
    home.config.write_text(FILE)
    assert keep_settings(home, {"dial": ["/ip4/192.0.2.2/tcp/2"]}) == ["dial"]
    before, after = FILE.split("dial = ")[0], "store_mb = 7\n"
    assert home.config.read_text() == f'{before}dial = ["/ip4/192.0.2.2/tcp/2"]\n{after}'
    assert load_settings(home, {"dial": ()}).name == "old"


def test_a_file_that_can_not_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config.write_text("name = ")
    with pytest.raises(ConfigError, match="can't be read"):
        keep_settings(home, {"name": "Ann"})
    assert home.config.read_text() == "name = "
