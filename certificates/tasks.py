"""Celery tasks: each gets ids and calls its service."""

from celery.schedules import crontab

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
from jobs.declaring import Queue, task

# Files of one run: about 20 seconds with a near authority; a time limit ends a run with a slow one.
ARCHIVED_AT_ONCE = 200


@task(Queue.CERTIFICATES, name="certificates.render", time_limit=120)
def render(job_id: int) -> None:
    """Draw and seal one certificate."""
    render_certificate(job_id=job_id)


@task(Queue.CERTIFICATES, name="certificates.render_chunk", time_limit=300)
def render_chunk(job_ids: list[int]) -> None:
    """Draw and seal some, one after the other."""
    render_certificates(job_ids=job_ids)


@task(Queue.DEFAULT, every=60, name="certificates.purge_files")
def purge_files() -> None:
    """Delete expired bundles, and files that killed workers left."""
    delete_abandoned_files()
    purge_bundles()


@task(Queue.CERTIFICATES, name="certificates.make_bundle", time_limit=3600)
def make_bundle(bundle_id: int) -> None:
    """Make one file of the papers of a proposal."""
    bundles.make_bundle(bundle_id=bundle_id)


@task(Queue.MESSAGES, every=60, name="certificates.send_notices")
def send_notices() -> None:
    """End suspensions by their date; plan reminders before certificates and terms of fees end; send due notices."""
    lapse_suspensions()
    plan_reminders()
    deliver_notices()
    plan_fee_notices()
    deliver_fee_notices()


@task(Queue.DEFAULT, every=crontab(hour=22, minute=40), name="certificates.purge_lookups")
def purge_lookups() -> None:
    """Delete who looked up certificates, opened shared ones and asked the API long ago."""
    purge_old_lookups()
    purge_old_openings()
    purge_old_uses()


@task(Queue.DEFAULT, name="certificates.deliver", time_limit=120)
def deliver(webhook_id: int) -> None:
    """Send one event to the address of a client."""
    webhooks.deliver(webhook_id=webhook_id)


@task(Queue.CERTIFICATES, every=crontab(hour=0, minute=10), name="certificates.archive", time_limit=900)
def archive() -> None:
    """Add long-term evidence to a part of the files; dispatches itself again until one run archives nothing."""
    if archive_certificates(limit=ARCHIVED_AT_ONCE):
        archive.delay()
