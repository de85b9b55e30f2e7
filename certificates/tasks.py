"""Long work: a body fetches by id and calls its service."""

from celery import shared_task

from certificates.services import bundles, logbook, webhooks
from certificates.services.archiving import archive_papers
from certificates.services.bundles import purge_bundles
from certificates.services.clients import forget_old_uses
from certificates.services.keeping import forget_unfinished_files
from certificates.services.logbook import append_events
from certificates.services.notices import deliver_notices, plan_reminders
from certificates.services.rendering import render_certificate, render_certificates
from certificates.services.sharing import forget_old_openings
from certificates.services.verification import forget_old_lookups

# A part of a night: some 20 seconds with an authority on the other side of the town; a slow one ends it by the clock.
ARCHIVED_AT_ONCE = 200


@shared_task(name="certificates.render", time_limit=120)
def render(job_id: int) -> None:
    render_certificate(job_id=job_id)


@shared_task(name="certificates.render_chunk", time_limit=300)
def render_chunk(job_ids: list[int]) -> None:
    render_certificates(job_ids=job_ids)


@shared_task(name="certificates.purge_files")
def purge_files() -> None:
    forget_unfinished_files()
    purge_bundles()


@shared_task(name="certificates.make_bundle", time_limit=3600)
def make_bundle(bundle_id: int) -> None:
    bundles.make_bundle(bundle_id=bundle_id)


@shared_task(name="certificates.tell_holders")
def tell_holders() -> None:
    plan_reminders()
    deliver_notices()


@shared_task(name="certificates.forget_lookups")
def forget_lookups() -> None:
    forget_old_lookups()
    forget_old_openings()
    forget_old_uses()


@shared_task(name="certificates.deliver", time_limit=120)
def deliver(webhook_id: int) -> None:
    webhooks.deliver(webhook_id=webhook_id)


@shared_task(name="certificates.append_to_log")
def append_to_log() -> None:
    append_events()


@shared_task(name="certificates.seal_checkpoint")
def seal_checkpoint() -> None:
    logbook.seal_checkpoint()


@shared_task(name="certificates.archive", time_limit=900)
def archive() -> None:
    """A part of the night's work; asks for the next part until one archives nothing."""
    if archive_papers(limit=ARCHIVED_AT_ONCE):
        archive.delay()
