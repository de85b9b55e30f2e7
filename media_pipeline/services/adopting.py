"""Makes a video of a film that lies on our own disk already, made by another app."""

import hashlib
import uuid
from pathlib import Path

from django.db import transaction

from accounts.models import Center, User
from media_pipeline.models import Video
from media_pipeline.services.room import guard_room
from media_pipeline.services.sources import add_video
from media_pipeline.transcoding.sniff import sniff_container


def adopt_film(
    *, public_id: uuid.UUID, center_id: int, title: str, name: str, film: Path, by: User | None
) -> Video:
    """Make a video of `film`, which stays where it is, and queue its preparation. Raises QuotaReached, DiskFull.

    Asked again with the same `public_id`, it gives the video that was made: a caller that died may begin anew.
    """
    container = sniff_container(film)
    with film.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        center = Center.objects.select_for_update(no_key=True).get(pk=center_id)
        made = Video.objects.filter(public_id=public_id, center=center).first()
        if made is not None:
            return made
        guard_room(center=center, size=film.stat().st_size)
        return add_video(
            public_id=public_id,
            center=center,
            title=title[:200],
            original_name=name[:255],
            file=film,
            container=container,
            sha256=digest,
            by=by,
        )


@transaction.atomic
def require_room(*, center_id: int, size: int) -> None:
    """Ask before a long work whether its film would fit. Raises QuotaReached, DiskFull."""
    guard_room(center=Center.objects.select_for_update(no_key=True).get(pk=center_id), size=size)
