"""Security paper: what a center has left, and on which sheet a certificate is."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Center
from certificates.enums import SheetState, Source
from certificates.models import Copy, Credential, Printout, Sheet, SheetDelivery

# What was issued longer ago and is not printed will not be.
PRINTED_WITHIN = dt.timedelta(days=90)


def free_sheets(center: Center | int) -> QuerySet[Sheet]:
    """The sheets that a center can print on, in order."""
    return Sheet.objects.filter(delivery__center=center, state=SheetState.FREE)


def centers_short_of_paper() -> QuerySet[Any]:
    """Centers with fewer sheets left than certificates on security paper wait to be printed, or, where they ever had some, than
    `SECURITY_PAPER_LOW`. Each with `free` and `to_print`; those that lack most first.
    """
    since = timezone.localdate() - PRINTED_WITHIN
    printed = Printout.objects.current()
    originals = Credential.objects.live().filter(
        ~Exists(printed.filter(credential=OuterRef("pk"), copy=None)),
        center=OuterRef("pk"),
        type__needs_security_paper=True,
        source=Source.ISSUED,
        issued_on__gte=since,
    )
    copies = Copy.objects.filter(
        ~Exists(printed.filter(copy=OuterRef("pk"))),
        credential__center=OuterRef("pk"),
        credential__type__needs_security_paper=True,
        issued_on__gte=since,
    )
    in_stock = Sheet.objects.filter(delivery__center=OuterRef("pk"), state=SheetState.FREE)
    had_some = Sheet.objects.filter(delivery__center=OuterRef("pk")).exclude(state=SheetState.MISTAKE)
    centers = Center.objects.filter(is_active=True).annotate(
        free=_number_of(in_stock, "delivery__center"),
        to_print=_number_of(originals, "center") + _number_of(copies, "credential__center"),
    )
    is_low = Q(free__lt=settings.SECURITY_PAPER_LOW) & Exists(had_some)
    return centers.filter(Q(to_print__gt=F("free")) | is_low).order_by(F("free") - F("to_print"), "pk")


def _number_of(rows: QuerySet[Any], center: str) -> Coalesce:
    counted = rows.order_by().values(center).annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


def is_untouched(delivery: SheetDelivery) -> bool:
    """Whether all of its sheets are in stock."""
    return not delivery.sheets.exclude(state=SheetState.FREE).exists()


def with_counts(deliveries: QuerySet[SheetDelivery]) -> QuerySet[Any]:
    """The same rows, each with how many of its sheets are in each state."""
    return deliveries.annotate(**{str(state): _counted(state) for state in SheetState})


def _counted(state: SheetState) -> Coalesce:
    """A subquery: it is asked for the deliveries of one page alone, which have thousands of sheets each."""
    sheets = Sheet.objects.filter(delivery=OuterRef("pk"), state=state).order_by().values("delivery")
    return Coalesce(Subquery(sheets.annotate(count=Count("pk")).values("count")), 0)


def sheets_shown(credential: Credential) -> list[Printout]:
    """The sheets that the public page of a certificate names: of the original and its copies, where its kind says so."""
    if not credential.type.shows_sheet:
        return []
    printed = Printout.objects.current().filter(credential=credential, sheet__isnull=False)
    return list(printed.select_related("sheet", "copy").order_by("pk"))
