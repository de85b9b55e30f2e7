"""The statements that raise a refusal, and the code of their functions without one of them."""

import ast
import builtins
import functools
import gc
import importlib
import typing
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from accounts.errors import DomainError

ROOT = Path(__file__).resolve().parents[2]
APPS = "accounts assessment certificates courses insights jobs live lms manual media_pipeline"


@dataclass(frozen=True, slots=True)
class Site:
    """One statement. `name` does not change with the lines above it: app.module:function:Class, and #2 for the second one."""

    name: str
    path: str
    lines: tuple[int, int]
    # The outermost function around it, whose code is exchanged.
    outermost: str

    @property
    def raised(self) -> str:
        """What is raised, as it is written, without its arguments."""
        return self.name.rpartition(":")[2].partition("#")[0]

    @property
    def place(self) -> str:
        return f"{Path(self.path).relative_to(ROOT)}:{self.lines[0]}"


def sites_under(folders: list[Path]) -> dict[str, Site]:
    sites: dict[str, Site] = {}
    for path in sorted(file for folder in folders for file in files_of(folder)):
        for site in sites_of(path):
            sites[site.name] = site
    return sites


def files_of(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    yield from (file for file in folder.rglob("*.py") if "migrations" not in file.parts)


def sites_of(path: Path) -> Iterator[Site]:
    text = path.read_text()
    if "raise " not in text:
        return
    tree = ast.parse(text)
    raises = list(_raises(tree, (), ""))
    if not raises:
        return
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    counted: Counter[str] = Counter()
    for statement, raised, function, outermost in raises:
        if not _is_refusal(raised, module):
            continue
        words = f"{name}:{function or '<module>'}:{_class_name(raised)}"
        counted[words] += 1
        number = f"#{counted[words]}" if counted[words] > 1 else ""
        lines = (statement.lineno, statement.end_lineno or statement.lineno)
        yield Site(words + number, str(path), lines, outermost)


def _raises(
    node: ast.AST, scope: tuple[str, ...], outermost: str
) -> Iterator[tuple[ast.Raise, ast.expr, str, str]]:
    """Each `raise` with what it raises, the qualified name of its function and that of the outermost one around it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise):
            if child.exc is not None:
                yield child, child.exc, ".".join(scope), outermost
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = (*scope, child.name)
            yield from _raises(child, inside, outermost or ".".join(inside))
        elif isinstance(child, ast.ClassDef):
            yield from _raises(child, (*scope, child.name), outermost)
        else:
            yield from _raises(child, scope, outermost)


def _is_refusal(raised: ast.expr, module: ModuleType) -> bool:
    if isinstance(raised, ast.IfExp):
        return _is_refusal(raised.body, module) or _is_refusal(raised.orelse, module)
    if isinstance(raised, ast.BoolOp):
        return any(_is_refusal(value, module) for value in raised.values)
    called = raised.func if isinstance(raised, ast.Call) else raised
    found = _value_of(called, module)
    if isinstance(found, type):
        return issubclass(found, DomainError)
    if isinstance(raised, ast.Call):
        return callable(found) and _may_return_refusal(found)
    # A variable: its value is known at run time only (`is_reached`).
    return found is None


def _value_of(expression: ast.expr, module: ModuleType) -> Any:
    if isinstance(expression, ast.Name):
        return getattr(module, expression.id, getattr(builtins, expression.id, None))
    if isinstance(expression, ast.Attribute):
        return getattr(_value_of(expression.value, module), expression.attr, None)
    return None


def _may_return_refusal(function: Any) -> bool:
    hint = typing.get_type_hints(function).get("return")
    return any(
        isinstance(kind, type) and issubclass(kind, DomainError) for kind in (hint, *typing.get_args(hint))
    )


def _class_name(raised: ast.expr) -> str:
    return ast.unparse(raised.func if isinstance(raised, ast.Call) else raised)


@functools.cache
def _functions() -> dict[str, list[FunctionType]]:
    """All functions by the file of their code. The tests freeze what was imported, which hides it from `get_objects`."""
    gc.unfreeze()
    by_file: dict[str, list[FunctionType]] = {}
    for found in gc.get_objects():
        # Not isinstance: it asks lazy objects for their class, which makes them.
        if type(found) is FunctionType:
            by_file.setdefault(found.__code__.co_filename, []).append(found)
    gc.freeze()
    return by_file


def functions_of(site: Site) -> list[FunctionType]:
    """Its outermost function, of which there may be several objects. A getter and its setter have one name and other lines."""
    first, last = site.lines
    return [
        function
        for function in _functions().get(site.path, ())
        if function.__code__.co_qualname == site.outermost
        and any(first <= line <= last for line in _lines_of(function.__code__))
    ]


def _lines_of(code: CodeType) -> Iterator[int]:
    """Also of the functions in it."""
    yield from (line for _start, _end, line in code.co_lines() if line is not None)
    for inner in inner_codes(code):
        yield from _lines_of(inner)


def inner_codes(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


@contextmanager
def deleted(site: Site) -> Iterator[None]:
    """Within it, the function of a site runs without the statement."""
    before = [(function, function.__code__) for function in functions_of(site)]
    if not before:
        raise LookupError(f"{site.place}: there is no function {site.outermost}")
    without = compiled_without(site)
    for function, code in before:
        function.__code__ = without[code.co_qualname, code.co_firstlineno]
    try:
        yield
    finally:
        for function, code in before:
            function.__code__ = code


def compiled_without(site: Site) -> dict[tuple[str, int], CodeType]:
    """The codes of the module without the statement, by qualified name and first line."""
    tree = _Delete(site.lines[0]).visit(ast.parse(Path(site.path).read_text()))
    codes: dict[tuple[str, int], CodeType] = {}
    waiting = [compile(tree, site.path, "exec", dont_inherit=True)]
    while waiting:
        code = waiting.pop()
        codes[code.co_qualname, code.co_firstlineno] = code
        waiting += inner_codes(code)
    return codes


class _Delete(ast.NodeTransformer):
    def __init__(self, line: int) -> None:
        self.line = line

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node) if node.lineno == self.line else node
