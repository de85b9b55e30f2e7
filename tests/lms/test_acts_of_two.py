"""Each act that the table of permissions gives to a second person, played with logins that are no second person."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from accounts.enums import HandKind, RoleName
from accounts.errors import DomainError
from accounts.models import Center, LoginHand, User
from accounts.rule import acts_of_two
from accounts.scoping.hands import CardNotCompared, NotTwoPeople
from accounts.services.hands import StandsBehindLogin, confirm_card
from accounts.services.identity_documents import register_national_id
from accounts.services.memberships import give_role
from accounts.services.recoveries import ask_for_password, give_password
from accounts.services.role_requests import ask_for_role, give_asked_role
from accounts.services.short_codes import short_code
from accounts.services.staff_logins import create_staff_login
from assessment.enums import KeyRule
from assessment.errors import NotYoursToMark
from assessment.services.bank import publish_question, send_back_question
from assessment.services.regrades import start_regrade
from certificates.services.deciding import approve
from courses.errors import DoubtOfOwnDoing
from courses.queries.paper_sheets import Mark
from courses.services.completion import confirm_completion
from courses.services.paper_sheets import type_sheet
from courses.services.reviews import publish_reviewed
from tests.courses.rules.test_doubts import completed, correct
from tests.factories.accounts import TraineeFactory, holder_of_every_role, staff_member
from tests.factories.bank import digest_in, in_review
from tests.factories.certificates import completed_enrollment, proposed_for
from tests.factories.certificates_legacy import batch_in, compared
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    page_written_by,
    submitted,
)
from tests.factories.marking import BEST, WORST, decide, essay_cohort, marked, marker, task_of, written
from tests.factories.regrades import counted, marked_attempt

pytestmark = pytest.mark.django_db

CARD = "29501010101234"


class Play(NamedTuple):
    """The first person's act in a center, which returns what the second one's is about."""

    first: Callable[[Center, User], Any]
    second: Callable[[Any, User], Any]
    # What says no, where it is another refusal than `NotTwoPeople` and `CardNotCompared`.
    refusal: type[DomainError] | None = None
    is_of_ministry: bool = False


def ask_password(center: Center, by: User) -> Any:
    trainee = TraineeFactory(person__registered_at=center)
    register_national_id(person_id=trainee.person.pk, number=CARD, by=by)
    EnrollmentFactory(person=trainee.person, cohort__center=center)
    return ask_for_password(number=CARD, center=center, reason="lost", by=by)


def ask_role(center: Center, by: User) -> Any:
    user = staff_member(RoleName.INSTRUCTOR, center)
    return ask_for_role(
        user_id=user.pk, role=RoleName.CENTER_MANAGER, center=center, reason="leads the center", by=by
    )


def make_login(center: Center, by: User) -> User:
    login = create_staff_login(
        full_name_ar="هدى سيد مرسي", number=CARD, phone="01012345678", center=center, by=by
    )
    give_role(user_id=login.pk, role=RoleName.REGISTRAR, center=center, by=by)
    return login


def write_lesson(center: Center, by: User) -> int:
    lesson = page_written_by(center)
    lesson.save_revision(user=by, changed=True)
    return submitted(lesson, by)


def change_record(center: Center, by: User) -> Any:
    enrollment = completed(center)
    correct(enrollment, 30, by)
    return enrollment


def type_paper(center: Center, by: User) -> Any:
    session = ClassSessionFactory(cohort=CohortFactory(center=center))
    marks = {EnrollmentFactory(cohort=session.cohort).pk: Mark("absent")}
    return type_sheet(session_id=session.pk, code=short_code(session.public_id), marks=marks, by=by)


def type_paper_again(sheet: Any, by: User) -> Any:
    marks = {row.pk: Mark("absent") for row in sheet.session.cohort.enrollments.all()}
    return type_sheet(
        session_id=sheet.session_id, code=short_code(sheet.session.public_id), marks=marks, by=by
    )


def mark_first(center: Center, by: User) -> Any:
    task = task_of(written(essay_cohort(center, second_marking="all")))
    marked(task, by)
    return task


def mark_far_apart(center: Center, by: User) -> Any:
    task = task_of(written(essay_cohort(center, second_marking="all")))
    marked(task, by, BEST)
    marked(task, marker(center), WORST)
    return task


def propose(center: Center, by: User) -> Any:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    return proposed_for(cohort, by=by)


PLAYS = {
    "accounts.PasswordRecovery.give": Play(
        ask_password, lambda asked, by: give_password(recovery_id=asked.pk, by=by)
    ),
    "accounts.RoleRequest.give": Play(
        ask_role, lambda asked, by: give_asked_role(request_id=asked.pk, by=by)
    ),
    "accounts.User.confirm_card": Play(
        make_login,
        lambda login, by: confirm_card(user_id=login.pk, number=CARD, phone=login.phone or "", by=by),
        StandsBehindLogin,
    ),
    "wagtailcore.Page.review": Play(
        write_lesson, lambda review, by: publish_reviewed(review_id=review, comment="", by=by) or True
    ),
    "courses.Enrollment.confirm": Play(
        change_record,
        lambda row, by: confirm_completion(enrollment_id=row.pk, reason="seen", by=by),
        DoubtOfOwnDoing,
    ),
    "courses.ClassSession.attend": Play(type_paper, type_paper_again),
    "assessment.Question.publish": Play(
        lambda center, by: in_review(center, by=by),
        lambda question, by: publish_question(question_id=question.pk, digest=digest_in(question), by=by),
    ),
    "assessment.Question.send_back": Play(
        lambda center, by: in_review(center, by=by),
        lambda question, by: send_back_question(question_id=question.pk, reason="no key", by=by),
    ),
    "assessment.Regrade.start": Play(
        lambda center, by: counted(marked_attempt(center).versions[0], KeyRule.EVERYBODY, by=by),
        lambda regrade, by: start_regrade(regrade_id=regrade.pk, by=by),
        is_of_ministry=True,
    ),
    "assessment.MarkingTask.mark": Play(
        mark_first, lambda task, by: marked(task, by) or True, NotYoursToMark
    ),
    "assessment.MarkingTask.moderate": Play(
        mark_far_apart, lambda task, by: decide(task, by, BEST), NotYoursToMark
    ),
    "certificates.Proposal.decide": Play(
        propose, lambda proposal, by: approve(proposal_id=proposal.pk, by=by, confirmed_at=timezone.now())
    ),
    "certificates.LegacyPaper.check": Play(
        lambda center, by: batch_in(center, by=by).papers.get(), lambda paper, by: compared(paper, by=by)
    ),
}


def of_one_line(one: User, other: User, how: str) -> None:
    third = staff_member(RoleName.MINISTRY_OFFICER)
    for login, hand in {"first": [(other, one)], "second": [(one, other)], "third": [(one, third), (other, third)]}[how]:  # fmt: skip
        LoginHand.objects.create(login=login, hand=hand, kind=HandKind.MADE)


def people(center: Center, play: Play) -> tuple[User, User]:
    place = None if play.is_of_ministry else center
    return holder_of_every_role(place), holder_of_every_role(place)


def fresh(user: User) -> User:
    """As the next request reads it."""
    return User.objects.get(pk=user.pk)


def test_each_act_of_two_people_is_played_here():
    assert set(PLAYS) == set(acts_of_two())


@pytest.mark.parametrize("maker", ["first", "second", "third"])
@pytest.mark.parametrize("act", PLAYS)
def test_two_logins_behind_which_one_person_stands_are_refused(center: Center, act: str, maker: str):
    play = PLAYS[act]
    one, other = people(center, play)
    of_one_line(one, other, maker)

    row = play.first(center, fresh(one))

    with pytest.raises(play.refusal or NotTwoPeople):
        play.second(row, fresh(other))


@pytest.mark.parametrize("act", PLAYS)
def test_who_has_no_card_compared_is_no_second_person(center: Center, act: str):
    play = PLAYS[act]
    one, other = people(center, play)
    other.hands.all().delete()

    row = play.first(center, fresh(one))

    with pytest.raises((CardNotCompared, play.refusal or CardNotCompared)):
        play.second(row, fresh(other))


@pytest.mark.parametrize("act", PLAYS)
def test_another_person_does_the_second_part(center: Center, act: str):
    play = PLAYS[act]
    one, other = people(center, play)

    assert play.second(play.first(center, fresh(one)), fresh(other))
