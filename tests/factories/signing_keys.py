"""Demo keys for tests that sign: made once for a process, then written into each test's database and folder.

Making them takes longer than most tests: five key pairs, their certificates, and files that are forced to the disk.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from certificates.models import SigningKey
from certificates.services.keys import DEMO_ROOT, make_demo_keys
from certificates.services.signers import clear_signer_cache


@dataclass(frozen=True)
class KeySet:
    rows: tuple[SigningKey, ...]
    # Names and contents below SEALING_KEYS_DIR: private keys, the demo authority and its revocation list.
    files: dict[str, bytes]


_made: list[KeySet] = []


def with_demo_keys() -> list[SigningKey]:
    """An active demo key for every role in this test's database, and no signer remembered from another."""
    if SigningKey.objects.exists() or not settings.ALLOW_DEMO_CERTIFICATES:
        keys = make_demo_keys()
    elif _made and all(row.active_from <= timezone.now() for row in _made[0].rows):
        keys = write(_made[0])
    else:
        keys = make_demo_keys()
        _made[:] = [KeySet(tuple(map(copied, keys)), files_of(settings.SEALING_KEYS_DIR, keys))]
    clear_signer_cache()
    return keys


def write(made: KeySet) -> list[SigningKey]:
    folder: Path = settings.SEALING_KEYS_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in made.files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
    return SigningKey.objects.bulk_create(map(copied, made.rows))


def files_of(folder: Path, keys: list[SigningKey]) -> dict[str, bytes]:
    paths = [folder / key.place.removeprefix("file:") for key in keys]
    return {path.name: path.read_bytes() for path in [*paths, *folder.glob(f"{DEMO_ROOT}.*")]}


def copied(key: SigningKey) -> SigningKey:
    """The same facts as a new row."""
    fields = [field for field in SigningKey._meta.concrete_fields if not field.primary_key]
    return SigningKey(**{field.attname: getattr(key, field.attname) for field in fields})
