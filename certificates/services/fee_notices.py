"""Notices to people that a fee is due for their certificate: written by a periodic task, and sent like all others.

A fee may become due at any time: with the proposal, when it is set or raised while a proposal is open, or when a receipt is canceled.
It may be lowered, too. So what was told is compared with what is due.
"""

import itertools
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from accounts.enums import NoticeState
from accounts.services.formatting import format_pounds
from accounts.services.notices import Letter, send_due
from certificates.models import Fee, FeeNotice, ProposalRow
from certificates.queries.fees import free_rows, unpaid_rows, with_fees

ROWS_AT_ONCE = 500
# What the person read, by mail, by short message or on the site.
_TOLD = (NoticeState.SENT, NoticeState.SHOWN)


def plan_fee_notices() -> int:
    """Write a notice to each person who waits for a certificate of which another amount is due than they were told. Returns how many.

    That nothing is due any more is told to those who were told of a fee, not where it was paid or waived.
    """
    with_a_fee = Fee.objects.filter(amount__gt=0).order_by().values("type")
    due = _with_notices(unpaid_rows().filter(type__in=with_a_fee))
    free = _with_notices(free_rows().filter(Exists(_notices().filter(state__in=_TOLD))))
    return _write(due.filter(Q(noted__isnull=True) | ~Q(noted=F("fee")))) + _write(
        free.filter(noted__gt=0, told__gt=0)
    )


def _notices() -> QuerySet[FeeNotice]:
    """Those about a row, the newest first."""
    return FeeNotice.objects.filter(row=OuterRef("pk")).order_by("-number")


def _with_notices(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, each with `newest`, the number of its last notice, `noted`, the last amount that is told or will be, and `told`,
    the last that was told.
    """
    return rows.annotate(
        newest=Coalesce(Subquery(_notices().values("number")[:1]), 0),
        noted=Subquery(_notices().exclude(state=NoticeState.DROPPED).values("amount")[:1]),
        told=Subquery(_notices().filter(state__in=_TOLD).values("amount")[:1]),
    )


def _write(rows: QuerySet[Any]) -> int:
    written = 0
    found = rows.order_by("pk").values_list("pk", "newest", "fee")
    for chunk in itertools.batched(found.iterator(chunk_size=ROWS_AT_ONCE), ROWS_AT_ONCE, strict=False):
        # Another run may write the same notices at the same time: one of each is kept.
        FeeNotice.objects.bulk_create(
            [FeeNotice(row_id=key, number=newest + 1, amount=fee) for key, newest, fee in chunk],
            ignore_conflicts=True,
        )
        written += len(chunk)
    return written


def deliver_fee_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = FeeNotice.objects.select_related("row__person").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: FeeNotice) -> bool:
    rows = unpaid_rows() if notice.amount else free_rows()
    return rows.filter(pk=notice.row_id, fee=notice.amount).exists()


def _letter(notices: list[FeeNotice]) -> Letter:
    """The letter in the active language."""
    address = f"{settings.SITE_URL}{reverse('certificates:mine')}"
    keys = {notice.row_id for notice in notices}
    rows = _with_notices(with_fees(ProposalRow.objects.filter(pk__in=keys), day=timezone.localdate()))
    lines = [_line(row) for row in rows.select_related("type", "proposal__center").order_by("pk")]
    subject = _subject([notice.amount for notice in notices])
    closing = gettext("Your certificates are here: %(address)s") % {"address": address}
    return Letter(
        subject,
        "\n\n".join([*lines, closing]),
        f"{subject}: {address}",
        link=address,
        on_site="\n\n".join(lines),
    )


def _subject(amounts: Collection[Decimal]) -> str:
    if all(amounts):
        return ngettext(
            "A fee is due for your certificate", "Fees are due for your certificates", len(amounts)
        )
    if any(amounts):
        return gettext("About the fees of your certificates")
    return ngettext(
        "No fee is due any more for your certificate",
        "No fee is due any more for your certificates",
        len(amounts),
    )


def _line(row: Any) -> str:
    claims, center = row.claims, row.proposal.center
    program = claims.get("program_ar" if get_language() == "ar" else "program_en") or claims.get("program_ar")
    said = {"type": row.type.name, "amount": format_pounds(row.fee), "program": program or "–"}
    if not row.fee:
        return (
            gettext(
                "No fee is due any more for “%(type)s” of “%(program)s”. You need not pay anything for it."
            )
            % said
        )
    if row.told and row.told != row.fee:
        due = gettext(
            "“%(type)s” for “%(program)s” costs %(amount)s now. It is issued after the fee is received."
        )
    else:
        due = gettext(
            "“%(type)s” for “%(program)s” costs %(amount)s. It is issued after the fee is received."
        )
    where = gettext(
        "Pay at the cash desk of the ministry in %(center)s, or electronically, and bring the receipt or its number to the center."
    ) % {"center": center.name}
    return f"{due % said} {where}"
