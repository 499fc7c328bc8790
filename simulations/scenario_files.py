"""Where scenarios lie: those that are shipped, by name, and anybody's own, by path."""

from pathlib import Path
from typing import Final

from simulations.scenario_document import nearest
from simulations.scenario_toml import MAX_SIZE, ScenarioError, Study, study_from_toml
from simulations.strategies import HONEST

SHIPPED: Final = Path(__file__).parent / "scenarios"
MAX_FILES: Final = 1_000
"""In a folder of scenarios."""


class UnknownScenarioError(LookupError):
    """There is no such scenario; the message says what there is."""


def scenario_files(folder: Path | None = None) -> list[Path]:
    """The files of a folder, else those that are shipped, by name; raises OSError."""
    return sorted((folder or SHIPPED).glob("*.toml"))[:MAX_FILES]


def study_at(path: Path) -> Study:
    """The scenario in a file; raises ScenarioError and OSError."""
    with path.open("rb") as file:
        data = file.read(4 * MAX_SIZE + 1)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(f"{path}:{line}: expected text in UTF-8") from None
    return study_from_toml(text.replace("\r\n", "\n"), path.stem, str(path))


def study_named(name: str) -> Study:
    """A shipped scenario by name, or one in a file by its path.

    Raises UnknownScenarioError, ScenarioError, and OSError.
    """
    known = {path.stem: path for path in scenario_files()}
    if name in known:
        return study_at(known[name])
    path = Path(name)
    if "/" in name or path.suffix == ".toml" or path.is_file():
        if not path.is_file():
            raise UnknownScenarioError(f"there is no file {name!r}")
        return study_at(path)
    raise UnknownScenarioError(f"there is no scenario {name[:60]!r}{nearest(name, known)}")


def attackers_of(study: Study) -> list[str]:
    """The strategies of a scenario that are attacks, each once."""
    strategies = (group.strategy for group in study.scenario.groups)
    return [name for name in dict.fromkeys(strategies) if name not in HONEST]
