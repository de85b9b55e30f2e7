"""Periodic tasks of the whole site."""

from jobs.declaring import Queue, task
from lms import publishing


@task(Queue.DEFAULT, every=60, name="lms.publish_due", time_limit=600)
def publish_due() -> None:
    """Publish pages and certificate templates whose time has come, and take back those whose time is over."""
    publishing.publish_due()
