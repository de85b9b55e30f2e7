"""A test that people mark: an essay with a rubric, and a photo. One is marked twice and its result is told; another waits for each role that marks."""

import json
import re
from typing import Any

from accounts.models import User
from assessment.enums import AttemptState, MarkingState, QuestionKind
from assessment.models import Attempt, MarkingTask, QuizPage, ResultNotice
from assessment.queries.questions import stored_questions
from assessment.services.marks import Given, give_mark
from courses.models import CoursePage, ProgramPage
from courses.services.reviews import publish_reviewed, submit_for_review
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.new_cohorts import open_next
from lms.demo.newcomers import address, sign_up
from lms.demo.people import PASSWORD, DemoPeople
from lms.demo.slides import board_picture, encoded

ESSAY, PHOTO = 0, 1
TEXT = (
    "أبلغ المشرف أولًا، ثم أفصل القاطع الرئيسي وأضع عليه قفلًا ولافتة تحذير.\n"
    "بعد ذلك أفحص غياب التيار على كل طرف، وأجرب أداة الفحص قبل ذلك على مصدر أعرف أن فيه تيارًا."
)
COMMENT = "ترتيب سليم، وينقصه ذكر التأريض."
# How many answers of earlier walks may be left for later on the way to this one's.
MOST_LATER = 60
BEST, WORST = "1", "3"


class ByHandJourney:
    """Two trainees write; the instructor and the assessor mark, and neither knows whose it is."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
        self.site = site
        self.journal = journal
        self.instructor, self.assessor = cast.login("instructor"), cast.login("assessor")
        self.quiz = written_test(program, author=self.instructor, publisher=cast.manager)
        self.cohort = open_next("WRITE", cast=cast, program=program, instructors=[self.instructor])

    def walk(self) -> None:
        trainee, attempt = self._write("منة الله سامح توفيق")
        for slot in (ESSAY, PHOTO):
            self._mark(attempt, slot, by=self.instructor)
        self._mark_on_the_page(attempt)
        attempt.refresh_from_db()
        if attempt.state != AttemptState.MARKED or not ResultNotice.objects.filter(attempt=attempt).exists():
            raise StepFailedError(f"the last mark gave no result: {attempt.state}")
        page = trainee.get(address("assessment:attempt", attempt.public_id))
        if COMMENT not in page.text:
            raise StepFailedError(f"the trainee does not read what was written: {page.main_text()}")
        self._leave_work()
        self.journal.report(
            f"an essay and a photo, marked twice without a name, {attempt.score} %; another waits for a decision and for marks"
        )

    def _leave_work(self) -> None:
        """For the manager an essay with two marks far apart, for the instructor and the assessor a photo."""
        _trainee, attempt = self._write("عبد الله ناصر الجندي")
        self._mark(attempt, ESSAY, by=self.instructor)
        self._mark(attempt, ESSAY, by=self.assessor, level=WORST)
        if task_of(attempt, ESSAY).state != MarkingState.MODERATION:
            raise StepFailedError("two marks far apart wait for no decision")

    def _write(self, name: str) -> tuple[Browser, Attempt]:
        trainee = Browser(self.site)
        person = sign_up(trainee, name)
        trainee.post(address("courses:enroll", self.cohort.public_id), {})
        sheet = trainee.post(address("assessment:start", self.quiz.translation_key), {})
        attempt = Attempt.objects.filter(enrollment__person=person.person_id).first()
        if attempt is None:
            raise StepFailedError(f"the written test did not start: {sheet.main_text()}")
        changes = [{"seq": 1, "slot": ESSAY, "response": TEXT}]
        trainee.post_json(
            address("assessment:changes", attempt.public_id), {"epoch": attempt.epoch, "changes": changes}
        )
        photo = encoded(board_picture(640, 480), "JPEG")
        trainee.post(
            address("assessment:files", attempt.public_id, PHOTO),
            {"epoch": str(attempt.epoch)},
            files={"file": ("board.jpg", photo, "image/jpeg")},
        )
        sent = trainee.post(address("assessment:submit", attempt.public_id), {"confirmed": "1"})
        attempt.refresh_from_db()
        if attempt.state != AttemptState.AWAITING:
            raise StepFailedError(f"what was written waits for no mark: {sent.main_text()}")
        return trainee, attempt

    @staticmethod
    def _mark(attempt: Attempt, slot: int, *, by: User, level: str = BEST) -> None:
        # What a user may do is read once for the life of a user object.
        by = User.objects.get(pk=by.pk)
        task = task_of(attempt, slot)
        give_mark(task_id=task.pk, given=Given(levels=levels_of(task, level), comment=COMMENT), by=by)

    def _mark_on_the_page(self, attempt: Attempt) -> None:
        assessor = Browser(self.site)
        assessor.log_in(self.assessor.get_username(), PASSWORD)
        for slot in (ESSAY, PHOTO):
            task = task_of(attempt, slot)
            page = assessor.post(address("marking_next"), {"question": str(task.version_id)})
            for _later in range(MOST_LATER):
                if str(task.code) in page.url:
                    break
                page = assessor.post(address("marking_later", page.url.rstrip("/").rsplit("/", 1)[-1]), {})
            typed = {f"level-{line}": level for line, level in levels_of(task, BEST).items()}
            opened = re.search(r'name="opened" value="([^"]+)"', page.text)
            if opened is None:
                raise StepFailedError(f"the assessor has no answer open: {page.main_text()}")
            assessor.post(
                address("marking_answer", task.code), {**typed, "comment": COMMENT, "opened": opened[1]}
            )


def task_of(attempt: Attempt, slot: int) -> MarkingTask:
    return MarkingTask.objects.get(attempt=attempt, slot=slot)


def levels_of(task: MarkingTask, level: str) -> dict[str, str]:
    """The same level in each line of the rubric."""
    [question] = stored_questions([task.version_id])
    return {line["id"]: level for line in question.key["rubric"]}


def written_test(program: ProgramPage, *, author: User, publisher: User) -> QuizPage:
    """A test that no rule of completion asks for; made once."""
    course = CoursePage.objects.child_of(program).live().order_by("path").first()
    if course is None:
        raise StepFailedError(f"{program} has no course")
    author, publisher = (User.objects.get(pk=user.pk) for user in (author, publisher))
    page = QuizPage.objects.child_of(course).filter(slug="written-test").first()
    if page is not None:
        return page
    page = QuizPage(
        title="اختبار كتابي: تأمين اللوحة",
        slug="written-test",
        locale=course.locale,
        owner=author,
        is_required=False,
        second_marking="all",
        mark_tolerance=20,
        questions=json.dumps(
            [
                _question(
                    QuestionKind.ESSAY, "صف خطوات تأمين لوحة التوزيع قبل العمل، وسبب كل خطوة.", words=80
                ),
                _question(QuestionKind.FILES, "صوّر لوحة التوزيع بعد إتمام التوصيل.", most=2),
            ]
        ),
    )
    course.add_child(instance=page)
    page.save_revision(user=author)
    review = submit_for_review(page_id=page.pk, by=author).current_task_state_id
    publish_reviewed(review_id=review, by=publisher)
    return page


def _question(kind: QuestionKind, text: str, **facts: Any) -> dict[str, Any]:
    levels = [("كامل", 5), ("ناقص", 3), ("غائب", 0)]
    rubric = [
        {"text": line, "levels": [{"text": said, "earns": earns} for said, earns in levels]}
        for line in ("ترتيب الخطوات", "السلامة")
    ]
    return {
        "type": kind.value,
        "value": {
            "text": text,
            "rubric": rubric,
            "is_rubric_shown": True,
            "explanation": "الفصل ثم القفل ثم الفحص ثم التأريض.",
            "points": 10,
            **facts,
        },
    }
