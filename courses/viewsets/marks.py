"""Correcting a score in the staff workplace."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.hands import hands_shown, people_shown
from accounts.services.formatting import format_percent
from courses.errors import CorrectedByTeacher, NothingMarked, OwnMark
from courses.forms import CorrectScoreForm
from courses.models import Enrollment, UnitProgress
from courses.queries.content import taught_unit
from courses.queries.records import records_of
from courses.queries.requirements import mean_in, minimum_in
from courses.queries.timetable import teachers_of_enrollment
from courses.services.marks import correct_score


class CorrectScoreView(ActFormView):
    """What the score is, what it should be, and why."""

    model = Enrollment
    select_related = (
        "person",
        "cohort__program__locale",
        "cohort__content_version",
        "cohort__completion_rule",
    )
    header_icon = "edit"
    template_name = "courses/admin/correct_score.html"
    page_title = gettext_lazy("Correct a score")
    form_class = CorrectScoreForm

    @property
    def unit_key(self) -> UUID:
        key: UUID = self.kwargs["unit"]
        return key

    @cached_property
    def progress(self) -> UnitProgress | None:
        """None where the unit has no score: there is nothing to correct."""
        rows = UnitProgress.objects.filter(enrollment=self.row, unit_key=self.unit_key, score__isnull=False)
        return rows.defer("watched").first()

    @property
    def unit_title(self) -> str:
        records = records_of([self.row])[self.row.pk]
        titles = next((record.titles for record in records if record.unit_key == self.unit_key), {})
        return titles.get(get_language() or "") or next(iter(titles.values()), "")

    def refusal(self) -> DomainError | None:
        """What `correct_score` would raise, whatever is typed."""
        user = self.request.user
        if self.progress is None:
            return NothingMarked()
        if self.row.person_id in people_shown(user):
            return OwnMark()
        is_teacher = not hands_shown(user).isdisjoint(teachers_of_enrollment(self.row))
        return CorrectedByTeacher() if is_teacher else None

    @property
    def pass_mark(self) -> int | None:
        """Of the unit as the cohort sees it; None where it states none."""
        version = self.row.cohort.content_version
        taught = taught_unit(version, self.unit_key) if version else None
        return taught.page.pass_mark() if taught else None

    def get_initial(self) -> dict[str, Any]:
        if self.progress is None:
            return {}
        return {"score": self.progress.score}

    def carry_out(self, form: CorrectScoreForm) -> str:
        typed = form.cleaned_data
        score: Decimal = typed["score"]
        correct_score(
            enrollment_id=self.row.pk,
            unit_key=self.unit_key,
            score=score,
            passed=typed["passed"],
            reason=typed["reason"],
            by=self.request.user,
        )
        return _("The score of “%(unit)s” is %(score)s now.") % {
            "unit": self.unit_title,
            "score": format_percent(score),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            enrollment=self.row,
            progress=self.progress,
            pass_mark=self.pass_mark,
            minimum=minimum_in(self.row, self.unit_key),
            mean=mean_in(self.row),
            unit_title=self.unit_title,
            refusal=self.refusal(),
            **kwargs,
        )
