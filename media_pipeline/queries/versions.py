"""Published versions that were replaced and are still shown."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from media_pipeline.models import PublishedVersion

# Gives the keys of versions that an app shows, as a query.
type Use = Callable[[], QuerySet[Any]]

_USES: list[Use] = []


def register_use(use: Use) -> Use:
    """Keep the versions whose keys this query gives, although they were replaced. A decorator, for apps that show videos."""
    _USES.append(use)
    return use


def unused_versions() -> QuerySet[PublishedVersion]:
    """Versions that no app shows in particular: the published one of a video is among them."""
    versions = PublishedVersion.objects.all()
    for use in _USES:
        versions = versions.exclude(pk__in=use())
    return versions
