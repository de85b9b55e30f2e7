"""Terms, fees and renewal."""

import datetime as dt
from decimal import Decimal

from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform

from certificates.enums import (
    CredentialState,
    FeeFor,
    Source,
)
from certificates.models import (
    CredentialType,
    Fee,
    Term,
)
from certificates.models.credentials import CredentialQuerySet


def in_effect[M: (Term, Fee)](
    rows: QuerySet[M], *, level: str | OuterRef | None, day: dt.date
) -> QuerySet[M]:
    """The rows for a level that were in effect on a day; the first counts: for the level before for all, then the newest."""
    mine = Q(level__isnull=True) | Q(level=level)
    return rows.filter(mine, since__lte=day).order_by(F("level").asc(nulls_last=True), "-since")


def term_of(type_: CredentialType, *, level: str | None, day: dt.date) -> int | None:
    """For how many months a certificate issued on `day` is valid; None if it does not expire."""
    term = in_effect(type_.terms.all(), level=level, day=day).first()
    return term.months if term else None


def fee_due(type_: CredentialType, due_for: FeeFor, *, level: str | None, day: dt.date) -> Decimal:
    """What an issue, a copy or a renewal costs on `day`, in Egyptian pounds."""
    fee = in_effect(type_.fees.filter(due_for=due_for), level=level, day=day).first()
    return fee.amount if fee else Decimal(0)


def renewable(credentials: CredentialQuerySet, *, day: dt.date) -> CredentialQuerySet:
    """Those that may be renewed on `day`: the term sets the first day. There is no last day, as people come late."""
    terms = in_effect(Term.objects.filter(type=OuterRef("type")), level=OuterRef("level"), day=day)
    return (
        credentials.filter(state=CredentialState.IN_FORCE, source=Source.ISSUED)
        .alias(
            level=KeyTextTransform("level", "claims"),
            days=Subquery(terms.values("renewable_days")[:1]),
            opens=ExpressionWrapper(F("valid_until") - F("days"), output_field=DateField()),
        )
        .filter(days__gt=0, opens__lte=day)
    )


def renewable_types() -> QuerySet[CredentialType]:
    """Kinds of which some may be renewed."""
    return CredentialType.objects.filter(
        Exists(Term.objects.filter(type=OuterRef("pk"), renewable_days__gt=0))
    )
