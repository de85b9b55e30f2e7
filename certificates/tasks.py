"""Bells for long work: a body fetches by id and calls its service."""

from celery import shared_task

from certificates import services


@shared_task(name="certificates.render", time_limit=120)
def render(job_id: int) -> None:
    services.render_certificate(job_id=job_id)


@shared_task(name="certificates.sweep")
def sweep() -> None:
    services.sweep_render_jobs()


@shared_task(name="certificates.forget_lookups")
def forget_lookups() -> None:
    services.forget_old_lookups()
    services.forget_old_openings()
