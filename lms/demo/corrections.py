"""A mark that was added up wrongly, corrected by the assessor on the page of the trainee."""

from decimal import Decimal

from courses.enums import EnrollmentState
from courses.models import ScoreCorrection, UnitProgress
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.newcomers import address
from lms.demo.people import PASSWORD, DemoPeople

REASON = "خطأ في جمع الدرجات، بعد مراجعة ورقة الإجابة"


def correct_a_mark(*, site: str, journal: Journal, cast: DemoPeople) -> None:
    """The oldest mark of a trainee who still learns: 5 percent up, and down again in the next run."""
    progress = (
        UnitProgress.objects.filter(
            score__isnull=False,
            enrollment__state=EnrollmentState.ACTIVE,
            enrollment__cohort__center=cast.center,
        )
        .exclude(enrollment__person=cast.trainee.person_id)
        .select_related("enrollment__person")
        .earliest("pk")
    )
    score = progress.score or Decimal(0)
    wanted = score - 5 if progress.corrections.count() % 2 or score > 95 else score + 5
    assessor = Browser(site)
    assessor.log_in("assessor", PASSWORD)
    form = address("enrollment:correct", progress.enrollment_id, progress.unit_key)
    assessor.get(form)
    answers = {"score": str(wanted), "passed": "1" if progress.passed else "0", "reason": REASON}
    page = assessor.post(form, answers)
    correction = ScoreCorrection.objects.filter(progress=progress).first()
    if correction is None or correction.to_score != wanted:
        raise StepFailedError(f"the score was not corrected: {page.main_text()}")
    if REASON not in assessor.get(address("enrollment:inspect", progress.enrollment_id)).text:
        raise StepFailedError("the page of the trainee does not show why the score was corrected")
    journal.report(f"{progress.enrollment.person}: {correction.from_score} is {correction.to_score} now")
