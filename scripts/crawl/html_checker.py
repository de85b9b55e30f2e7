"""The Nu Html Checker over pages that were kept: npm's `vnu-jar`, which needs Java."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

JAR = Path("scripts/crawl/node_modules/vnu-jar/build/dist/vnu.jar")


class HtmlFault(NamedTuple):
    file: str
    line: int
    message: str
    extract: str


def faults_in(files: Iterable[Path], jar: Path) -> list[HtmlFault]:
    """Its errors; warnings and notes are left to people. Raises FileNotFoundError without Java."""
    command = [
        "java",
        "-jar",
        str(jar),
        "--errors-only",
        "--exit-zero-always",
        "--format",
        "json",
        *map(str, files),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return [
        HtmlFault(
            file=Path(one["url"]).name,
            line=one.get("lastLine", 0),
            message=one["message"],
            extract=" ".join(one.get("extract", "").split())[:160],
        )
        for one in json.loads(said)["messages"]
    ]
