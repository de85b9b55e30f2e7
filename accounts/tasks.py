"""Codes by short message, and periodic tasks."""

from celery.schedules import crontab

from accounts.services.audit_erasing import expire_addresses
from accounts.services.audit_sealing import seal_due_days
from accounts.services.code_messages import send_code as make_and_send
from accounts.services.codes import purge_codes as purge_old_codes
from accounts.services.deliveries import purge_deliveries as purge_old_deliveries
from accounts.services.digests import make_digests as make_digests_of
from accounts.services.digests import purge_digests, request_digests
from accounts.services.digests import send_digests as send_made_digests
from accounts.services.earlier_numbers import deliver_earlier_number_notices
from accounts.services.lendings import tell_due_deputies
from accounts.services.login_notices import deliver_login_notices
from accounts.services.sessions import purge_sessions as purge_ended
from accounts.services.site_notices import purge_site_notices as purge_old_site_notices
from accounts.services.view_as import purge_views
from jobs.declaring import Queue, task


@task(Queue.DEFAULT, every=crontab(minute=40))
def purge_sessions() -> None:
    """Delete sessions that are over."""
    purge_ended()


@task(Queue.MESSAGES, every=60)
def send_login_notices() -> None:
    """Send notices about logins, and to numbers that were changed."""
    deliver_login_notices()
    deliver_earlier_number_notices()


@task(Queue.DEFAULT, every=crontab(minute=10))
def tell_deputies() -> None:
    """Write the notices of deputies that began or ended by their dates."""
    tell_due_deputies()


@task(Queue.DEFAULT, every=900)
def seal_audit() -> None:
    """Seal the days of the audit trail that are over. Soon again, where a long transaction was in the way."""
    seal_due_days()


@task(Queue.DEFAULT, every=crontab(hour=1, minute=20))
def expire_audit_addresses() -> None:
    """Erase old IP addresses in the audit trail."""
    expire_addresses()


@task(Queue.DEFAULT, every=crontab(hour=1, minute=5))
def purge_deliveries() -> None:
    """Delete what became of old messages."""
    purge_old_deliveries()


@task(Queue.DEFAULT, every=crontab(hour=1, minute=15))
def purge_site_notices() -> None:
    """Delete old notices on the site, daily messages about them, and which staff looked at whose pages as long ago."""
    purge_old_site_notices()
    purge_views()
    purge_digests()


@task(Queue.MESSAGES, every=60)
def send_digests() -> None:
    """Have the daily messages of this hour made, and send those that were made."""
    request_digests()
    send_made_digests()


@task(Queue.DEFAULT, time_limit=300)
def make_digests(run_id: int) -> None:
    """Make the daily messages of an hour, for a minute at most; what is left is dispatched again."""
    make_digests_of(run_id=run_id)


@task(Queue.MESSAGES)
def send_code(challenge_id: int) -> None:
    """Make a code and send it by short message."""
    make_and_send(challenge_id=challenge_id)


@task(Queue.DEFAULT, every=crontab(minute=45))
def purge_codes() -> None:
    """Delete requests for codes that are old."""
    purge_old_codes()
