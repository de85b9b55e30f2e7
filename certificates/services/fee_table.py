"""The ministry's table of fees: what was due on a day stays what it was."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from accounts.services.formatting import format_pounds
from certificates.enums import FeeFor
from certificates.errors import FeeHasBegun, FeeInThePast, FeeOfThatDay, NotForYou, PeopleWaitForIt
from certificates.models import CredentialType, Fee, SettledFee
from certificates.queries.fees import people_who_wait_for
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
    confirmed_for: int = 0,
) -> Fee:
    """Set a fee from a day on. The first one of a kind may have begun before it was entered here.

    `confirmed_for`: how many people may wait for a certificate of which it changes what is due. Raises FeeInThePast, FeeOfThatDay,
    NotForYou, PeopleWaitForIt.
    """
    fee = Fee(type=type_, due_for=due_for, level=level, amount=amount, since=since)
    if not may(by, Act.SET_RULES, on=type_):
        raise NotForYou
    is_first = not Fee.objects.filter(type=type_, due_for=due_for).exists()
    if since < timezone.localdate() and not is_first:
        raise FeeInThePast
    _check_day(fee)
    _check_people(fee, confirmed_for)
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
def change_fee(*, fee_id: int, amount: Decimal, since: dt.date, by: User, confirmed_for: int = 0) -> Fee:
    """Correct the amount or the first day of a fee on which nothing was paid, until that day is over.

    `confirmed_for` as in `set_fee`. Raises FeeHasBegun, FeeInThePast, FeeOfThatDay, NotForYou, PeopleWaitForIt.
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
    if (amount, since) == (fee.amount, fee.since):
        return fee
    data = {
        "amount": f"{amount:.2f}",
        "amount_before": f"{fee.amount:.2f}",
        "since": since.isoformat(),
        "since_before": fee.since.isoformat(),
    }
    fee.amount, fee.since = amount, since
    _check_day(fee)
    _check_people(fee, confirmed_for)
    fee.save(update_fields=["amount", "since"])
    log(fee, "certificates.fee.change", user=by, data=data)
    return fee


def _check_day(fee: Fee) -> None:
    same = Fee.objects.filter(type=fee.type, due_for=fee.due_for, level=fee.level, since=fee.since)
    if same.exclude(pk=fee.pk).exists():
        raise FeeOfThatDay


def _check_people(fee: Fee, confirmed_for: int) -> None:
    people = people_who_wait_for(fee)
    if people > confirmed_for:
        raise PeopleWaitForIt(people=people, amount=format_pounds(fee.amount) if fee.amount else "")
