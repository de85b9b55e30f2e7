"""Finds the regular expressions of our code, and those of Django, Wagtail and allauth that are loaded with the site."""

import ast
import importlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import engines
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.module_loading import import_string

from tests.external_programs import ROOT

APPS = [
    "accounts",
    "assessment",
    "certificates",
    "courses",
    "insights",
    "jobs",
    "live",
    "lms",
    "manual",
    "media_pipeline",
    "typesetting",
]
LIBRARIES = ("django", "wagtail", "allauth", "modelcluster", "taggit", "ninja")
# What no request reaches: command lines, migrations, other databases, the admin site of Django, which is not installed, and what
# collects static files.
NOT_ASKED = re.compile(
    r"django\.(core\.management|contrib\.admin|contrib\.gis|contrib\.staticfiles|test|db\.migrations|db\.backends\.(oracle|mysql|sqlite3)|utils\.version)"
    r"|.*\.(migrations|management|tests?)\b|wagtail\.(utils\.deprecation|bin)"
)
CALLS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
# Functions of Django that compile what they are given.
NAMED_CALLS = {
    "_lazy_re_compile": "compile",
    "RegexValidator": "search",
    "RegexField": "search",
    "RegexBlock": "search",
}
# What is compiled elsewhere, and noted there.
COMPILED = object()
FLAGS = {name: getattr(re, name) for name in dir(re) if name.isupper()}


@dataclass(frozen=True)
class Expression:
    """`place` is the constant or the function that has it; `pattern` is None where it is made at run time."""

    module: str
    place: str
    pattern: str | bytes | None
    flags: int
    # Names of methods of `re`, without those that read a text in the same way.
    methods: frozenset[str]


@cache
def expressions() -> list[Expression]:
    modules = [*our_modules(), *library_modules()]
    trees = {name: ast.parse(path.read_text()) for name, path in modules}
    used = _uses(trees.values())
    return [one for name, tree in trees.items() for one in _Walk(name, used).expressions_of(tree)]


def our_modules() -> Iterator[tuple[str, Path]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts and "node_modules" not in parts:
                yield ".".join(parts).removesuffix(".__init__"), path


def library_modules() -> Iterator[tuple[str, Path]]:
    """Those that the site has loaded, once its addresses and its libraries of template tags are read."""
    list(addresses())
    for path in settings.MIDDLEWARE:
        import_string(path)
    for library in engines["django"].engine.template_libraries:
        engines["django"].engine.template_libraries[library]
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in LIBRARIES and not NOT_ASKED.match(name):
            file = getattr(module, "__file__", None)
            if file and file.endswith(".py"):
                yield name, Path(file)


def addresses(resolver: URLResolver | None = None) -> Iterator[re.Pattern[str]]:
    """The expression of each part of each address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = pattern.pattern
        yield shortened(route).regex if isinstance(route, RoutePattern) else route.regex
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)


def shortened(route: RoutePattern) -> RoutePattern:
    """With the first and the last letter of each word between arguments, and arguments named by their place: many become the same."""
    pieces = re.split(r"<(?:(\w+):)?\w+>", str(route))
    words = [re.sub(r"(?<=.).+(?=.)", "", word) for word in pieces[::2]]
    kinds = [f"<{kind or 'str'}:a{place}>" for place, kind in enumerate(pieces[1::2])]
    return RoutePattern(
        "".join(chain.from_iterable(zip_longest(words, kinds, fillvalue=""))), is_endpoint=route._is_endpoint
    )


def _uses(trees: Any) -> dict[str, set[str]]:
    """Which methods are called on a constant of this name, in any module."""
    used: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in CALLS:
                if isinstance(node.value, ast.Name):
                    used[node.value.id].add(node.attr)
                elif isinstance(node.value, ast.Attribute):
                    used[node.value.attr].add(node.attr)
    return used


class _Walk(ast.NodeVisitor):
    """One module: names each expression by the assignment or the function around it."""

    def __init__(self, module: str, used: dict[str, set[str]]) -> None:
        self.module, self.used = module, used
        self.found: list[Expression] = []
        self.scope: list[str] = []
        self.counts: Counter[str] = Counter()

    def expressions_of(self, tree: ast.Module) -> list[Expression]:
        self.visit(tree)
        return self.found

    def visit_FunctionDef(self, node: Any) -> None:
        self._inside(node.name, node)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef  # noqa: N815 - names of ast.NodeVisitor

    def visit_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        first = target.elts[0] if isinstance(target, ast.Tuple) else target
        if isinstance(first, ast.Name) and (isinstance(node.value, ast.Call) or not self.scope):
            self._inside(first.id, node)
        else:
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._inside(node.target.id, node)

    def _inside(self, name: str, node: ast.AST) -> None:
        self.scope.append(name)
        self.generic_visit(node)
        self.scope.pop()

    def visit_Call(self, node: ast.Call) -> None:
        method = _method(node.func)
        given = [
            *[word.value for word in node.keywords if word.arg in {"regex", "pattern"}],
            *node.args[:1],
        ]
        # An expression that is compiled where it is given is noted as what compiles it.
        is_noted_inside = given and isinstance(given[0], ast.Call) and _method(given[0].func)
        if method and given and not is_noted_inside:
            self._note(method, given[0], node)
        self.generic_visit(node)

    def _note(self, method: str, pattern: ast.expr, node: ast.Call) -> None:
        value = self._value(pattern)
        if value is COMPILED:
            return
        place = ".".join(self.scope)
        self.counts[place] += 1
        if self.counts[place] > 1:
            place = f"{place}#{self.counts[place]}"
        flags = self._flags(node)
        methods = (
            {method} if method != "compile" else self.used.get(self.scope[-1] if self.scope else "", set())
        )
        self.found.append(Expression(self.module, place, value, flags, frozenset(methods)))

    def _value(self, node: ast.expr) -> Any:
        """What it is in the module; None where only a call knows it."""
        module = importlib.import_module(self.module)
        names = dict(vars(module))
        if self.scope and isinstance(around := getattr(module, self.scope[0], None), type):
            names |= vars(around)
        try:
            value = eval(compile(ast.Expression(node), self.module, "eval"), names)
        except (NameError, TypeError, AttributeError, KeyError):
            return None
        return value if isinstance(value, str | bytes) else getattr(value, "pattern", None) and COMPILED

    def _flags(self, node: ast.Call) -> int:
        flags = 0
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and part.attr in FLAGS:
                flags |= FLAGS[part.attr]
        return flags


def _method(called: ast.expr) -> str:
    """The method of `re` that a call makes, or "" for any other call."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re":
        return called.attr if called.attr in CALLS else ""
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return NAMED_CALLS.get(name, "")
