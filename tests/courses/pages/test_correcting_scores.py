"""Correcting a score in the workplace, by who may mark there."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center
from accounts.scoping.audit import trail_items, with_people
from courses.clauses import Clauses, Score, Test
from courses.models import Cohort, Enrollment, ScoreCorrection, UnitProgress
from courses.queries.requirements import requirements
from courses.services.enrollments import enroll
from courses.services.marks import correct_score
from courses.services.progress import record_score
from tests.factories.accounts import CenterFactory, PersonFactory, UserFactory, staff_member
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.courses import taught_cohort


@pytest.fixture
def center(db: None) -> Center:
    return CenterFactory()


@pytest.fixture
def enrollment(center: Center) -> Enrollment:
    cohort = taught_cohort(center=center, lessons=1, attendance=0)
    seat = enroll(person_id=PersonFactory(registered_at=center).pk, cohort_id=cohort.pk, by=UserFactory())
    record_score(enrollment_id=seat.pk, unit_key=unit_of(seat), score=Decimal(90), passed=True)
    return seat


def unit_of(enrollment: Enrollment) -> UUID:
    return UUID(enrollment.cohort.content_version.units[0]["unit"])


def form_of(enrollment: Enrollment) -> str:
    return reverse("enrollment:correct", args=[enrollment.pk, unit_of(enrollment)])


def page_of(enrollment: Enrollment) -> str:
    return reverse("enrollment:inspect", args=[enrollment.pk])


def test_an_assessor_corrects_a_score_and_the_officer_reads_what_it_undid(
    client: Client, center: Center, enrollment: Enrollment
):
    client.force_login(staff_member(RoleName.ASSESSOR, center))
    linked = client.get(page_of(enrollment)).content.decode()
    shown = client.get(form_of(enrollment)).content.decode()
    client.post(form_of(enrollment), {"score": "30", "passed": "0", "reason": "ورقة شخص آخر"})
    after = client.get(page_of(enrollment)).content.decode()
    client.force_login(staff_member(RoleName.CERTIFYING_OFFICER, center))
    home = client.get(reverse("wagtailadmin_home")).content.decode()

    assert form_of(enrollment) in linked
    assert enrollment.person.full_name_ar in shown
    assert UnitProgress.objects.get().score == 30
    assert "ورقة شخص آخر" in after
    assert page_of(enrollment) in home


def test_the_trail_names_the_units_of_scores_by_their_titles(enrollment: Enrollment):
    correct_score(
        enrollment_id=enrollment.pk,
        unit_key=unit_of(enrollment),
        score=Decimal(30),
        passed=False,
        reason="a",
        by=UserFactory(),
    )

    marked = AuditEntry.objects.filter(action__startswith="courses.progress.")
    items = trail_items(with_people(marked), user=UserFactory())

    title = enrollment.cohort.content_version.units[0]["title"]
    units = [fact.value for item in items for fact in item.facts if fact.value == title]
    assert len(units) == len(items) == 2


@pytest.mark.parametrize("typed", [{"score": "101", "reason": "x"}, {"score": "50"}, {"reason": "x"}])
def test_a_form_that_is_not_complete_changes_nothing(
    client: Client, center: Center, enrollment: Enrollment, typed: dict[str, str]
):
    client.force_login(staff_member(RoleName.ASSESSOR, center))

    answer = client.post(form_of(enrollment), typed)

    assert answer.status_code == 200
    assert UnitProgress.objects.get().score == 90


@pytest.mark.parametrize("role", [RoleName.REGISTRAR, RoleName.CERTIFYING_OFFICER])
def test_who_does_not_mark_corrects_no_score(
    client: Client, center: Center, enrollment: Enrollment, role: RoleName
):
    client.force_login(staff_member(role, center))

    assert form_of(enrollment) not in client.get(page_of(enrollment)).content.decode()
    assert client.get(form_of(enrollment)).status_code == 404


def test_a_score_of_another_center_is_missing_and_a_unit_without_one_says_so(
    client: Client, center: Center, enrollment: Enrollment
):
    client.force_login(staff_member(RoleName.ASSESSOR, CenterFactory()))
    elsewhere = client.get(form_of(enrollment)).status_code
    client.force_login(staff_member(RoleName.ASSESSOR, center))
    unknown = client.get(reverse("enrollment:correct", args=[enrollment.pk, UUID(int=1)])).content.decode()

    assert elsewhere == 404
    assert "ليس لهذا الدرس درجة بعد" in unknown


def test_the_form_says_the_pass_mark_and_that_the_choice_counts_against_it(client: Client, center: Center):
    quiz = QuizPageFactory(pass_percent=65)
    minimum = Score(tests=(Test(str(quiz.translation_key), {"ar": quiz.title}, minimum=50),))
    cohort = quizzed_cohort(quiz, asks=Clauses(score=minimum))
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    seat = enroll(person_id=PersonFactory(registered_at=center).pk, cohort_id=cohort.pk, by=UserFactory())
    record_score(enrollment_id=seat.pk, unit_key=quiz.translation_key, score=Decimal(40), passed=False)
    client.force_login(staff_member(RoleName.ASSESSOR, center))
    address = reverse("enrollment:correct", args=[seat.pk, quiz.translation_key])

    shown = client.get(address).text
    client.post(address, {"score": "45", "passed": "1", "reason": "إجابة صحيحة لم تُحسب"})

    told = ("65%", "50%", "ما تختاره هو الذي يُحتسب، حتى لو خالف درجة النجاح.")
    assert [text for text in told if text not in shown] == []
    kept = ScoreCorrection.objects.get()
    assert (kept.to_score, kept.to_passed) == (45, True)
    said = ModelLogEntry.objects.get(action="courses.progress.correct")
    assert (said.data["to"], said.data["passed"]) == ("45", True)
    assert seat.progress.get().completed_at
    (requirement,) = requirements(Enrollment.objects.get(pk=seat.pk))
    assert not requirement.met
