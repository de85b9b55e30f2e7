"""Find a Python that runs the platform and let it set the checkout up.

Any Python may run this file, however old: it must print one clear line, not fail with a syntax error.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 12)
# Best known first. Names are looked up on PATH; a version manager may answer a name that it cannot run.
NAMES = ["python3.13", "python3.14", "python3.12", "python3", "python"]
FOLDERS = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
# A Python without ensurepip cannot make an environment by itself; it is taken where there is no better one.
QUESTION = (
    "import sys, importlib.util as u;"
    "print('%d %d %d' % (sys.version_info[0], sys.version_info[1], u.find_spec('ensurepip') is not None));"
    "print(sys.executable)"
)


def answer(candidate):
    """(path, version, is complete) of what really runs under this name, or None."""
    try:
        process = subprocess.Popen(
            [candidate, "-c", QUESTION],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
        )
        numbers, path = process.communicate()[0].splitlines()[:2]
        major, minor, is_complete = (int(number) for number in numbers.split())
    except (OSError, ValueError):
        return None
    return path, (major, minor), bool(is_complete)


def find_python(candidates):
    """The first candidate new enough and complete, else the first new enough, else None."""
    incomplete = None
    for candidate in candidates:
        found = answer(candidate)
        if found is None or found[1] < OLDEST:
            continue
        if found[2]:
            return found[0]
        incomplete = incomplete or found[0]
    return incomplete


def main():
    installed = os.path.join(ROOT, ".venv", "bin", "python")
    chosen = os.environ.get("PYTHON")
    python = find_python([chosen] if chosen else [installed])
    if python is None and not chosen:
        python = find_python(NAMES + [os.path.join(folder, name) for folder in FOLDERS for name in NAMES])
    if python is None:
        where = "PYTHON=%s is not one" % chosen if chosen else "none was found"
        return (
            "Python %d.%d or newer is needed and %s: install it (Debian: apt install python3 python3-venv)."
            % (OLDEST + (where,))
        )
    sys.stdout.flush()
    return subprocess.call([python, os.path.join(ROOT, "scripts", "set_up.py")] + sys.argv[1:])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
