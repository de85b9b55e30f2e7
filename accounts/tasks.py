"""What comes round by the clock."""

from celery import shared_task

from accounts.services import drop_lapsed_authors as drop_lapsed
from accounts.services.login_notices import deliver_login_notices
from accounts.services.sessions import purge_sessions as purge_ended


@shared_task
def drop_lapsed_authors() -> None:
    """Follow roles that began or ended by their date into the groups Wagtail asks."""
    drop_lapsed()


@shared_task
def purge_sessions() -> None:
    """Delete sessions that are over."""
    purge_ended()


@shared_task
def tell_of_logins() -> None:
    """Tell people what others did to their login."""
    deliver_login_notices()
