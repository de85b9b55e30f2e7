"""Ends addresses before their time: whoever loses the right to watch gets no further segment.

A mark is a row and an empty file named by the tag in the address. The file is what nginx and the embedded mode look
for before every answer, so that no answer costs a question to the database; the row is the truth, and the sweep
brings the files in line with it.
"""

import datetime as dt
import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, User
from media_pipeline.folders import revocations_folder
from media_pipeline.models import PlaybackRevocation

# No address is signed for longer.
LONGEST_LIFETIME = dt.timedelta(hours=24)
# Addresses are rounded up to a quarter of their life; the rest is for clocks that disagree.
KEPT = LONGEST_LIFETIME * 1.25 + dt.timedelta(hours=1)
# A page that asked "may this person watch?" before the mark may sign after it: so long it is given ended addresses.
EFFECTIVE_AFTER = dt.timedelta(seconds=10)


def viewer_of(user: User | AnonymousUser) -> str:
    """How `sign_playback` and `revoke_playback` name a login."""
    return f"user-{user.pk}"


def viewer_tag(viewer: str, revocation_id: int | None = None) -> str:
    """16 hexadecimal digits that name a viewer, as signed for after a mark, to who holds the secret."""
    text = f"viewer {viewer}" if revocation_id is None else f"viewer {viewer} after {revocation_id}"
    return hmac.new(settings.MEDIA_LINK_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()[:16]


def current_tag(viewer: str) -> str:
    """The tag that addresses signed now carry."""
    effective = PlaybackRevocation.objects.filter(
        viewer=viewer, revoked_at__lte=timezone.now() - EFFECTIVE_AFTER
    )
    return viewer_tag(viewer, effective.order_by("-pk").values_list("pk", flat=True).first())


@transaction.atomic
def revoke_playback(*, viewer: str) -> PlaybackRevocation:
    """End every address that `viewer` was given until now. Safe to repeat."""
    revocation, _ = PlaybackRevocation.objects.update_or_create(
        tag=current_tag(viewer), defaults={"revoked_at": timezone.now()}, create_defaults={"viewer": viewer}
    )
    # Should this fail, the sweep makes up for it.
    transaction.on_commit(lambda: _publish(revocation.tag), robust=True)
    return revocation


@transaction.atomic
def revoke_playback_of_ended_roles() -> list[PlaybackRevocation]:
    """End the addresses of everybody whose role ended by its date last midnight. Safe to repeat.

    Who has other roles is signed for again when they next open a page.
    """
    today = timezone.localdate()
    midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    ended = Membership.objects.filter(until=today - dt.timedelta(days=1)).order_by("user")
    revoked = set(
        PlaybackRevocation.objects.filter(revoked_at__gte=midnight).values_list("viewer", flat=True)
    )
    viewers = dict.fromkeys(viewer_of(membership.user) for membership in ended.select_related("user"))
    return [revoke_playback(viewer=viewer) for viewer in viewers if viewer not in revoked]


def sync_revocations() -> None:
    """Forget marks whose addresses have all expired; publish what was not published, remove what nobody marks."""
    PlaybackRevocation.objects.filter(revoked_at__lt=timezone.now() - KEPT).delete()
    # Files first: each was made after its row was committed, so whatever has no row now has none any more.
    files = {path.name for path in revocations_folder().iterdir()} if revocations_folder().is_dir() else set()
    tags = set(PlaybackRevocation.objects.values_list("tag", flat=True))
    for tag in tags - files:
        _publish(tag)
    for name in files - tags:
        (revocations_folder() / name).unlink(missing_ok=True)


def _publish(tag: str) -> None:
    revocations_folder().mkdir(parents=True, exist_ok=True)
    (revocations_folder() / tag).touch()


def is_revoked(tag: str) -> bool:
    """Whether addresses with this tag have ended, as nginx sees it."""
    return (revocations_folder() / tag).is_file()
