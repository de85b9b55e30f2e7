"""What comes round by the clock."""

from celery import shared_task

from accounts.services.login_notices import deliver_login_notices


@shared_task
def tell_of_logins() -> None:
    """Tell people what others did to their login."""
    deliver_login_notices()
