"""Periodic tasks of the whole site."""

from celery import shared_task

from lms import publishing


@shared_task(name="lms.publish_due", time_limit=600)
def publish_due() -> None:
    publishing.publish_due()
