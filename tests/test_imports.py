"""Third-party libraries stay in their rooms: what the contracts cannot say as a list of bans."""

import sys

import grimp
import pytest

OPINION_LIBRARIES = {"networkx", "numba", "numpy", "scipy", "sklearn", "sknetwork"}
OURS = {"consensus", "game", "popd", "simulations", "wallet"}


def libraries_of(package: str, without: tuple[str, ...] = ()) -> set[str]:
    """Names of the libraries that modules of `package` import themselves."""
    graph = grimp.build_graph(package.partition(".")[0], include_external_packages=True)
    modules = {package, *graph.find_descendants(package)}
    for opinion in without:
        modules -= {opinion, *graph.find_descendants(opinion)}
    imported = {
        name.partition(".")[0]
        for module in modules
        for name in graph.find_modules_directly_imported_by(module)
    }
    return imported - OURS - sys.stdlib_module_names


def test_law_imports_nothing_but_its_codec_and_its_verifier() -> None:
    opinions = ("consensus.anomaly", "consensus.trust", "consensus.value")
    assert libraries_of("consensus", without=opinions) <= {"msgpack", "nacl"}


@pytest.mark.parametrize("package", ["consensus.anomaly", "consensus.trust", "consensus.value"])
def test_advice_and_opinion_import_only_numerical_libraries(package: str) -> None:
    assert libraries_of(package) <= OPINION_LIBRARIES


def test_the_node_imports_no_library() -> None:
    assert libraries_of("popd.node") == set()
