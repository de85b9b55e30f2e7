"""Sheets of security paper in the stock of a center."""

from django.utils import timezone

from accounts.models import Center
from certificates.models import Sheet, SheetDelivery
from certificates.services.security_paper import deliver_sheets
from tests.factories.certificates import officer_of_the_ministry
from tests.factories.rows import row_of


@row_of(SheetDelivery)
def sheets_in(center: Center, first: int = 0, last: int = 0) -> SheetDelivery:
    """Sheets AB…; ten that follow on those that are there, where none are named."""
    first = first or 1000 + Sheet.objects.count()
    return deliver_sheets(
        center=center,
        prefix="AB",
        first=first,
        last=last or first + 9,
        received_on=timezone.localdate(),
        received_by="أ. حسن عبد الله",
        by=officer_of_the_ministry(),
    )


@row_of(Sheet)
def sheet_in(center: Center) -> Sheet:
    sheet = sheets_in(center).sheets.first()
    assert sheet is not None
    return sheet
