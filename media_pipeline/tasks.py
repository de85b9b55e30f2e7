"""Bells. The rows say what is to be done; a bell that is lost or rings twice changes nothing."""

from celery import shared_task

from media_pipeline import services


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def transcode(job_id: int) -> None:
    """Work on one job."""
    services.run_job(job_id=job_id)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Ring again for jobs that nobody took or whose worker died. For beat, every 30 s."""
    services.sweep_jobs()


@shared_task(ignore_result=True)
def forget_watching() -> None:
    """Remove viewings older than 48 h. For beat, every hour."""
    services.forget_watch_sessions()


@shared_task(ignore_result=True)
def sweep_marks() -> None:
    """End the addresses of roles that ended by their date; bring the files of the marks in line. For beat."""
    services.end_addresses_of_lapsed_roles()
    services.sweep_marks()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def check_upload(upload_id: int) -> None:
    """Read a file that has arrived whole, and take it over."""
    services.check_upload(upload_id=upload_id)


@shared_task(ignore_result=True)
def sweep_uploads() -> None:
    """Forget what nobody finished within a day; ring again for files that nobody checked. For beat, every minute."""
    services.sweep_uploads()
