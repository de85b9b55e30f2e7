"""What comes round by the clock."""

from celery import shared_task

from accounts.services.login_notices import deliver_login_notices
from accounts.services.sessions import purge_sessions as purge_ended


@shared_task
def purge_sessions() -> None:
    """Delete sessions that are over."""
    purge_ended()


@shared_task
def tell_of_logins() -> None:
    """Tell people what others did to their login."""
    deliver_login_notices()
