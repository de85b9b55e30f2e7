"""Sheets of security paper: each is delivered, used, spoiled or missing once."""

import datetime as dt
import re
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.digits import latin_digits
from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import may
from certificates.enums import SheetState
from certificates.errors import (
    DeliveryInUse,
    NotAllowedHere,
    NotEnoughPaper,
    ReasonMissing,
    SheetNotFree,
    SheetsDelivered,
    SheetUnreadable,
    TooManySheets,
)
from certificates.models import Sheet, SheetDelivery
from certificates.models.security_paper import DIGITS, MOST_SHEETS, written
from certificates.queries.security_paper import free_sheets

_LABEL = re.compile(rf"([A-Z]{{0,6}})([0-9]{{1,{DIGITS}}})")
ROWS_AT_ONCE = 1000


def read_label(typed: str) -> tuple[str, int]:
    """The letters and the number of a sheet, as somebody types them. Raises SheetUnreadable."""
    found = _LABEL.fullmatch("".join(latin_digits(typed).split()).upper())
    if not found:
        raise SheetUnreadable
    return found[1], int(found[2])


@transaction.atomic
def deliver_sheets(
    *,
    center: Center,
    prefix: str,
    first: int,
    last: int,
    received_on: dt.date,
    received_by: str,
    by: User,
) -> SheetDelivery:
    """Record which sheets a center received. Raises NotAllowedHere, SheetsDelivered, TooManySheets."""
    if not may(by, Act.ASSIGN_PAPER, on=center):
        raise NotAllowedHere(center=center)
    if not first <= last < first + MOST_SHEETS:
        raise TooManySheets(most=MOST_SHEETS)
    same = Sheet.objects.filter(prefix=prefix, number__range=(first, last))
    known = same.exclude(state=SheetState.MISTAKE).order_by("number").first()
    if known:
        raise SheetsDelivered(sheet=known)
    delivery = SheetDelivery.objects.create(
        center=center,
        prefix=prefix,
        first=first,
        last=last,
        received_on=received_on,
        received_by=" ".join(received_by.split()),
        by=by,
    )
    try:
        with transaction.atomic():
            Sheet.objects.bulk_create(
                (Sheet(delivery=delivery, prefix=prefix, number=number) for number in range(first, last + 1)),
                batch_size=ROWS_AT_ONCE,
            )
    except IntegrityError as twice:
        # Another officer recorded them at the same moment.
        raise SheetsDelivered(sheet=written(prefix, first)) from twice
    log(
        delivery,
        "certificates.sheets.deliver",
        user=by,
        data={"first": first, "last": last, "prefix": prefix},
    )
    return delivery


@transaction.atomic
def recall_delivery(*, delivery_id: int, reason: str, by: User) -> SheetDelivery:
    """Take back a delivery that was recorded by mistake: its numbers may be recorded again, for another center, too.

    Raises DeliveryInUse, NotAllowedHere, ReasonMissing.
    """
    delivery = SheetDelivery.objects.select_related("center").get(pk=delivery_id)
    if not may(by, Act.ASSIGN_PAPER, on=delivery):
        raise NotAllowedHere(center=delivery.center)
    # The lock keeps it and a print run apart.
    states = set(
        delivery.sheets.select_for_update(of=("self",)).order_by("pk").values_list("state", flat=True)
    )
    if states != {SheetState.FREE}:
        raise DeliveryInUse
    if not reason.strip():
        raise ReasonMissing
    delivery.sheets.update(
        state=SheetState.MISTAKE, reason=reason.strip(), ended_by=by, ended_at=timezone.now()
    )
    log(delivery, "certificates.sheets.recall", user=by, data={"reason": reason.strip()})
    return delivery


def take_sheets(*, center: Center, first: str, count: int) -> Sequence[Sheet]:
    """Use the next `count` free sheets of a center from the one that lies first in the printer, in the transaction of the caller.

    Sheets in between that were used, spoiled or lost before are not in the printer, so they are passed over. Raises SheetNotFree,
    SheetUnreadable, NotEnoughPaper.
    """
    prefix, number = read_label(first)
    following = free_sheets(center).filter(prefix=prefix, number__gte=number).order_by("number")
    sheets = list(following.select_for_update(of=("self",))[:count])
    if not sheets or sheets[0].number != number:
        raise SheetNotFree(sheet=written(prefix, number), center=center)
    if len(sheets) < count:
        raise NotEnoughPaper(free=len(sheets), needed=count)
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(state=SheetState.USED)
    return sheets


@transaction.atomic
def end_sheet(*, sheet_id: int, state: SheetState, reason: str, by: User) -> Sheet:
    """Record that a sheet on which nothing was printed was spoiled or is missing.

    Raises NotAllowedHere, ReasonMissing, SheetNotFree.
    """
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("delivery__center").get(pk=sheet_id)
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=sheet):
        raise NotAllowedHere(center=sheet.delivery.center)
    if sheet.state != SheetState.FREE or state not in SheetState.ended():
        raise SheetNotFree(sheet=sheet, center=sheet.delivery.center)
    if not reason.strip():
        raise ReasonMissing
    _end(sheet, state, reason.strip(), by=by)
    log(sheet, "certificates.sheets.end", user=by, data={"state": str(state), "reason": reason.strip()})
    return sheet


def spoil_used_sheet(sheet: Sheet, *, reason: str, by: User) -> None:
    """Of a printed certificate that was spoiled, in the transaction of the caller."""
    _end(sheet, SheetState.SPOILED, reason, by=by)


def _end(sheet: Sheet, state: SheetState, reason: str, *, by: User) -> None:
    sheet.state, sheet.reason, sheet.ended_by, sheet.ended_at = state, reason, by, timezone.now()
    sheet.save(update_fields=["state", "reason", "ended_by", "ended_at"])
