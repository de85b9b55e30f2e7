"""Independent validators of our files. Each returns its findings."""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import outloud
import pytest

from tests.external_programs import program

_PREFLIGHT = Path(__file__).parent / "preflight"
_JARS = ":".join(
    f"/usr/share/java/{name}.jar"
    for name in ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging")
)

# Every form and place of a letter has a code of its own here, which is the point; outloud takes it for an accident.
_OUTLOUD_IS_WRONG = {"TXT-004"}

# Preflight knows PDF/A-1b (ISO 19005-1) alone. What that forbids and ISO 19005-3 allows, each with the clause of the
# latter; a code is listed with the beginning of its sentence, so that another breach with the same code is not ignored.
_ALLOWED_SINCE_PART_1 = {
    ("1.2.9", "Body Syntax error, EmbeddedFile entry is present in a FileSpecification dictionary"): "6.8",
    ("1.4.7", "Trailer Syntax error, EmbeddedFile entry is present in the Names dictionary"): "6.8",
    ("2.1.6", "Invalid graphics object, Invalid version of the ICCProfile"): "6.2.3: version 4 is allowed",
    ("3.1.11", "Invalid Font definition"): "6.2.11.4.2: CIDSet is optional",
    ("4.1.2", "Transparency error, ca entry in a ExtGState is invalid"): "6.2.10: transparency is allowed",
    (
        "2.2.2",
        "Invalid graphics transparency, Soft Mask must be null or None",
    ): "6.2.10: transparency is allowed",
    ("5.3.1", "Invalid field value in an annotation definition, widget annotation lacks an appearance"): (
        "6.3.3: an annotation without an area needs none"
    ),
    ("7.11.2", "Error on MetaData, part must be 1"): "6.6.4: part is 3",
}


def qpdf(pdf: bytes) -> str:
    """What qpdf says of the syntax, empty for a sound file."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        result = subprocess.run(
            [program("qpdf", package="qpdf"), "--check", file.name],
            capture_output=True,
            text=True,
            check=False,
        )
    return "" if result.returncode == 0 else result.stdout + result.stderr


def outloud_findings(pdf: bytes) -> list[str]:
    """What outloud has against a file by PDF/UA-1 and by its own ears."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        result = outloud.check(file.name)
    if result.error:
        return [result.error]
    return [f"{f.rule}: {f.message}" for f in result.findings if f.rule not in _OUTLOUD_IS_WRONG]


def preflight(pdf: bytes) -> list[tuple[str, str]]:
    """What PDFBox Preflight has against a file that PDF/A-3 has too, as code and sentence."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        java = program("java", package="default-jdk-headless")
        command = [java, "-cp", f"{_JARS}:{_compiled()}", "Preflight", file.name]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    errors = [tuple(line.split("\t", 1)) for line in output.splitlines()]
    return [(code, text) for code, text in errors if not _is_allowed(code, text)]


def _is_allowed(code: str, text: str) -> bool:
    if code == "3.1.11" and "CIDSet entry is missing" not in text:
        return False
    return any(code == known and text.startswith(start) for known, start in _ALLOWED_SINCE_PART_1)


@cache
def _compiled() -> str:
    if not Path("/usr/share/java/preflight.jar").exists():
        pytest.skip("Debian's libpdfbox2-java is not installed")
    javac = program("javac", package="default-jdk-headless")
    folder = tempfile.mkdtemp(prefix="preflight-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sources = [str(path) for path in sorted(_PREFLIGHT.rglob("*.java"))]
    command = [javac, "-d", folder, "-cp", _JARS, *sources]
    subprocess.run(command, check=True, capture_output=True)
    return folder
