"""Taking personal data out of the audit trail, where the law asks for it: the rows stay, and still verify."""

import datetime as dt

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.errors import DomainError
from accounts.models import AuditEntry, Person, User

ERASE = "accounts.audit.erase"
EXPIRE = "accounts.audit.expire_addresses"


class ErasureNeedsReason(DomainError):
    message = _("Say on which legal basis the data are erased.")


@transaction.atomic
def erase_personal_data(*, person_id: int, reason: str, by: User | None) -> list[int]:
    """Erase the words (name of the row, reason, data) of every row about a person. Returns the numbers of the rows.

    When, who, what and which key stay, with the digest. Which rows were erased is logged; that row keeps no name.
    Raises `ErasureNeedsReason`.
    """
    if not reason.strip():
        raise ErasureNeedsReason
    person = Person.everyone.select_for_update(of=("self",)).get(pk=person_id)
    records = Person.everyone.records_of(person.pk).order_by().values("pk")
    about = AuditEntry.objects.filter(person__in=records, erased_at=None).exclude(action=ERASE)
    numbers = list(about.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_erase_audit(%s)", [numbers])
        erased: list[int] = cursor.fetchone()[0]
    log(person, ERASE, user=by, title=f"#{person.pk}", data={"rows": erased, "reason": reason.strip()})
    return erased


@transaction.atomic
def expire_addresses() -> int:
    """Erase the IP addresses of rows older than AUDIT_ADDRESS_DAYS; 0 keeps them. Returns of how many rows."""
    days = settings.AUDIT_ADDRESS_DAYS
    if not days:
        return 0
    before = timezone.now() - dt.timedelta(days=days)
    last = AuditEntry.objects.filter(address__isnull=False, at__lt=before).first()
    if last is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_expire_audit_addresses(%s)", [before])
        expired: int = cursor.fetchone()[0]
    log(last, EXPIRE, data={"before": before.isoformat(), "rows": expired})
    return expired
