"""Security paper: what a center has left, and on which sheet a certificate is."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Center
from certificates.enums import SheetState
from certificates.models import Credential, Printout, Sheet, SheetDelivery


def free_sheets(center: Center | int) -> QuerySet[Sheet]:
    """The sheets that a center can print on, in order."""
    return Sheet.objects.filter(delivery__center=center, state=SheetState.FREE)


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
