"""Renditions in an S3-compatible bucket, by django-storages. Only named as a storage backend in the settings: importing
this costs half a second and 40 MB, which sites without a bucket do not pay."""

import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from media_pipeline.stores.base import BLOCK_BYTES, StoreFailed

ROOT = "films"
# The prefix of everything we write; nothing else is removed.
RENDITION_KEY = re.compile(
    rf"{ROOT}/(?P<rendition_set>[0-9a-f]{{32}}/[0-9a-f]{{32}})/[a-z0-9-]{{1,40}}\.mp4", re.ASCII
)
PART_BYTES = 8 * 2**20


class BucketStore(S3Storage):
    """`rendition_set` is `<public id of the video>/<32 random digits>`, the same below `films/` in the bucket."""

    def get_default_settings(self) -> dict[str, Any]:
        return {
            **super().get_default_settings(),
            "location": ROOT,
            # No credentials from the environment or files of other tools.
            "session_profile": None,
            "security_token": None,
            "object_parameters": {"CacheControl": "private, max-age=31536000, immutable"},
            "client_config": Config(
                signature_version="s3v4",
                # The origin of the addresses is then the endpoint's, which the content security policy names.
                s3={"addressing_style": "path"},
                # Servers other than Amazon's refuse the checksums that boto3 would add.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=10,
                read_timeout=60,
                retries={"mode": "standard", "total_max_attempts": 4},
            ),
            # In this thread, so that `on_tick` may query the database; one part in memory at a time.
            "transfer_config": TransferConfig(
                multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False
            ),
        }

    def put(self, package: Path, *, owner: str, on_tick: Callable[[], None]) -> str:
        rendition_set = f"{owner}/{secrets.token_hex(16)}"
        try:
            for path in sorted(package.glob("*.mp4")):
                self._upload(path, f"{rendition_set}/{path.name}", on_tick)
        except BaseException:
            with suppress(StoreFailed):
                self.drop(rendition_set)
            raise
        return rendition_set

    def _upload(self, path: Path, key: str, on_tick: Callable[[], None]) -> None:
        with path.open("rb") as file, _failures():
            self.save(key, _Watched(file, path.name, on_tick))
            there, here = self.size(key), path.stat().st_size
        if there != here:
            raise StoreFailed(f"{path.name}: {there} of {here} bytes arrived in the bucket")

    def drop(self, rendition_set: str) -> None:
        with _failures():
            for name in self.listdir(rendition_set)[1]:
                self.delete(f"{rendition_set}/{name}")

    def fetch(self, version: Path, rendition_set: str, name: str, *, folder: Path) -> Path:
        target = folder / name
        with _failures():
            self.bucket.download_file(
                f"{ROOT}/{rendition_set}/{name}", str(target), Config=self.transfer_config
            )
        return target

    def blocks(self, version: Path, rendition_set: str, name: str) -> Iterator[bytes]:
        try:
            with _failures():
                yield from (
                    self.bucket.Object(f"{ROOT}/{rendition_set}/{name}")
                    .get()["Body"]
                    .iter_chunks(BLOCK_BYTES)
                )
        except StoreFailed as failure:
            if isinstance(failure.__cause__, self.bucket.meta.client.exceptions.NoSuchKey):
                raise FileNotFoundError(name) from failure
            raise

    def address(self, rendition_set: str, name: str, *, seconds: int) -> str:
        return self.url(f"{rendition_set}/{name}", expire=seconds)

    def abandoned_before(self, *, before: dt.datetime) -> set[str]:
        with _failures():
            for upload in self.bucket.multipart_uploads.filter(Prefix=f"{ROOT}/"):
                if RENDITION_KEY.fullmatch(upload.object_key) and upload.initiated < before:
                    upload.Object().MultipartUpload(upload.id).abort()
        return self.written_before(before=before)

    def written_before(self, *, before: dt.datetime) -> set[str]:
        newest: dict[str, dt.datetime] = {}
        with _failures():
            for found in self.bucket.objects.filter(Prefix=f"{ROOT}/"):
                if ours := RENDITION_KEY.fullmatch(found.key):
                    rendition_set = ours["rendition_set"]
                    newest[rendition_set] = max(
                        found.last_modified, newest.get(rendition_set, found.last_modified)
                    )
        return {rendition_set for rendition_set, moment in newest.items() if moment < before}


class _Watched(File):
    """A file that calls `on_tick` whenever a part of it is read."""

    def __init__(self, file: IO[bytes], name: str, on_read: Callable[[], None]) -> None:
        super().__init__(file, name)
        self.watched = file
        self.on_read = on_read

    def read(self, *size: int) -> bytes:  # type: ignore[override]
        self.on_read()
        return self.watched.read(*size)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise StoreFailed(f"the bucket: {error}") from error
