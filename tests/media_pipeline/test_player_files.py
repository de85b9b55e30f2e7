"""The player's modules become one file, and what the joiner cannot join it refuses."""

from pathlib import Path

import pytest

from scripts.build_js import JOINED, JS, CannotJoin, joined


def modules(folder: Path, **sources: str) -> Path:
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder


def test_a_neighbor_stands_once_and_before_who_needs_it(tmp_path: Path):
    folder = modules(
        tmp_path,
        main='import { one } from "./one.js";\nimport { two } from "./two.js";\n// A remark.\none(two);\n',
        one='import { two } from "./two.js";\nexport function one() {\n  return two;\n}\n',
        two="export const two = 2;\n",
    )

    assert joined(folder) == "const two = 2;\nfunction one() {\nreturn two;\n}\none(two);\n"


@pytest.mark.parametrize(
    ("main", "reason"),
    [
        ('import { a } from "./a.js";\nconst b = 1;\n', "b is declared in a.js and in main.js"),
        ('import a from "./a.js";\n', "another form"),
        ("export default 1;\n", "another form"),
        ('import { m } from "./main.js";\n', "circle"),
    ],
)
def test_what_would_break_is_refused(tmp_path: Path, main: str, reason: str):
    folder = modules(tmp_path, main=main, a="export const a = 1;\nconst b = 2;\n")

    with pytest.raises(CannotJoin, match=reason):
        joined(folder)


@pytest.mark.parametrize("name", sorted(JOINED))
def test_our_modules_join(name: str):
    text = joined(JS / name)

    assert "import " not in text.replace("import(", "")
    assert f"[data-{name}]" in text
