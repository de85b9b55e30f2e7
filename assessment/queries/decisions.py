"""Decisions about attempts and incidents, as those read them who decide and those who certify."""

from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from assessment.enums import AttemptAct
from assessment.models import Attempt, AttemptDecision, Incident
from courses.queries.remarks import Remark, register_remarks

_SENTENCES = {
    AttemptAct.ENDED: lambda: gettext("%(test)s: the supervisor ended the attempt: %(reason)s"),
    AttemptAct.HELD: lambda: gettext("%(test)s: the result was held: %(reason)s"),
    AttemptAct.RELEASED: lambda: gettext("%(test)s: the result counts again: %(reason)s"),
    AttemptAct.VOIDED: lambda: gettext("%(test)s: the attempt was declared void: %(reason)s"),
}


def decisions_about(attempt: Attempt) -> QuerySet[AttemptDecision]:
    """The newest first."""
    return attempt.decisions.select_related("by__person").order_by("-pk")


def newest_decision(attempt: Attempt) -> AttemptAct | None:
    """Whether its result is held, counts again, or is void; None where no one decided."""
    acts = attempt.decisions.exclude(act=AttemptAct.ENDED).order_by("-pk").values_list("act", flat=True)
    return next((AttemptAct(act) for act in acts[:1]), None)


def incidents_about(attempt: Attempt) -> QuerySet[Incident]:
    """Those noted of the attempt or of the whole room, the newest first."""
    rows = Incident.objects.filter(Q(attempt=attempt) | Q(attempt=None, sitting=attempt.sitting_id))
    return rows.select_related("by__person").order_by("-at", "-pk")


@register_remarks
def remarks_of_exams(enrollments: Collection[int]) -> Iterator[tuple[int, Remark]]:
    """Incidents noted of attempts, and what was decided about them. Three queries."""
    for incident in Incident.objects.filter(attempt__enrollment__in=enrollments).select_related("attempt"):
        attempt = incident.attempt
        if attempt is not None:
            facts = {"test": attempt.title, "text": incident.text}
            said = gettext("%(test)s: the supervisor noted: %(text)s") % facts
            yield attempt.enrollment_id, Remark(incident.at, said, _page(attempt))
    held = set(Attempt.objects.filter(enrollment__in=enrollments).held().values_list("pk", flat=True))
    rows = AttemptDecision.objects.filter(attempt__enrollment__in=enrollments).select_related("attempt")
    for decision in rows:
        attempt = decision.attempt
        facts = {"test": attempt.title, "reason": decision.reason}
        said = _SENTENCES[AttemptAct(decision.act)]() % facts
        holds = decision.act == AttemptAct.HELD and attempt.pk in held
        yield attempt.enrollment_id, Remark(decision.at, said, _page(attempt), holds=holds)


def _page(attempt: Attempt) -> str:
    return reverse("attempt_decisions", args=[attempt.pk])
