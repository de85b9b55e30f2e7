"""What reads squares in browsers is one file, whose one name changes with all of it."""

from pathlib import Path

import pytest

from scripts.build_decoder import SOURCES, TARGET, CannotJoin, joined
from tests.programs import ROOT, run_node

DECODE, INDEX = ((SOURCES / name).read_text(encoding="utf-8") for name in ("decode.js", "index.js"))


def test_the_joined_file_imports_nothing_and_still_decodes(tmp_path: Path):
    module = tmp_path / "decode.mjs"
    module.write_text(joined(DECODE, INDEX), encoding="utf-8")
    # A square of the package itself, blown up to four dots a module.
    question = f"""
        import encodeQR from {str(SOURCES / "index.js")!r};
        import {{ decodeQR }} from {str(module)!r};
        const rows = encodeQR("7K3M9QXD1A9RZ", "raw"), side = rows.length * 4;
        const data = new Uint8ClampedArray(side * side * 4).map((_value, place) => {{
            if (place % 4 === 3) return 255;
            const dot = place >> 2, row = Math.floor(dot / side) >> 2, column = (dot % side) >> 2;
            return rows[row][column] ? 0 : 255;
        }});
        console.log(decodeQR({{ data, width: side, height: side }}));
    """

    said = run_node("--input-type=module", "-e", question)

    assert said.strip() == "7K3M9QXD1A9RZ"


def test_set_up_leaves_one_module_of_the_package():
    assert [file.name for file in TARGET.parent.glob("*.js")] == ["decode.js"]
    assert "from './index.js'" not in TARGET.read_text(encoding="utf-8")
    assert TARGET.is_relative_to(ROOT)


@pytest.mark.parametrize(
    ("decode", "index"),
    [
        (DECODE.replace("./index.js", "./other.js"), INDEX),
        (DECODE, INDEX + "\nexport class More {}\n"),
        (DECODE, INDEX.replace("export {", "export  {")),
    ],
    ids=["another neighbor", "another export", "no list"],
)
def test_a_package_of_another_form_is_refused(decode: str, index: str):
    with pytest.raises(CannotJoin):
        joined(decode, index)
