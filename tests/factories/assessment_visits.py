"""Who opens the pages of quizzes and of their attempts."""

import io

from accounts.enums import RoleName
from accounts.models import Center
from assessment.queries.media import medium_for_staff
from assessment.services.attempts import start_attempt
from assessment.services.pictures import keep_picture
from courses.models import Cohort
from tests.factories.accounts import TraineeFactory, staff_member
from tests.factories.assessment import (
    QuizPageFactory,
    attempt_with_files,
    board,
    hotspot,
    open_attempt,
    photo,
    quizzed_cohort,
    single,
)
from tests.factories.courses import EnrollmentFactory
from tests.factories.rows import Visit, visit


@visit("assessment:start")
def started_again(center: Center) -> Visit:
    trainee, attempt = open_attempt(center)
    return Visit(user=trainee, kwargs={"unit_key": attempt.quiz_key}, method="post", status=302)


@visit("assessment:attempt")
def shown(center: Center) -> Visit:
    trainee, attempt = open_attempt(center)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id})


@visit("assessment:submit")
def sent(center: Center) -> Visit:
    trainee, attempt = open_attempt(center)
    return Visit(
        user=trainee,
        kwargs={"public_id": attempt.public_id},
        method="post",
        data={"confirmed": "1"},
        status=302,
    )


@visit("assessment:changes")
def changed(center: Center) -> Visit:
    trainee, attempt = open_attempt(center)
    # A form is none of the protocol.
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id}, method="post", status=400)


@visit("assessment:state")
def asked_about(center: Center) -> Visit:
    trainee, attempt = open_attempt(center)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id})


@visit("assessment:go_on")
def gone_on(center: Center) -> Visit:
    trainee, attempt = open_attempt(center)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id}, method="post", status=302)


@visit("assessment:picture")
def pictured(center: Center) -> Visit:
    quiz = QuizPageFactory(questions=[hotspot()])
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    trainee = TraineeFactory(person=enrollment.person)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id, "slot": 0})


@visit("assessment:medium")
def shown_medium(center: Center) -> Visit:
    kind, value = single()
    medium = {"picture": board(), "alt": "لوحة", "recording": None}
    quiz = QuizPageFactory(questions=[(kind, {**value, "medium": medium})])
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    trainee = TraineeFactory(person=enrollment.person)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id, "slot": 0, "part": "picture"})


@visit("question_medium")
def medium_for_reader(center: Center) -> Visit:
    kept = keep_picture(io.BytesIO(photo(200)))
    content = {"medium": {"kind": "picture", "alt": {}, **kept._asdict()}}
    reader = staff_member(RoleName.INSTRUCTOR, center)
    shown = medium_for_staff(content, reader)
    token = shown.picture.address.split("/media/")[1].split("/")[0] if shown and shown.picture else ""
    return Visit(user=reader, kwargs={"token": token, "part": "picture"})


@visit("assessment:files")
def files_asked_for(center: Center) -> Visit:
    trainee, attempt, _file = attempt_with_files(center)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id, "slot": 0})


@visit("assessment:file_part")
def part_sent(center: Center) -> Visit:
    trainee, attempt, file = attempt_with_files(center)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id, "slot": 0, "sent_as": file.sent_as})


@visit("assessment:answer_file")
def file_read(center: Center) -> Visit:
    trainee, attempt, file = attempt_with_files(center)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id, "file_id": file.public_id})


@visit("question_picture")
def picture_chosen(center: Center) -> Visit:
    author = staff_member(RoleName.INSTRUCTOR, center)
    return Visit(user=author, kwargs={"document_id": board(center).pk}, status=302)
