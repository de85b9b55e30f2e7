"""`make size`: how large the code is outside tests and migrations, in figures that a formatter hardly changes. The last line is one JSON object.

Nodes of the syntax tree count what is there to read. `prose_a_function` is the number of docstrings and comments over the number of functions. Tables and
refusals are ours. Repeats are runs of statements that are equal but for names and constants, the largest first.
"""

import ast
import io
import json
import shutil
import subprocess
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import django

ROOT = Path(__file__).parents[1]
# A repeat has at least so many nodes, in at most so many statements.
LEAST_NODES, MOST_STATEMENTS = 80, 6
SHOWN = 10

type Place = tuple[Path, int, int]


def main() -> None:
    django.setup()
    lines, nodes = Counter[str](), Counter[str]()
    functions = prose = 0
    repeats = Repeats()
    for path in sources():
        text = (ROOT / path).read_text()
        tree = ast.parse(text)
        app = path.parts[0]
        lines[app] += len(text.splitlines())
        nodes[app] += nodes_of(tree)
        functions += sum(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(tree))
        prose += comments(text) + sum(is_documented(node) for node in ast.walk(tree))
        repeats.add(path, tree)
    for app in sorted(nodes, key=lambda name: -nodes[name]):
        print(f"{app:16} {lines[app]:8} lines {nodes[app]:9} nodes")
    for size, places in repeats.largest():
        shown = " ".join(f"{path}:{first}-{last}" for path, first, last in places[:3])
        print(f"{size:5} nodes, {len(places)} times: {shown}")
    figures = {
        "lines": lines.total(),
        "nodes": nodes.total(),
        "functions": functions,
        "prose_a_function": round(prose / functions, 3),
        **of_the_apps(),
    }
    print(json.dumps(figures))


def sources() -> Iterator[Path]:
    command = [shutil.which("git") or "git", "ls-files", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for path in map(Path, listed.stdout.splitlines()):
        if path.parts[0] != "tests" and "migrations" not in path.parts and (ROOT / path).exists():
            yield path


def nodes_of(tree: ast.AST) -> int:
    return sum(1 for _ in ast.walk(tree))


def comments(text: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sum(token.type == tokenize.COMMENT for token in tokens)


def is_documented(node: ast.AST) -> bool:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    return isinstance(node, kinds) and ast.get_docstring(node) is not None


class Repeats:
    def __init__(self) -> None:
        self.places: dict[str, list[Place]] = defaultdict(list)
        self.sizes: dict[str, int] = {}

    def add(self, path: Path, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            for block in ("body", "orelse", "finalbody"):
                statements = getattr(node, block, None)
                if isinstance(statements, list) and not isinstance(node, ast.Module):
                    self._add_runs(path, statements)

    def _add_runs(self, path: Path, statements: list[ast.stmt]) -> None:
        shapes = [ast.dump(Shape().visit(deepcopy(one))) for one in statements]
        sizes = [nodes_of(one) for one in statements]
        for start in range(len(statements)):
            for end in range(start + 1, min(start + MOST_STATEMENTS, len(statements)) + 1):
                if (size := sum(sizes[start:end])) >= LEAST_NODES:
                    run = "|".join(shapes[start:end])
                    last = statements[end - 1].end_lineno or 0
                    found = self.places[run]
                    if not found or found[-1][0] != path or found[-1][2] < statements[start].lineno:
                        found.append((path, statements[start].lineno, last))
                    self.sizes[run] = size

    def largest(self) -> Iterator[tuple[int, list[Place]]]:
        """By what would go if each stood once, without those inside another one that was given."""
        several = [run for run, places in self.places.items() if len(places) > 1]
        given: list[str] = []
        for run in sorted(several, key=lambda run: -self.sizes[run] * (len(self.places[run]) - 1)):
            if len(given) < SHOWN and not any(run in other for other in given):
                given.append(run)
                yield self.sizes[run], self.places[run]


class Shape(ast.NodeTransformer):
    """Takes names and constants out; attributes stay."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(type(node.value).__name__)

    def visit_Name(self, _node: ast.Name) -> ast.AST:
        return ast.Name("name")

    def visit_arg(self, _node: ast.arg) -> ast.AST:
        return ast.arg("name")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = "name"
        return node


def of_the_apps() -> dict[str, int]:
    from django.apps import apps  # noqa: PLC0415 - needs the set-up

    from accounts.errors import DomainError  # noqa: PLC0415 - needs the set-up
    from accounts.services.notice_models import notice_models  # noqa: PLC0415 - needs the set-up

    models = apps.get_models(include_auto_created=True)
    ours = {
        model._meta.db_table for model in models if (ROOT / model._meta.app_label.partition(".")[0]).is_dir()
    }
    return {
        "tables": len(ours),
        "error_classes": len(set(below(DomainError))),
        "notice_models": len(notice_models()),
    }


def below(kind: type[object]) -> Iterator[type[object]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from below(subclass)


if __name__ == "__main__":
    main()
