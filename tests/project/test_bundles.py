"""Pages get whole bundles, and a name that is cached for a year names one content."""

import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage

from tests.bundles import ASSETS, STATIC, bundle, bundled
from tests.external_programs import ROOT, run_node

TEMPLATES = ROOT / "templates"
# What a script or a sheet asks for by itself. Addresses that a page gives to `import()` are hashed by the page.
IMPORTED = re.compile(r"""(?:\bimport\s*\(?|\bfrom)\s*["'](\.{0,2}/[^"'\n]+)["']""")
LOADED = re.compile(r"""\burl\(\s*["']?([^"')]+)["']?\s*\)|@import\s*["']([^"']+)["']""")


def hashed_files(sources: Path, target: Path) -> dict[str, str]:
    """Static files as they are served: their content by their hashed names."""
    shutil.copytree(sources, target)
    storage = ManifestStaticFilesStorage(location=str(target), base_url="/static/")
    files = FileSystemStorage(location=str(target))
    names = [str(file.relative_to(target)) for file in sorted(target.rglob("*")) if file.is_file()]
    served = {name: hashed for name, hashed, _is_made in storage.post_process({n: (files, n) for n in names})}
    return {
        hashed: (target / hashed).read_text(encoding="utf-8")
        for hashed in served.values()
        if hashed and Path(hashed).suffix in {".js", ".mjs", ".css"}
    }


def asked_for(name: str, text: str) -> list[str]:
    if Path(name).suffix != ".css":
        return IMPORTED.findall(text)
    found = ("".join(groups) for groups in LOADED.findall(text))
    return [address for address in found if not address.startswith("data:")]


def test_a_hashed_file_asks_for_hashed_files_only(tmp_path: Path):
    bundle()

    files = hashed_files(STATIC, tmp_path / "static")

    unhashed = [
        (name, address)
        for name, text in files.items()
        for address in asked_for(name, text)
        if not re.search(r"\.[0-9a-f]{12}\.\w+$", urlsplit(address).path)
    ]
    assert unhashed == []
    assert any(name.startswith("js/captions.") for name in files)


def test_what_a_script_or_a_sheet_asks_for_is_seen():
    script = (
        'import{a}from"./document.js";import "./words.js";const b=import("./late.js");import(place.address)'
    )
    sheet = (
        '@import "./tokens.css";@font-face{src:url("../fonts/sans.woff2")}a{background:url(data:image/png,x)}'
    )

    assert asked_for("a.js", script) == ["./document.js", "./words.js", "./late.js"]
    assert asked_for("a.css", sheet) == ["./tokens.css", "../fonts/sans.woff2"]


def test_every_source_is_in_a_bundle():
    sources = {str(file.relative_to(ROOT)) for kind in ("js", "css") for file in ASSETS.rglob(f"*.{kind}")}

    used = {source for sources_of_one in bundle().values() for source in sources_of_one}

    assert sources - used == set()


def test_every_bundle_is_on_a_page():
    named = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("*.html"))
    named += "".join(
        file.read_text(encoding="utf-8")
        for app in ROOT.glob("*/apps.py")
        for file in app.parent.rglob("*.py")
    )

    assert [name for name in bundle() if name not in named] == []


@pytest.mark.parametrize("name", ["js/player.js", "css/site.css"])
def test_a_bundle_whose_sources_are_the_same_is_left_alone(name: str):
    bundle()
    before = (STATIC / name).stat()

    run_node(ROOT / "scripts" / "bundle.mjs")

    after = (STATIC / name).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_bundled_decoder_reads_a_code_of_its_own_package(tmp_path: Path):
    module = tmp_path / "decoder.mjs"
    module.write_text(bundled("js/qr_decoder.js"), encoding="utf-8")
    # A code of the package itself, blown up to four dots a module.
    question = f"""
        import encodeQR from {str(ROOT / "node_modules" / "qr" / "index.js")!r};
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
