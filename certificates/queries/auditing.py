"""What an audit reads about certificates; it changes nothing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail.models import PageLogEntry

from certificates.models import Credential
from courses.models import Cohort, ProgramPage

# Of claims: the field of the page that they were taken from.
_FIELDS = {
    "program_code": "code",
    "occupation_code": "occupation_code",
    "level": "level",
    "hours": "hours",
}


@dataclass(frozen=True)
class DifferingPaper:
    credential: Credential
    # The names of the claims that the page of the program did not say on the first day of the cohort.
    claims: list[str]


def differing_papers() -> Iterator[DifferingPaper]:
    """Certificates in force that say something else of their program than its page said on the first day of their cohort.

    Those of which no published revision shows it are left out.
    """
    live = Credential.objects.live().filter(enrollment__isnull=False).order_by("pk")
    cohorts = Cohort.objects.filter(enrollments__credentials__in=live).distinct().select_related("program")
    for cohort in cohorts.order_by("pk"):
        page_claims = _claims_on(cohort.program, cohort.starts_on)
        if not page_claims:
            continue
        for credential in live.filter(enrollment__cohort=cohort):
            claims = credential.claims
            differing = [
                name
                for name, fact in page_claims.items()
                if name in claims and str(claims[name]) != str(fact)
            ]
            if differing:
                yield DifferingPaper(credential, differing)


def _claims_on(program: ProgramPage, day: dt.date) -> Mapping[str, Any]:
    """What the page of a program said when that day began, as claims; nothing where no published revision shows it."""
    morning = timezone.make_aware(dt.datetime.combine(day, dt.time.max))
    published = PageLogEntry.objects.filter(
        page=program.pk, action="wagtail.publish", revision__isnull=False, timestamp__lte=morning
    )
    last = published.select_related("revision").order_by("-timestamp", "-pk").first()
    if last is None or last.revision is None:
        return {}
    content = last.revision.content
    title = f"program_{program.locale.language_code}"
    return {title: content["title"], **{claim: content[field] for claim, field in _FIELDS.items()}}
