"""A viewer who may no longer watch gets no further segment; one who may watch again gets new addresses."""

import contextlib
import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.enums import RoleName
from accounts.models import User
from accounts.services.identity_documents import UnknownCountry
from accounts.services.logins import deactivate_login, reactivate_login
from accounts.services.memberships import end_role
from media_pipeline.folders import published_folder, revocations_folder
from media_pipeline.models import PlaybackRevocation, Video
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import (
    EFFECTIVE_AFTER,
    KEPT,
    LONGEST_LIFETIME,
    is_revoked,
    revoke_playback,
    revoke_playback_of_ended_roles,
    sync_revocations,
    viewer_of,
)
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.media_pipeline import published_video

Sign = Callable[[User], str]


@pytest.fixture
def video(db: None) -> Video:
    video = published_video()
    folder = published_folder() / video.published.path
    folder.mkdir(parents=True)
    (folder / "144p.mp4").write_bytes(bytes(1000))
    return video


@pytest.fixture
def sign(video: Video) -> Sign:
    """The address of a rendition, as the page of a lesson has it."""

    def film_of(user: User) -> str:
        playback = sign_playback(video=video, viewer=viewer_of(user))
        return next(rendition.file_url for rendition in playback.renditions if rendition.name == "144p")

    return film_of


@pytest.fixture
def trainee(db: None) -> User:
    return UserFactory()


def tag_in(address: str) -> str:
    return re.search(r"/v/\d+-([0-9a-f]{16})/", address)[1]


def make_effective(user: User) -> None:
    """Let the time pass in which a page that checked before the revocation may still sign."""
    PlaybackRevocation.objects.filter(viewer=viewer_of(user)).update(
        revoked_at=timezone.now() - EFFECTIVE_AFTER
    )


def status(address: str) -> int:
    return Client().head(address, headers={"Range": "bytes=0-99"}).status_code


def test_the_next_segment_after_deactivation_is_refused_and_reactivation_gives_new_addresses(
    sign: Sign,
    trainee: User,
    superuser: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    address = sign(trainee)
    before = status(address)

    with django_capture_on_commit_callbacks(execute=True):
        deactivate_login(user_id=trainee.pk, reason="left", by=superuser)
    after = status(address)
    reactivate_login(user_id=trainee.pk, reason="came back", by=superuser)
    make_effective(trainee)

    assert (before, after) == (206, 410)
    assert (status(sign(trainee)), status(address)) == (206, 410)


def test_ending_a_role_revokes_the_addresses(
    sign: Sign, superuser: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    membership = MembershipFactory(role=RoleName.INSTRUCTOR)
    address = sign(membership.user)

    with django_capture_on_commit_callbacks(execute=True):
        end_role(membership_id=membership.pk, reason="retired", by=superuser)

    assert is_revoked(tag_in(address))


def test_a_role_that_ends_by_its_date_revokes_the_addresses_once(
    sign: Sign, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    today = timezone.localdate()
    since = today - dt.timedelta(days=30)
    lapsed = MembershipFactory(role=RoleName.INSTRUCTOR, since=since, until=today - dt.timedelta(days=1)).user
    lasting = MembershipFactory(role=RoleName.INSTRUCTOR, since=since, until=today).user
    addresses = {user: sign(user) for user in (lapsed, lasting)}

    with django_capture_on_commit_callbacks(execute=True):
        first, again = revoke_playback_of_ended_roles(), revoke_playback_of_ended_roles()

    assert (len(first), again) == (1, [])
    assert is_revoked(tag_in(addresses[lapsed]))
    assert not is_revoked(tag_in(addresses[lasting]))


def test_other_viewers_are_not_disturbed(sign: Sign, trainee: User):
    other = UserFactory()
    revoke_playback(viewer=viewer_of(trainee))

    sync_revocations()

    assert is_revoked(tag_in(sign(trainee)))
    assert not is_revoked(tag_in(sign(other)))


def test_a_page_that_checked_before_the_revocation_gets_a_revoked_address(sign: Sign, trainee: User):
    revocation = revoke_playback(viewer=viewer_of(trainee))

    late = tag_in(sign(trainee))
    make_effective(trainee)

    assert late == revocation.tag
    assert tag_in(sign(trainee)) != revocation.tag


def test_revoking_twice_has_one_effect_and_a_later_revocation_revokes_the_new_tag(sign: Sign, trainee: User):
    first = revoke_playback(viewer=viewer_of(trainee))
    assert revoke_playback(viewer=viewer_of(trainee)) == first
    make_effective(trainee)

    second = revoke_playback(viewer=viewer_of(trainee))

    assert second.tag != first.tag
    assert PlaybackRevocation.objects.filter(viewer=viewer_of(trainee)).count() == 2


def test_a_transaction_that_fails_revokes_nothing(
    trainee: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    with (
        django_capture_on_commit_callbacks(execute=True) as done,
        contextlib.suppress(UnknownCountry),
        transaction.atomic(),
    ):
        revoke_playback(viewer=viewer_of(trainee))
        raise UnknownCountry

    assert done == []
    assert not PlaybackRevocation.objects.exists()


def test_sync_updates_the_files_and_deletes_expired_revocations(trainee: User):
    lost = revoke_playback(viewer=viewer_of(trainee))
    old = revoke_playback(viewer="user-0")
    PlaybackRevocation.objects.filter(pk=old.pk).update(revoked_at=timezone.now() - KEPT)
    revocations_folder().mkdir(parents=True)
    for name in (old.tag, "0" * 16):
        (revocations_folder() / name).touch()

    sync_revocations()

    assert [path.name for path in revocations_folder().iterdir()] == [lost.tag]
    assert list(PlaybackRevocation.objects.all()) == [lost]


def test_no_address_outlives_its_revocation(video: Video):
    with pytest.raises(ValueError):
        sign_playback(video=video, viewer="user-1", lifetime=LONGEST_LIFETIME + dt.timedelta(seconds=1))

    playback = sign_playback(video=video, viewer="user-1", lifetime=LONGEST_LIFETIME)

    assert playback.expires_at < timezone.now() + KEPT
