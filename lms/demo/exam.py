"""A timed exam whose questions are drawn from the bank: the line is cut while an answer is saved, and more time is given while it runs."""

import contextlib
import json
import re
import socket
from typing import Any
from urllib.parse import urlsplit

from accounts.models import User
from assessment.enums import Purpose, QuestionKind
from assessment.models import Attempt, QuizPage, ResponseEvent
from assessment.queries.questions import questions_of
from assessment.services.grants import give_time
from courses.models import CoursePage, ProgramPage
from courses.services.reviews import publish_reviewed, submit_for_review
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.new_cohorts import open_next
from lms.demo.newcomers import address, sign_up
from lms.demo.people import DemoPeople

DRAWN = 6
MINUTES = 20
GIVEN_MINUTES = 10


class ExamJourney:
    """The steps, in order."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
        self.site = site
        self.journal = journal
        self.cast = cast
        self.quiz = exam_page(program, author=cast.login("instructor"), publisher=cast.manager)
        self.cohort = open_next("EXAM", cast=cast, program=program, instructors=[cast.login("instructor")])

    def take(self) -> None:
        trainee = Browser(self.site)
        person = sign_up(trainee, "ياسمين خالد عبد الفتاح حسن")
        trainee.post(address("courses:enroll", self.cohort.public_id), {})
        sheet = trainee.post(address("assessment:start", self.quiz.translation_key), {})
        attempt = self._attempt(person, sheet.main_text())
        told = re.search(r'id="attempt-device"[^>]*>(.*?)</script>', sheet.text)
        if told is None:
            raise StepFailedError(f"the page of the exam has no device: {sheet.main_text()}")
        device = json.loads(told[1])
        if device["left_ms"] is None or len(attempt.versions) != DRAWN + 1:
            raise StepFailedError(f"the exam has no limit, or {len(attempt.versions)} questions: {device}")
        changes = answers_to(attempt)
        saved = address("assessment:changes", attempt.public_id)
        body = {"epoch": device["epoch"], "changes": changes}
        self._cut(trainee, saved, body)
        receipt = trainee.post_json(saved, body)
        if receipt["saved"] != [change["seq"] for change in changes]:
            raise StepFailedError(f"not all is saved: {receipt}")
        if ResponseEvent.objects.filter(attempt=attempt).count() != len(changes):
            raise StepFailedError("an answer whose receipt was lost is there twice")
        give_time(attempt_id=attempt.pk, minutes=GIVEN_MINUTES, reason="انقطاع التيار", by=self.cast.manager)
        left = json.loads(trainee.fetch(address("assessment:state", attempt.public_id)))["left_ms"]
        if left <= receipt["left_ms"]:
            raise StepFailedError(f"more time does not show: {left} after {receipt}")
        trainee.post(address("assessment:submit", attempt.public_id), {"confirmed": "1"})
        attempt.refresh_from_db()
        answered = attempt.answers.filter(response__isnull=False).count()
        if attempt.is_open or answered != len(changes):
            raise StepFailedError(f"{answered} of {len(changes)} answers were marked")
        self.journal.report(
            f"an exam of {len(attempt.versions)} questions, {DRAWN} of them drawn: no answer is lost to a cut line, and {GIVEN_MINUTES} minutes were given"
        )

    def _attempt(self, person: User, said: str) -> Attempt:
        attempt = Attempt.objects.filter(enrollment__person=person.person_id).first()
        if attempt is None:
            raise StepFailedError(f"the exam did not start: {said}")
        return attempt

    @staticmethod
    def _cut(trainee: Browser, path: str, body: dict[str, Any]) -> None:
        """Send the answers, and lose the line before the receipt."""
        text = json.dumps(body).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in trainee.session.cookies.items())
        place = urlsplit(trainee.site)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: {cookies}\r\nX-CSRFToken: {trainee.session.cookies['csrftoken']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        )
        with contextlib.closing(socket.create_connection((place.hostname, place.port or 80), 30)) as line:
            line.sendall(head.encode() + text)


def answers_to(attempt: Attempt) -> list[dict[str, Any]]:
    """The first option of each question that has options."""
    changes: list[dict[str, Any]] = []
    for slot, one in enumerate(questions_of(attempt)):
        if "options" in one.content:
            option = one.content["options"][0]["id"]
            response = [option] if one.kind == QuestionKind.MULTIPLE else option
            changes.append({"seq": len(changes) + 1, "slot": slot, "response": response})
    return changes


def exam_page(program: ProgramPage, *, author: User, publisher: User) -> QuizPage:
    """An exam that no rule of completion asks for; made once."""
    course = CoursePage.objects.child_of(program).live().order_by("path").first()
    if course is None:
        raise StepFailedError(f"{program} has no course")
    # What a user may do is read once for the life of a user object; these were made before their roles.
    author, publisher = (User.objects.get(pk=user.pk) for user in (author, publisher))
    page = QuizPage.objects.child_of(course).filter(slug="safety-exam").first()
    if page is not None:
        return page
    page = QuizPage(
        title="امتحان السلامة",
        slug="safety-exam",
        locale=course.locale,
        owner=author,
        is_required=False,
        purpose=Purpose.EXAM,
        limit_minutes=MINUTES,
        shuffles_questions=True,
        shuffles_options=True,
        questions=json.dumps(
            [
                {"type": "section", "value": {"title": "السلامة"}},
                {
                    "type": "true_false",
                    "value": {
                        "text": "يُفحص غياب التيار قبل لمس الأسلاك.",
                        "is_true": True,
                        "explanation": "قد يبقى التيار بعد فصل قاطع خاطئ.",
                        "points": 1,
                    },
                },
                {"type": "draw", "value": {"count": DRAWN, "tags": [], "difficulty": "", "points": 1}},
            ]
        ),
    )
    course.add_child(instance=page)
    page.save_revision(user=author)
    review = submit_for_review(page_id=page.pk, by=author).current_task_state_id
    publish_reviewed(review_id=review, by=publisher)
    return page
