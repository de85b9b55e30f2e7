"""The cache of the embedded mode: files, which hold counters of failed logins that other entries must not evict."""

import os
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache

if TYPE_CHECKING:
    # The type stubs leave out the attributes that a subclass needs.
    FileCache = Any
else:
    FileCache = FileBasedCache

# One write in so many looks for expired entries, among so many files.
WRITES_BETWEEN = 1000
FILES_LOOKED_AT = 3000


class CountersCache(FileCache):
    """Django's own lists all files with every write, so it has to hold few; beyond them it drops a third at random.

    A guesser who fills it with counters of invented names would evict the counters of real ones. This one holds
    many entries, and deletes expired ones only.

    `add` is what django-allauth locks a counter with: of two at once one succeeds here, where Django's own lets both.
    """

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        if self.has_key(key, version):
            return False
        self._createdir()
        self._cull()
        descriptor, whole = tempfile.mkstemp(dir=self._dir)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no path
                self._write_content(file, timeout, value)
            os.link(whole, self._key_to_file(key, version))
        except FileExistsError:
            return False
        finally:
            os.unlink(whole)  # noqa: PTH108 - as it was made
        return True

    def _cull(self) -> None:
        if random.randrange(WRITES_BETWEEN):  # noqa: S311 - no secret
            return
        self.delete_expired()
        super()._cull()

    def delete_expired(self) -> None:
        files = self._list_cache_files()
        for name in random.sample(files, min(FILES_LOOKED_AT, len(files))):
            try:
                with Path(name).open("rb") as file:
                    # Deletes it, too.
                    self._is_expired(file)
            except FileNotFoundError:
                # Another process was first.
                continue
