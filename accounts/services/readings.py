"""Who read the page of a person: a line in the audit trail, once for each reader, person and day."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import AuditEntry, Person, User

READ = "accounts.person.read"


@transaction.atomic
def note_reading(*, person: Person, by: User) -> None:
    """Nothing where it was noted today, or where it is one's own record. Two requests at once may write two lines."""
    if by.person_id == person.pk:
        return
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if not AuditEntry.objects.filter(person=person, by=by, action=READ, at__gte=today).exists():
        log(person, "accounts.person.read", user=by)
