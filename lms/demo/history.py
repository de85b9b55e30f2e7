"""Progress of trainees in the past.

Watching and reading are credited in real time, for which the demo cannot wait: only here, rows are written directly, as
the services would have left them. Quizzes, attendance and completion go through their services, each at its own time
(`lms.demo.clock`).
"""

import datetime as dt
from uuid import UUID

from accounts.models import User
from assessment.enums import QuestionKind
from assessment.models import QuizPage
from assessment.queries.questions import StoredQuestion, stored_questions
from assessment.services.attempts import start_attempt, submit_attempt
from courses import coverage
from courses.enums import CompletesBy
from courses.models import Enrollment, LessonPage, UnitProgress
from courses.queries.releases import openness_of
from lms.demo.clock import at

READING_TIME = dt.timedelta(minutes=18)
# Of a video that is not prepared yet.
ASSUMED_SECONDS = 24.0


def write_past_study(
    enrollment: Enrollment, *, share: float, begun_at: dt.datetime, until: dt.datetime
) -> None:
    """Leave the first `share` of the units studied between the two moments, and the next one begun; no quizzes.

    Of units that were open from the beginning.
    """
    version = enrollment.cohort.content_version
    with at(begun_at):
        later = openness_of([enrollment])[enrollment.pk]
    units = [
        unit
        for unit in (version.units if version else [])
        if unit["completes_by"] != CompletesBy.MARKS and unit["unit"] not in later
    ]
    done = round(share * len(units))
    pause = (until - begun_at) / (done + 1)
    for number, unit in enumerate(units[: done + 1]):
        key = UUID(unit["unit"])
        total = _buckets(key) if unit["completes_by"] == CompletesBy.WATCHING else 0
        seen = total if number < done else total // 2
        opened_at = begun_at + number * pause
        read_at = opened_at + READING_TIME
        UnitProgress.objects.get_or_create(
            enrollment=enrollment,
            unit_key=key,
            defaults={
                "watched": coverage.bitmap(range(seen)),
                "buckets_watched": seen,
                "buckets_total": total,
                "position": seen * coverage.BUCKET_SECONDS,
                "allowed_at": read_at,
                "opened_at": opened_at,
                "updated_at": read_at,
                "completed_at": read_at if number < done else None,
            },
        )


def take_quizzes(enrollment: Enrollment, *, wrong: int, by: User) -> None:
    """Answer every quiz of the enrollment, the last `wrong` questions of each wrongly."""
    version = enrollment.cohort.content_version
    keys = (
        [unit["unit"] for unit in version.units if unit["completes_by"] == CompletesBy.MARKS]
        if version
        else []
    )
    for quiz in QuizPage.objects.filter(translation_key__in=keys, locale=enrollment.cohort.program.locale):
        attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=by)
        questions = stored_questions(attempt.versions)
        responses = {
            slot: _chosen(one, is_right=slot < len(questions) - wrong) for slot, one in enumerate(questions)
        }
        submit_attempt(attempt_id=attempt.pk, responses=responses, by=by)


def _chosen(one: StoredQuestion, *, is_right: bool) -> str | list[str]:
    """The right options of a question, or the others."""
    right = {option for option, weight in one.key["weights"].items() if not weight.startswith("-")}
    options = [option["id"] for option in one.content["options"] if (option["id"] in right) == is_right]
    return options[0] if one.kind == QuestionKind.SINGLE else options


def _buckets(key: UUID) -> int:
    lesson = LessonPage.objects.filter(translation_key=key).first()
    video = lesson.video() if lesson else None
    seconds = video.published.seconds if video and video.published else ASSUMED_SECONDS
    return coverage.buckets_of(seconds)
