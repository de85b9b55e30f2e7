"""A deputy and the colleague whose role it is count as one person wherever two are asked for."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from accounts.enums import Act, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Deputy, Membership, User
from accounts.scoping.hands import made_by
from accounts.services.deputies import end_deputy
from accounts.services.people import OwnRecord, correct_person
from accounts.services.short_codes import short_code
from assessment.errors import WrittenByYou
from assessment.services.bank import publish_question
from certificates.errors import RecordedItsFee, SamePerson
from certificates.services.deciding import approve
from courses.clauses import Clauses, Practice, Task
from courses.enums import ComplaintKind, ComplaintLevel
from courses.errors import OwnDraft, OwnMark, TaughtByAssessor, TypedByYourself
from courses.models import Cohort, Complaint, CompletionRule, LessonPage, PaperSheet
from courses.queries.complaints import visible_to, with_level
from courses.queries.paper_sheets import Mark
from courses.services.paper_sheets import type_sheet
from courses.services.practice import record_practical_result
from courses.services.reviews import publish_reviewed
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    UserFactory,
    deputy_for,
    holder_of_every_role,
    staff_member,
)
from tests.factories.bank import digest_in, in_review
from tests.factories.certificate_fees import paid, proposed_with_fee
from tests.factories.certificates import completed_enrollment, proposed_for
from tests.factories.complaints import citizens_complaint, complaint_of
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    ProgramPageFactory,
    page_written_by,
    submitted,
)

pytestmark = pytest.mark.django_db

WELDING = Clauses(practice=Practice(percent=50, tasks=(Task("weld", {"ar": "لحام"}),)))


class Pair(NamedTuple):
    """Two acts that the rules forbid to one person."""

    first: Callable[[Center, User], Any]
    second: Callable[[Any, User], Any]
    refusal: type[DomainError]


def propose(center: Center, by: User) -> Any:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    return proposed_for(cohort, by=by)


def decide(proposal: Any, by: User) -> Any:
    return approve(proposal_id=proposal.pk, by=by, confirmed_at=timezone.now())


def write(center: Center, by: User) -> int:
    lesson: LessonPage = page_written_by(center)
    lesson.save_revision(user=by, changed=True)
    return submitted(lesson, by)


def publish(review: int, by: User) -> Any:
    return publish_reviewed(review_id=review, comment="", by=by)


def type_paper(center: Center, by: User) -> PaperSheet:
    session = ClassSessionFactory(cohort=CohortFactory(center=center))
    marks = {EnrollmentFactory(cohort=session.cohort).pk: Mark("absent")}
    return type_sheet(session_id=session.pk, code=short_code(session.public_id), marks=marks, by=by)


def type_paper_again(sheet: PaperSheet, by: User) -> Any:
    marks = {row.pk: Mark("absent") for row in sheet.session.cohort.enrollments.all()}
    return type_sheet(
        session_id=sheet.session_id, code=short_code(sheet.session.public_id), marks=marks, by=by
    )


def record_fee(center: Center, by: User) -> Any:
    """Of a proposal that somebody else made."""
    proposal = proposed_with_fee(center)
    paid(proposal, "1", by=by)
    return proposal


def publish_question_read(question: Any, by: User) -> Any:
    return publish_question(question_id=question.pk, digest=digest_in(question), by=by)


PAIRS = {
    "write a question and publish it": Pair(
        lambda center, by: in_review(center, by=by), publish_question_read, WrittenByYou
    ),
    "propose and approve": Pair(propose, decide, SamePerson),
    "record a fee and approve": Pair(record_fee, decide, RecordedItsFee),
    "write and publish": Pair(write, publish, OwnDraft),
    "type a sheet and type it again": Pair(type_paper, type_paper_again, TypedByYourself),
}


def welding_at(center: Center) -> Cohort:
    rule = CompletionRule.objects.create(program=ProgramPageFactory(), version=1, clauses=WELDING.as_list())
    cohort: Cohort = CohortFactory(center=center, program=rule.program, completion_rule=rule)
    return cohort


def lend_all(lender: User) -> User:
    """A deputy in every role of the staff."""
    deputy: User = UserFactory()
    for lent in Membership.objects.own().filter(user=lender).exclude(role=RoleName.TRAINEE):
        deputy_for(lent, deputy)
    return deputy


def end_all(deputy: User) -> None:
    for row in Deputy.objects.filter(user=deputy, ended_at=None):
        end_deputy(deputy_id=row.pk, reason="back", by=deputy)


def fresh(user: User) -> User:
    """As the next request reads it."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    "hands", ["lender, deputy", "deputy, lender", "deputy, lender later", "deputy, next deputy"]
)
@pytest.mark.parametrize("pair", PAIRS)
def test_no_pair_of_acts_becomes_possible_with_a_deputy(center: Center, pair: str, hands: str):
    acts = PAIRS[pair]
    lender = holder_of_every_role(center)
    deputy = lend_all(lender)

    if hands == "lender, deputy":
        thing, second = acts.first(center, fresh(lender)), deputy
    else:
        thing, second = acts.first(center, fresh(deputy)), lender
        if hands != "deputy, lender":
            end_all(deputy)
        if hands == "deputy, next deputy":
            second = lend_all(lender)

    with pytest.raises(acts.refusal):
        acts.second(thing, fresh(second))


@pytest.mark.parametrize("pair", PAIRS)
def test_an_independent_colleague_does_the_second_act(center: Center, pair: str):
    acts = PAIRS[pair]
    lender, colleague = holder_of_every_role(center), holder_of_every_role(center)
    deputy = lend_all(lender)

    thing = acts.first(center, fresh(deputy))

    assert acts.second(thing, fresh(colleague))


def test_what_a_deputy_did_after_the_end_is_their_own(center: Center):
    lender = holder_of_every_role(center)
    colleague = holder_of_every_role(center)
    deputy_for(Membership.objects.get(user=lender, role=RoleName.CENTER_MANAGER), colleague)
    end_all(colleague)

    after = propose(center, fresh(colleague))

    # They were a deputy in a role that proposes.
    assert made_by({colleague.pk}, Act.PROPOSE_CERTIFICATES) == {colleague.pk, lender.pk}
    assert decide(after, fresh(lender))


def test_an_act_is_the_lenders_on_the_lent_days_and_until_the_end(center: Center):
    lent = MembershipFactory(role=RoleName.REGISTRAR, center=center)
    deputy = deputy_for(lent)
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    moments = [
        midday_of(deputy.since - day),
        midday_of(deputy.since),
        midday_of(deputy.until),
        midday_of(deputy.until + day),
    ]

    def lenders() -> list[bool]:
        found = [made_by({deputy.user_id}, Act.ENROLL, on=moment) for moment in moments]
        return [lent.user_id in logins for logins in found]

    all_days = lenders()
    Deputy.objects.filter(pk=deputy.pk).update(ended_at=moments[1] + hour)

    assert all_days == [False, True, True, False]
    assert lenders() == [False, True, False, False]


def midday_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def test_who_taught_as_a_deputy_does_not_assess_afterwards(center: Center):
    cohort = welding_at(center)
    enrollment = EnrollmentFactory(cohort=cohort)
    teaching = MembershipFactory(role=RoleName.INSTRUCTOR, center=center)
    cohort.instructors.add(teaching.user)
    deputy, assessor = staff_member(RoleName.ASSESSOR, center), staff_member(RoleName.ASSESSOR, center)
    deputy_for(teaching, deputy)

    def assess(by: User) -> Any:
        return record_practical_result(
            enrollment_id=enrollment.pk, task_code="weld", score=70, passed=True, by=fresh(by)
        )

    with pytest.raises(TaughtByAssessor):
        assess(deputy)
    end_all(deputy)
    with pytest.raises(TaughtByAssessor):
        assess(deputy)
    assert assess(assessor)


def test_a_deputy_decides_nothing_about_the_lender(center: Center):
    lender = UserFactory(person=PersonFactory(registered_at=center))
    MembershipFactory(user=lender, role=RoleName.REGISTRAR, center=center)
    MembershipFactory(user=lender, role=RoleName.ASSESSOR, center=center)
    deputy = lend_all(lender)
    enrollment = EnrollmentFactory(person=lender.person, cohort=welding_at(center))

    with pytest.raises(OwnRecord):
        correct_person(person_id=lender.person.pk, full_name_en="Somebody Else", by=fresh(deputy))
    with pytest.raises(OwnMark):
        record_practical_result(
            enrollment_id=enrollment.pk, task_code="weld", score=70, passed=True, by=fresh(deputy)
        )


def test_a_complaint_about_the_lender_is_hidden_from_the_deputy(center: Center):
    manages = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center)
    deputy = deputy_for(manages).user
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    citizens_complaint(center, kind=ComplaintKind.CENTER)

    seen = [
        visible_to(Complaint.objects.all(), fresh(one)).count() for one in (manages.user, deputy, officer)
    ]

    assert seen == [0, 0, 1]


def test_a_complaint_about_a_deputy_is_hidden_from_the_lender(center: Center):
    manages = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center)
    teacher = staff_member(RoleName.INSTRUCTOR, center)
    enrollment = EnrollmentFactory(cohort__center=center, person__registered_at=center)
    deputy_for(manages, teacher)

    complaint = complaint_of(enrollment, kind=ComplaintKind.STAFF, staff=teacher)

    assert not visible_to(Complaint.objects.all(), fresh(manages.user)).exists()
    (asked,) = with_level(Complaint.objects.filter(pk=complaint.pk))
    assert asked.with_level > ComplaintLevel.CENTER


def test_only_acts_that_the_lent_role_allows_are_done_for_the_lender(center: Center):
    lent = MembershipFactory(role=RoleName.REGISTRAR, center=center)
    deputy = deputy_for(lent).user

    assert made_by({deputy.pk}, Act.ENROLL) == {deputy.pk, lent.user.pk}
    assert made_by({deputy.pk}, Act.ASSESS) == {deputy.pk}
