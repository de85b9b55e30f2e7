"""Programs of Debian packages that judge or carry what we make. `scripts/install-debian-packages` has them all."""

import os
import shutil

import pytest


def program(name: str, *, package: str) -> str:
    """Where it is. Without its package a test that asks for it is skipped, and says so."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"Debian's {package} is not installed")
    return found
