"""Does the tree keep its shape: imports go down only, one importer each, files and functions small?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import siege_sim

SOURCE = Path(siege_sim.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 320, 45

LEVELS = (
    {"errors", "axes", "guides"},
    {"spellings"},
    {"quantities", "attrition", "sampling", "streams", "theatre"},
    {"state", "flows"},
    {"agenda", "luck", "orders", "settlement"},
    {"situation"},
    {"processes", "policies"},
    {"scenario"},
    {"turn"},
    {"siege"},
    {"trajectory"},
    {"history"},
    {"experiment"},
    {"figures"},
    {"report"},
    {"cli"},
    {"__main__"},
)
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}

IN_EXPERIMENT = (
    {"store", "provenance", "kept"},
    {"block", "columns", "indices", "responses"},
    {"workers"},
    {"run"},
    {"results"},
    {"sweeps"},
    {"analysis", "verification"},
)
"""The rooms of the experiment, from below."""

ONLY_IN = {
    "simpy": ("siege.py",),
    "numpy.random": ("streams.py",),
    "tomllib": ("scenario/",),
    "matplotlib": ("figures/", "report/"),
    "SALib": ("experiment/indices.py",),
    "sklearn": ("experiment/analysis/rules.py",),
    "distributed": ("experiment/workers/cluster.py",),
}
"""The one room, or the file, that imports a library; whether by an import or by name."""

DESIGNS = "experiment/sweeps/design.py"
"""Where points of a design are chosen, by a library: no draw of a siege."""


def each(files: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=[file.relative_to(SOURCE).as_posix() for file in files])


each_file = each(FILES)


def imported(file: Path) -> Iterator[str]:
    """Yield every module that a file imports anywhere, and the names that it takes from one of ours."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_by_name(file: Path) -> Iterator[str]:
    """Yield what is handed to ``import_module``, as far as it is written there."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "import_module":
            (named,) = node.args
            assert isinstance(named, ast.JoinedStr), f"{file}: what is imported?"
            yield str(named.values[0].value)


def attributes(file: Path) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)}


@each_file
def test_imports_go_down_only(file):
    top = file.relative_to(SOURCE).parts[0].removesuffix(".py")
    if top == "__init__":
        assert not [name for name in imported(file) if name.startswith("siege_sim")]
        return
    modules = {name.split(".")[1] for name in imported(file) if name.startswith("siege_sim.")} - {"__version__"}
    assert modules <= LEVEL.keys(), f"give these a level: {modules - LEVEL.keys()}"
    assert [name for name in sorted(modules) if LEVEL[name] > LEVEL[top]] == []


@each(sorted((SOURCE / "experiment").rglob("*.py")))
def test_imports_go_down_only_in_the_experiment_too(file):
    level = {name: level for level, names in enumerate(IN_EXPERIMENT) for name in names} | {"__init__": -1}
    own = level[file.relative_to(SOURCE / "experiment").parts[0].removesuffix(".py")]
    used = {name.split(".")[2] for name in imported(file) if name.startswith("siege_sim.experiment.")}
    assert [name for name in sorted(used) if level[name] > own] == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_one_importer_each(library):
    users = {
        file.relative_to(SOURCE).as_posix()
        for file in FILES
        if any(name == library or name.startswith(f"{library}.") for name in (*imported(file), *imported_by_name(file)))
    }
    assert [user for user in users if not user.startswith(ONLY_IN[library])] == []


@each_file
def test_no_draw_that_uses_a_number_of_words_that_nobody_knows(file):
    assert not attributes(file) & {"default_rng", "standard_normal", "random_sample", "RandomState", "Generator"}
    if file.relative_to(SOURCE).as_posix() not in ("streams.py", DESIGNS):
        assert not attributes(file) & {"random", "random_raw", "normal", "poisson", "shuffle", "permutation"}


@each_file
def test_files_are_short(file):
    assert len(file.read_text().splitlines()) <= LONGEST_FILE


@each_file
def test_functions_are_short(file):
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]
    assert {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno - f.lineno + 1 > LONGEST_FUNCTION} == {}
