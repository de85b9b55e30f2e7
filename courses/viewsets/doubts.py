"""Deciding about a completion that the records no longer support."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.act_forms import ActFormView
from courses.errors import DoubtOfOwnDoing, NotInDoubt
from courses.forms import ReasonForm
from courses.models import Enrollment
from courses.queries.doubts import (
    Doubt,
    Evidence,
    doubts,
    in_doubt,
    is_in_doubt,
    is_of_own_doing,
)
from courses.queries.issued_documents import issued_documents_of
from courses.queries.requirements import requirements
from courses.services.completion import confirm_completion

_WHO_CORRECTS = {
    Evidence.SCORE: gettext_lazy(
        "an assessor who did not teach the cohort corrects the score, with a reason."
    ),
    Evidence.ATTENDANCE: gettext_lazy(
        "the instructor, the registrar or the manager of the center corrects the mark on the sheet of the session, with a reason."
    ),
    Evidence.PRACTICE: gettext_lazy(
        "an assessor who does not teach the cohort records the practical task again."
    ),
}


@dataclass(frozen=True)
class Remedy:
    """Who corrects a changed record back, and where: `url` is empty where the reader cannot open that page."""

    what: str
    who: str
    url: str


def context_of_doubt(enrollment: Enrollment, *, user: User) -> dict[str, Any]:
    """For the page of an enrollment: whether its completion is in doubt, by what, and who corrects it."""
    if not is_in_doubt(enrollment):
        return {"doubt": None}
    (doubt,) = doubts([enrollment])
    return {"doubt": doubt, "not_met": _not_met(enrollment), "remedies": list(_remedies(doubt, user))}


def _not_met(enrollment: Enrollment) -> list[str]:
    """The clauses of the rule that the records do not support now, with their figures."""
    return [clause.sentence for clause in requirements(enrollment) if not clause.met]


def _remedies(doubt: Doubt, user: User) -> Iterator[Remedy]:
    """One for each record that was changed, however often it was."""
    changes = {(change.url, change.what): change for change in doubt.changes}
    for change in changes.values():
        # A sheet is open to read for everyone who sees the cohort; the other pages for those who correct.
        act = Act.VIEW_COHORTS if change.kind == Evidence.ATTENDANCE else Act.ASSESS
        url = change.url if may(user, act, on=doubt.enrollment) else ""
        yield Remedy(change.what, str(_WHO_CORRECTS[change.kind]), url)


class ConfirmCompletionView(ActFormView):
    """What was changed, what rests on it, and where each can be undone; then the reason for which the completion stays."""

    model = Enrollment
    select_related = ("person", "cohort__program", "cohort__content_version", "cohort__completion_rule")
    header_icon = "warning"
    template_name = "courses/admin/confirm_completion.html"
    page_title = gettext_lazy("Completion in doubt")
    form_class = ReasonForm

    @cached_property
    def refusal(self) -> DomainError | None:
        """What `confirm_completion` would raise, whatever is typed."""
        if not in_doubt(Enrollment.objects.filter(pk=self.row.pk)).exists():
            return NotInDoubt()
        return DoubtOfOwnDoing() if is_of_own_doing(self.row, self.request.user) else None

    def carry_out(self, form: ReasonForm) -> str:
        confirm_completion(
            enrollment_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return _("The completion stays. Your reason is kept.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, enrollment = self.request.user, self.row
        (doubt,) = doubts([enrollment])
        return super().get_context_data(
            enrollment=enrollment,
            doubt=doubt,
            not_met=_not_met(enrollment),
            remedies=list(_remedies(doubt, user)),
            issued_documents=issued_documents_of(enrollment, user=user),
            may_see_certificates=may(user, Act.VIEW_CERTIFICATES, on=enrollment),
            refusal=self.refusal,
            **kwargs,
        )
