"""Receivers of signals of other apps."""

from typing import Any

from django.dispatch import receiver

from accounts.models import Membership, User
from accounts.signals import login_closed, role_ended
from jobs.signals import part_changed
from media_pipeline.models import TranscodeStep
from media_pipeline.services.jobs.advancing import advance
from media_pipeline.services.revocations import revoke_playback, viewer_of


@receiver(login_closed, dispatch_uid="media_pipeline.end_addresses_of_closed_login")
def closed_login_stops_watching(user: User, **_: Any) -> None:
    revoke_playback(viewer=viewer_of(user))


@receiver(role_ended, dispatch_uid="media_pipeline.end_addresses_of_ended_role")
def ended_role_stops_watching(membership: Membership, **_: Any) -> None:
    revoke_playback(viewer=viewer_of(membership.user))


@receiver(part_changed, sender=TranscodeStep, dispatch_uid="media_pipeline.advance_the_job_of_a_step")
def preparation_follows_its_step(whole_id: int, **_: Any) -> None:
    advance(job_id=whole_id)
