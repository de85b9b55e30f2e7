"""Tasks that index programs for the search, on demand and periodic."""

from celery import shared_task

from courses.services import search_index


@shared_task
def index_programs() -> None:
    """Index what changed."""
    search_index.index_programs()


@shared_task
def index_all_programs() -> None:
    """Index everything: cohorts end with the day."""
    search_index.index_all()
