"""What the settings ask of the environment, answered for one machine: secrets made once, kept in ``var/``."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def urlsafe_key() -> str:
    """32 random bytes in the form that Fernet (cryptography) reads."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


SECRETS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_ENCRYPTION_KEYS": urlsafe_key,
    "IDENTITY_HMAC_KEY": urlsafe_key,
    "MEDIA_LINK_SECRET": lambda: secrets.token_urlsafe(32),
}


def var_folder() -> Path:
    """The folder of everything that this checkout makes and git ignores."""
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def with_secrets(environment: dict[str, str]) -> dict[str, str]:
    """``environment`` with every secret it lacks: from ``var/secrets.json``, made there (mode 600) when new.

    Commands that start together on a new machine have the same secrets: the first one makes them, the others wait.
    """
    file = var_folder() / "secrets.json"
    with _alone(file.with_suffix(".lock")):
        kept = json.loads(file.read_text()) if file.exists() else {}
        missing = {name: make() for name, make in SECRETS.items() if name not in kept}
        if missing:
            kept |= missing
            write_private(file, json.dumps(kept, indent=2))
    return kept | environment


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """While this is open, another process that opens it waits. The system lets go of it where a process is killed."""
    with os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_private(file: Path, text: str) -> None:
    """Replace ``file`` atomically; only its owner can read it at any moment."""
    unfinished = file.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    unfinished.replace(file)
