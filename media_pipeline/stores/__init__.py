"""Selects the store of renditions: our disk, or a bucket."""

from typing import cast

from django.conf import settings
from django.core.files.storage import storages

from media_pipeline.stores.base import Bucket, Store, StoreFailed
from media_pipeline.stores.disk import DiskStore

__all__ = ["Bucket", "Store", "StoreFailed", "current_store", "store_of", "the_bucket"]

DISK = DiskStore()
# The Django storage that an optional engine defines (`media_pipeline/bucket`); without it renditions stay on the disk.
BUCKET = "films"


def current_store() -> Store:
    """The store of the next version's renditions."""
    return the_bucket() if BUCKET in settings.STORAGES else DISK


def store_of(rendition_set: str) -> Store:
    """The store of a version with this `PublishedVersion.rendition_set`. Raises StoreFailed."""
    return the_bucket() if rendition_set else DISK


def the_bucket() -> Bucket:
    """The bucket, imported at first use. Raises StoreFailed where none is configured."""
    if BUCKET not in settings.STORAGES:
        raise StoreFailed("this rendition set is in a bucket, and no bucket is configured")
    return cast("Bucket", storages[BUCKET])
