"""What an audit reads about certificates; it changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    DateTimeField,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from certificates.enums import LIVE_STATES
from certificates.models import Credential, StatusEvent
from courses.enums import FactsSource, FactsState
from courses.models import CohortFacts
from courses.queries.facts import PRINTED


@dataclass(frozen=True)
class DifferingPaper:
    credential: Credential
    # The names of the claims that differ.
    claims: list[str]


def differing_papers(credentials: QuerySet[Credential]) -> list[DifferingPaper]:
    """Those in force that say something else than the facts of their cohort, as they were when the certificate was issued.

    Facts that were corrected since put it in doubt instead (`certificates.queries.doubts`). Facts of before the upgrade that no officer has
    compared yet do not show what was true on its day, so its certificates are left out. One query.
    """
    # What was issued before facts were fixed has none of its day: the first ones say what was published then.
    rows = CohortFacts.objects.filter(cohort=OuterRef("enrollment__cohort"), state=FactsState.ACCEPTED)
    rows = rows.annotate(in_force_at=Coalesce("decided_at", "at"))
    of_then = rows.filter(in_force_at__lte=OuterRef("issued_at")).order_by("-number").values("pk")[:1]
    first = rows.order_by("number").values("pk")[:1]
    known = CohortFacts.objects.filter(pk=OuterRef("facts_row")).exclude(source=FactsSource.UPGRADE)
    events = StatusEvent.objects.filter(credential=OuterRef("pk")).order_by("at", "pk").values("at")[:1]
    live = credentials.filter(state__in=LIVE_STATES, enrollment__isnull=False)
    live = live.annotate(
        issued_at=Subquery(events, output_field=DateTimeField()),
        facts_row=Coalesce(Subquery(of_then), Subquery(first), output_field=IntegerField()),
        fixed=Subquery(known.values("facts")),
    ).filter(fixed__isnull=False)
    # Most agree in all: those are not read.
    printed = Func(
        F("fixed"),
        Cast(Value("types"), TextField()),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=JSONField(),
    )
    candidates = live.exclude(claims__contains=printed).order_by("issued_on", "pk")
    papers = [DifferingPaper(one, _differing(one.claims, one.fixed)) for one in candidates]
    return [paper for paper in papers if paper.claims]


def _differing(claims: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """The claims that say something else. A kind of certificate need not claim all facts."""
    return [name for name in PRINTED if name in claims and claims[name] != facts.get(name)]
