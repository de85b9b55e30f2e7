"""Which fees are due, and which of them were settled."""

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person
from certificates.enums import FeeFor, RowState
from certificates.models import (
    Credential,
    Fee,
    Proposal,
    ProposalRow,
    SettledFee,
)
from certificates.queries.terms import fee_due, in_effect

# What was sent back for want of a fee, and not paid since, is given up.
UNPAID_FOR = dt.timedelta(days=90)


def due_for(row: ProposalRow) -> FeeFor:
    """What the fee of a row is for. A correction costs nothing."""
    return FeeFor.RENEWAL if row.renews_id else FeeFor.ISSUE


def with_fees(rows: QuerySet[ProposalRow], *, day: dt.date) -> QuerySet[Any]:
    """The same rows, each with `fee`, the amount due on `day`, and `settled`, the key of what settled it, or None."""
    fees = in_effect(
        Fee.objects.filter(type=OuterRef("type"), due_for=OuterRef("due_for")),
        level=OuterRef("level"),
        day=day,
    )
    subject = Q(credential=OuterRef("old")) | Q(enrollment=OuterRef("enrollment"))
    settled = SettledFee.objects.unused().filter(subject, type=OuterRef("type"), due_for=OuterRef("due_for"))
    nothing = Value(Decimal(0), output_field=DecimalField())
    return rows.alias(
        level=KeyTextTransform("level", "claims"),
        old=Coalesce("renews", "prerequisite"),
        due_for=Case(
            When(renews__isnull=False, then=Value(FeeFor.RENEWAL.value)), default=Value(FeeFor.ISSUE.value)
        ),
    ).annotate(
        fee=Case(
            When(corrects__isnull=False, then=nothing),
            default=Coalesce(Subquery(fees.values("amount")[:1]), nothing),
        ),
        settled=Case(When(corrects__isnull=False, then=None), default=Subquery(settled.values("pk")[:1])),
    )


def unsettled(rows: QuerySet[ProposalRow]) -> QuerySet[Any]:
    """Of proposed rows, those whose fee is due today and was neither paid nor waived."""
    return with_fees(rows, day=timezone.localdate()).filter(fee__gt=0, settled__isnull=True)


def issuable_rows() -> QuerySet[Any]:
    """Proposed rows that may be issued today: nothing is due, or it was paid or waived."""
    proposed = ProposalRow.objects.filter(state=RowState.ELIGIBLE)
    return with_fees(proposed, day=timezone.localdate()).filter(Q(fee=0) | Q(settled__isnull=False))


def waiting_rows() -> QuerySet[ProposalRow]:
    """Rows that wait for a certificate: of open proposals, or sent back for want of their fee and not proposed again since."""
    same = Q(enrollment=OuterRef("enrollment")) | Q(prerequisite=OuterRef("prerequisite"))
    later = ProposalRow.objects.filter(same, type=OuterRef("type"), pk__gt=OuterRef("pk"))
    later = later.exclude(state=RowState.WITHDRAWN)
    sent_back = Q(state=RowState.UNPAID, proposal__decided_at__gt=timezone.now() - UNPAID_FOR) & ~Exists(
        later
    )
    return ProposalRow.objects.filter(Q(state=RowState.ELIGIBLE) | sent_back)


def unpaid_rows() -> QuerySet[Any]:
    """Rows that wait for their fee."""
    return unsettled(waiting_rows())


def free_rows() -> QuerySet[Any]:
    """Rows of open proposals of which nothing is due today, and for which nothing was paid or waived."""
    proposed = ProposalRow.objects.filter(state=RowState.ELIGIBLE, corrects=None)
    return with_fees(proposed, day=timezone.localdate()).filter(fee=0, settled__isnull=True)


def people_who_wait_for(fee: Fee) -> int:
    """How many people wait for a certificate of which `fee`, once it is saved, changes what is due on its first day."""
    rows = with_fees(waiting_rows().filter(type=fee.type, corrects=None), day=fee.since)
    rows = rows.filter(due_for=fee.due_for, settled__isnull=True).exclude(fee=fee.amount)
    if fee.level_id:
        rows = rows.filter(level=fee.level_id)
    else:
        of_levels = Fee.objects.filter(type=fee.type, due_for=fee.due_for, level__isnull=False)
        of_levels = of_levels.filter(since__lte=fee.since).exclude(pk=fee.pk)
        rows = rows.filter(Q(level__isnull=True) | ~Q(level__in=of_levels.values("level")))
    return rows.order_by().values("person").distinct().count()


def unpaid_proposals() -> QuerySet[Proposal]:
    """Proposals with rows that wait for their fee."""
    return Proposal.objects.filter(Exists(unpaid_rows().filter(proposal=OuterRef("pk"))))


def paid_since() -> QuerySet[Any]:
    """Rows that were sent back for want of their fee, which came since: they may be proposed again."""
    sent_back = ProposalRow.objects.filter(state=RowState.UNPAID)
    return with_fees(sent_back, day=timezone.localdate()).filter(settled__isnull=False)


def fees_of_person(person: Person | int) -> QuerySet[Any]:
    """The rows of a person that wait for their fee, for the page that tells them where to pay."""
    rows = unpaid_rows().filter(person=person)
    return rows.select_related("type", "proposal__center").order_by("pk")


def open_copy_fee(credential: Credential) -> SettledFee | None:
    """What settled the fee of the next copy of a certificate."""
    return SettledFee.objects.unused().filter(credential=credential, due_for=FeeFor.COPY).first()


def copy_fee_due(credential: Credential, *, day: dt.date) -> Decimal:
    return fee_due(credential.type, FeeFor.COPY, level=credential.claims.get("level"), day=day)


class FeesOnDay:
    """The fees of a kind on a day, read once for each level."""

    def __init__(self, proposal: Proposal, day: dt.date) -> None:
        self._due = cache(lambda purpose, level: fee_due(proposal.type, purpose, level=level, day=day))

    def of(self, row: ProposalRow) -> Decimal:
        amount: Decimal = self._due(due_for(row), row.claims.get("level"))
        return amount
