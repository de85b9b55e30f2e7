"""Daily housekeeping."""

from celery import shared_task

from accounts.services import drop_lapsed_authors as drop_lapsed


@shared_task
def drop_lapsed_authors() -> None:
    """Follow roles that began or ended by their date into the groups Wagtail asks."""
    drop_lapsed()
