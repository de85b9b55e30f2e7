"""Where the films of published versions lie: on our disk, or in a bucket of the operator's."""

from typing import cast

from django.conf import settings
from django.core.files.storage import storages

from media_pipeline.stores.base import Bucket, Store, StoreFailed
from media_pipeline.stores.disk import DiskStore

__all__ = ["Bucket", "Store", "StoreFailed", "current_store", "store_of", "the_bucket"]

DISK = DiskStore()
# The storage of Django that an engine brings (`media_pipeline/bucket`); films stay on the disk without one.
BUCKET = "films"


def current_store() -> Store:
    """Where the films of the next version go."""
    return the_bucket() if BUCKET in settings.STORAGES else DISK


def store_of(rendition_set: str) -> Store:
    """Where the films of a version lie whose `PublishedVersion.films` these are. Raises StoreFailed."""
    return the_bucket() if rendition_set else DISK


def the_bucket() -> Bucket:
    """The bucket. Its class is imported with its first use only. Raises StoreFailed where none is set up."""
    if BUCKET not in settings.STORAGES:
        raise StoreFailed("these films are in a bucket, and none is set up")
    return cast("Bucket", storages[BUCKET])
