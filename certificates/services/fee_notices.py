"""Notices to people that a fee is due for their certificate: written by a periodic task, and sent like all others.

A fee may become due at any time: with the proposal, when it is set or raised while a proposal is open, or when a receipt is canceled.
"""

import itertools
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from accounts.services.formatting import format_pounds
from accounts.services.notices import Letter, send_due
from certificates.models import Fee, FeeNotice
from certificates.queries.fees import unpaid_rows

ROWS_AT_ONCE = 500


def plan_fee_notices() -> int:
    """Write a notice to each person who waits for a certificate whose fee was not received, once for a proposal. Returns how many."""
    with_a_fee = Fee.objects.filter(amount__gt=0).order_by().values("type")
    due = unpaid_rows().filter(fee_notice=None, type__in=with_a_fee).order_by("pk")
    written = 0
    for chunk in itertools.batched(
        due.values_list("pk", flat=True).iterator(chunk_size=ROWS_AT_ONCE), ROWS_AT_ONCE, strict=False
    ):
        # Another run may write the same notices at the same time: one of each is kept.
        FeeNotice.objects.bulk_create([FeeNotice(row_id=key) for key in chunk], ignore_conflicts=True)
        written += len(chunk)
    return written


def deliver_fee_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = FeeNotice.objects.select_related("row__person").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: FeeNotice) -> bool:
    return unpaid_rows().filter(pk=notice.row_id).exists()


def _letter(notices: list[FeeNotice]) -> Letter:
    """The letter in the active language."""
    address = f"{settings.SITE_URL}{reverse('certificates:mine')}"
    rows = unpaid_rows().filter(pk__in=[notice.row_id for notice in notices])
    lines = [_line(row) for row in rows.select_related("type", "proposal__center").order_by("pk")]
    subject = ngettext("A fee is due for your certificate", "Fees are due for your certificates", len(lines))
    closing = gettext("Your certificates are here: %(address)s") % {"address": address}
    return Letter(
        subject,
        "\n\n".join([*lines, closing]),
        f"{subject}: {address}",
        link=address,
        on_site="\n\n".join(lines),
    )


def _line(row: Any) -> str:
    claims, center = row.claims, row.proposal.center
    program = claims.get("program_ar" if get_language() == "ar" else "program_en") or claims.get("program_ar")
    said = {"type": row.type.name, "amount": format_pounds(row.fee), "program": program or "–"}
    due = (
        gettext("“%(type)s” for “%(program)s” costs %(amount)s. It is issued after the fee is received.")
        % said
    )
    where = gettext(
        "Pay at the cash desk of the ministry in %(center)s, or electronically, and bring the receipt or its number to the center."
    ) % {"center": center.name}
    return f"{due} {where}"
