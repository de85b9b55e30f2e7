"""The ministry's table of fees: what was due on a day stays what it was."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.enums import FeeFor
from certificates.errors import FeeHasBegun, FeeInThePast, FeeOfThatDay, NotForYou
from certificates.models import CredentialType, Fee, SettledFee
from courses.models import SkillLevel


@transaction.atomic
def set_fee(
    *,
    type_: CredentialType,
    due_for: FeeFor,
    level: SkillLevel | None,
    amount: Decimal,
    since: dt.date,
    by: User,
) -> Fee:
    """Set a fee from a day on. The first one of a kind may have begun before it was entered here. Raises FeeInThePast, FeeOfThatDay,
    NotForYou.
    """
    fee = Fee(type=type_, due_for=due_for, level=level, amount=amount, since=since)
    if not may(by, Act.SET_RULES, on=type_):
        raise NotForYou
    is_first = not Fee.objects.filter(type=type_, due_for=due_for).exists()
    if since < timezone.localdate() and not is_first:
        raise FeeInThePast
    _check_day(fee)
    fee.save()
    data = {
        "amount": f"{fee.amount:.2f}",
        "due_for": str(fee.due_for),
        "level": fee.level.code if fee.level else "",
        "since": fee.since.isoformat(),
    }
    log(fee, "certificates.fee.set", user=by, data=data)
    return fee


@transaction.atomic
def change_fee(*, fee_id: int, amount: Decimal, since: dt.date, by: User) -> Fee:
    """Correct the amount or the first day of a fee on which nothing was paid, until that day is over.

    Raises FeeHasBegun, FeeInThePast, FeeOfThatDay, NotForYou.
    """
    fee = Fee.objects.select_for_update(of=("self",)).select_related("type", "level").get(pk=fee_id)
    today = timezone.localdate()
    if not may(by, Act.SET_RULES, on=fee):
        raise NotForYou
    settled = SettledFee.objects.filter(type=fee.type, due_for=fee.due_for, paid_on__gte=fee.since)
    if fee.since < today or settled.exists():
        raise FeeHasBegun
    if since < today:
        raise FeeInThePast
    data = {
        "amount": f"{amount:.2f}",
        "amount_before": f"{fee.amount:.2f}",
        "since": since.isoformat(),
        "since_before": fee.since.isoformat(),
    }
    fee.amount, fee.since = amount, since
    _check_day(fee)
    fee.save(update_fields=["amount", "since"])
    log(fee, "certificates.fee.change", user=by, data=data)
    return fee


def _check_day(fee: Fee) -> None:
    same = Fee.objects.filter(type=fee.type, due_for=fee.due_for, level=fee.level, since=fee.since)
    if same.exclude(pk=fee.pk).exists():
        raise FeeOfThatDay
