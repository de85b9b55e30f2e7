"""Celery tasks: each gets ids and calls its service."""

from celery import shared_task

from certificates.services import bundles, webhooks
from certificates.services.archiving import archive_certificates
from certificates.services.bundles import purge_bundles
from certificates.services.clients import purge_old_uses
from certificates.services.fee_notices import deliver_fee_notices, plan_fee_notices
from certificates.services.file_storage import delete_abandoned_files
from certificates.services.notices import deliver_notices, plan_reminders
from certificates.services.rendering import render_certificate, render_certificates
from certificates.services.sharing import purge_old_openings
from certificates.services.statuses import lapse_suspensions
from certificates.services.verification import purge_old_lookups

# Files of one run: about 20 seconds with a near authority; a time limit ends a run with a slow one.
ARCHIVED_AT_ONCE = 200


@shared_task(name="certificates.render", time_limit=120)
def render(job_id: int) -> None:
    render_certificate(job_id=job_id)


@shared_task(name="certificates.render_chunk", time_limit=300)
def render_chunk(job_ids: list[int]) -> None:
    render_certificates(job_ids=job_ids)


@shared_task(name="certificates.purge_files")
def purge_files() -> None:
    delete_abandoned_files()
    purge_bundles()


@shared_task(name="certificates.make_bundle", time_limit=3600)
def make_bundle(bundle_id: int) -> None:
    bundles.make_bundle(bundle_id=bundle_id)


@shared_task(name="certificates.send_notices")
def send_notices() -> None:
    lapse_suspensions()
    plan_reminders()
    deliver_notices()
    plan_fee_notices()
    deliver_fee_notices()


@shared_task(name="certificates.purge_lookups")
def purge_lookups() -> None:
    purge_old_lookups()
    purge_old_openings()
    purge_old_uses()


@shared_task(name="certificates.deliver", time_limit=120)
def deliver(webhook_id: int) -> None:
    webhooks.deliver(webhook_id=webhook_id)


@shared_task(name="certificates.archive", time_limit=900)
def archive() -> None:
    """Archive a part of the files; dispatches itself again until one run archives nothing."""
    if archive_certificates(limit=ARCHIVED_AT_ONCE):
        archive.delay()
