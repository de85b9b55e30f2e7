"""Revokes playback addresses before they expire: a viewer who may no longer watch gets no further segment.

A revocation is a row and an empty file named by the tag in the address. nginx and the embedded mode look for the file
before every response, so that no response costs a query; the row is authoritative, and `sync_revocations` updates the
files to match.
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
# Addresses are rounded up to a quarter of their lifetime; the rest allows for clock skew.
KEPT = LONGEST_LIFETIME * 1.25 + dt.timedelta(hours=1)
# A page that checked the permission before the revocation may sign after it: for so long it gets revoked addresses.
EFFECTIVE_AFTER = dt.timedelta(seconds=10)


def viewer_of(user: User | AnonymousUser) -> str:
    """How `sign_playback` and `revoke_playback` name a login."""
    return f"user-{user.pk}"


def viewer_tag(viewer: str, revocation_id: int | None = None) -> str:
    """A viewer as 16 hexadecimal digits, a keyed hash that changes with each revocation."""
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
    """Revoke every address that `viewer` was given until now. Safe to repeat."""
    revocation, _ = PlaybackRevocation.objects.update_or_create(
        tag=current_tag(viewer), defaults={"revoked_at": timezone.now()}, create_defaults={"viewer": viewer}
    )
    # Should this fail, `sync_revocations` creates the file.
    transaction.on_commit(lambda: _publish(revocation.tag), robust=True)
    return revocation


@transaction.atomic
def revoke_playback_of_ended_roles() -> list[PlaybackRevocation]:
    """Revoke the addresses of everyone whose role ended by its date last midnight. Safe to repeat.

    People with other roles get new addresses when they next open a page.
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
    """Delete revocations whose addresses have all expired; create missing files, remove files without a row."""
    PlaybackRevocation.objects.filter(revoked_at__lt=timezone.now() - KEPT).delete()
    # List the files first: each is created after its row is committed, so a file without a row now is obsolete.
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
    """Whether addresses with this tag are revoked, as nginx checks it."""
    return (revocations_folder() / tag).is_file()
