"""The house rules that no linter knows: which way imports go, and what never stands in a package."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "corpus": set(),
    "embeddings": set(),
    "rag": {"corpus", "embeddings"},
    "server": {"corpus", "rag"},
    "eval": {"corpus", "embeddings", "rag"},
    "commands": {"corpus", "embeddings", "rag", "server", "eval"},
    "planqa": {"corpus", "embeddings", "rag", "server", "eval", "commands"},
}
PACKAGES = tuple(name for name in MAY_IMPORT if name != "planqa")
LAZY = {"commands", "planqa"}
"""The command line imports heavy parts inside its commands, so that ``--help`` answers at once."""
PRINTING = {"commands", "planqa"}
MAX_LINES = 400
MAX_FUNCTION_LINES = 60
VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "base", "manager"}


def files_of(package: str) -> list[Path]:
    return [ROOT / "planqa.py"] if package == "planqa" else sorted((ROOT / package).rglob("*.py"))


FILES = [(package, file) for package in MAY_IMPORT for file in files_of(package)]


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Every import below ``node`` with the module it names."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield child, alias.name
        elif isinstance(child, ast.ImportFrom):
            yield child, child.module or ""


def functions_of(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_packages_are_the_ones_that_are_installed() -> None:
    found = {init.parent.name for init in ROOT.glob("*/__init__.py")}
    assert found == set(PACKAGES)


def at(file: Path, node: ast.AST, what: str = "") -> str:
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {what}".strip()


def test_imports_go_one_way() -> None:
    wrong = [
        at(file, node, name)
        for package, file in FILES
        for node, name in imports_of(tree_of(file))
        if name.partition(".")[0] in set(MAY_IMPORT) - MAY_IMPORT[package] - {package}
    ]
    assert wrong == []


def test_no_import_is_relative_or_of_the_bare_eval() -> None:
    wrong = [
        at(file, node, name)
        for _, file in FILES
        for node, name in imports_of(tree_of(file))
        if (isinstance(node, ast.ImportFrom) and (node.level or name == "eval"))
        or (isinstance(node, ast.Import) and name.partition(".")[0] == "eval")
    ]
    assert wrong == []


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        at(file, node, name)
        for package, file in FILES
        if package not in LAZY
        for function in functions_of(file)
        for node, name in imports_of(function)
    ]
    assert hidden == []


def test_no_module_imports_itself_through_others() -> None:
    modules = {module_name(file): file for _, file in FILES}
    needs: dict[str, set[str]] = {}
    for name, file in modules.items():
        found: set[str] = set()
        for node, target in imports_of(tree_of(file)):
            names = [target]
            if isinstance(node, ast.ImportFrom):
                names += [f"{target}.{alias.name}" for alias in node.names]
            found.update(candidate for candidate in names if candidate in modules and candidate != name)
        needs[name] = found
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for other in sorted(needs[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in sorted(modules):
        visit(name, ())
    assert done == set(modules)


def test_packages_neither_print_nor_assert() -> None:
    wrong = [
        at(file, node)
        for package, file in FILES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Assert) or (package not in PRINTING and _is_print(node))
    ]
    assert wrong == []


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def test_no_except_takes_everything_in_silence() -> None:
    wrong = []
    for _, file in FILES:
        lines = file.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree_of(file)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = (
                {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
                if node.type
                else set()
            )
            said = "".join(lines[node.lineno - 1 : node.body[0].lineno])
            passes_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            broad = bool(caught & {"Exception", "BaseException"}) and not passes_on
            if node.type is None or (broad and "#" not in said):
                wrong.append(at(file, node, "catches everything and does not say why"))
    assert wrong == []


def test_files_and_functions_are_short() -> None:
    long = []
    for _, file in FILES:
        n_lines = len(file.read_text(encoding="utf-8").splitlines())
        if n_lines > MAX_LINES:
            long.append(at(file, tree_of(file), f"has {n_lines} lines"))
        for function in functions_of(file):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > MAX_FUNCTION_LINES:
                long.append(at(file, function, f"{function.name} has {length} lines"))
    assert long == []


def test_modules_are_named_for_what_they_do() -> None:
    assert [at(file, tree_of(file)) for _, file in FILES if file.stem in VAGUE_NAMES] == []


def test_nothing_runs_when_a_module_is_imported() -> None:
    wrong = [
        at(file, node)
        for package, file in FILES
        for node in tree_of(file).body
        if not isinstance(node, _DEFINITIONS) and not _is_harmless(node, package)
    ]
    assert wrong == []


_DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
    ast.ClassDef,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
)


def _is_harmless(node: ast.stmt, package: str) -> bool:
    """Docstrings, imports for types alone, the call of main, and the wiring of commands."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'")
    if not isinstance(node, ast.Expr):
        return False
    return isinstance(node.value, ast.Constant) or (isinstance(node.value, ast.Call) and package in LAZY)


def test_test_modules_have_names_of_their_own() -> None:
    names = [file.stem for file in (ROOT / "tests").rglob("*.py") if file.stem != "conftest"]
    assert len(names) == len(set(names))
    assert list((ROOT / "tests").rglob("__init__.py")) == []
