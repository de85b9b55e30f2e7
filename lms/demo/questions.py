"""Questions under a lesson of the demo's evening cohort: one with its answer, one that waits."""

from uuid import UUID

from django.db import transaction

from courses.enums import EnrollmentState
from courses.models import Cohort, LessonPage, Question
from courses.queries.content import units_of
from courses.services.questions import answer_as_staff, answer_as_trainee, ask_question
from lms.demo.clock import at, moment
from lms.demo.people import DemoPeople

ANSWERED = "لماذا نفصل التيار من اللوحة الرئيسية ولا نكتفي بمفتاح الغرفة؟"
REPLY = "لأن مفتاح الغرفة يقطع خطًا واحدًا وقد يبقى الآخر حيًّا."
ANSWER = "صحيح. مفتاح الغرفة يقطع الفاز وحده، والتوصيلة الخاطئة تتركه حيًّا. اقطع من اللوحة ثم اختبر بالمفك."
WAITING = "المفك يضيء ضوءًا خافتًا بعد فصل القاطع. هل في السلك كهرباء؟"


@transaction.atomic
def build_questions(cast: DemoPeople, cohort: Cohort) -> None:
    """Made once; what visitors of the demo did with them stays."""
    if Question.objects.filter(cohort=cohort).exists():
        return
    unit_key = _first_lesson(cohort)
    active = cohort.enrollments.filter(state=EnrollmentState.ACTIVE).order_by("pk")
    asker, colleague = active[:2]
    with at(moment(-3, 20)):
        question = ask_question(
            enrollment_id=asker.pk, unit_key=unit_key, text=ANSWERED, second=None, is_anonymous=False
        )
    with at(moment(-3, 21)):
        answer_as_trainee(question_id=question.pk, enrollment_id=colleague.pk, text=REPLY)
    with at(moment(-2, 10)):
        answer_as_staff(question_id=question.pk, text=ANSWER, is_answer=True, by=cast.login("instructor"))
    with at(moment(-1, 19)):
        ask_question(enrollment_id=colleague.pk, unit_key=unit_key, text=WAITING, second=9, is_anonymous=True)


def _first_lesson(cohort: Cohort) -> UUID:
    keys = [UUID(unit["unit"]) for unit in units_of(cohort)]
    lessons = set(
        LessonPage.objects.filter(translation_key__in=keys).values_list("translation_key", flat=True)
    )
    return next(key for key in keys if key in lessons)
