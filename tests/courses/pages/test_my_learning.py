"""The page My learning."""

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.enums import SessionKind
from courses.models import Enrollment
from courses.queries.outline import unit_address
from courses.services.enrollments import enroll, withdraw
from courses.services.progress import complete_unit
from live.enums import LiveState
from live.models import JointMeeting, LiveSession
from tests.courses.pages.conftest import School
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, finish_units, taught_cohort
from tests.factories.live import LiveSessionFactory

PLACE = "/ar/learning/"


def test_a_visitor_logs_in_first(client: Client, db: None):
    assert client.get(PLACE).url.endswith(f"/login/?next={PLACE}")


def test_a_newcomer_is_led_to_the_catalog(client: Client, school: School):
    client.force_login(TraineeFactory())

    page = client.get(PLACE).content.decode()

    assert "لا شيء هنا بعد" in page
    assert "/ar/programs/" in page


def test_a_login_without_a_person_sees_the_same_empty_page(client: Client, school: School):
    client.force_login(UserFactory())

    assert "لا شيء هنا بعد" in client.get(PLACE).content.decode()


def test_a_running_program_leads_to_the_next_unit(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    complete_unit(enrollment_id=enrollment.pk, unit_key=school.read.translation_key)

    page = trainee_client.get(PLACE)

    (card,) = page.context["cards"]
    assert card.next_unit.url == unit_address(enrollment, school.watched.translation_key)
    assert card.percent == 50
    assert f"متابعة: {school.watched.title}" in page.content.decode()
    assert "بقي درس واحد" in page.content.decode()


def test_the_next_classes_are_named_and_past_ones_are_not(trainee_client: Client, enrollment: Enrollment):
    soon = timezone.now() + dt.timedelta(days=1)
    ClassSessionFactory(cohort=enrollment.cohort, title="حصة مضت", starts_at=soon - dt.timedelta(days=3))
    ClassSessionFactory(
        cohort=enrollment.cohort, title="حصة مباشرة قادمة", starts_at=soon, kind=SessionKind.LIVE
    )

    (card,) = trainee_client.get(PLACE).context["cards"]

    assert [line.session.title for line in card.sessions] == ["حصة مباشرة قادمة"]
    assert [line.session.title for line in card.timetable] == ["حصة مضت", "حصة مباشرة قادمة"]


def test_who_left_a_cohort_sees_that_nothing_is_lost(trainee_client: Client, enrollment: Enrollment):
    withdraw(enrollment_id=enrollment.pk, reason="سفر", by=UserFactory())

    page = trainee_client.get(PLACE)

    assert page.context["cards"] == []
    assert "ما أنجزته محفوظ" in page.content.decode()
    past = page.content.decode().partition('id="past-title"')[2].partition("</main>")[0]
    assert 'href="/ar/programs/"' in past


def test_a_completed_program_keeps_its_lessons_open(
    trainee_client: Client, enrollment: Enrollment, school: School
):
    Enrollment.objects.filter(pk=enrollment.pk).update(state="completed", completed_at=timezone.now())

    page = trainee_client.get(PLACE).content.decode()

    assert "تبقى الدروس مفتوحة لك" in page
    unit = unit_address(enrollment, school.watched.translation_key)
    assert trainee_client.get(unit).status_code == 200


def test_programs_added_cost_no_queries(trainee_client: Client, enrollment: Enrollment):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            trainee_client.get(PLACE)
        return len(asked)

    questions()
    with_one = questions()
    for _ in range(2):
        enroll(person_id=enrollment.person_id, cohort_id=taught_cohort(score=60).pk, by=UserFactory())

    assert questions() == with_one


def test_a_class_that_was_ended_early_is_no_longer_to_come(trainee_client: Client, enrollment: Enrollment):
    now = timezone.now()
    meeting = ClassSessionFactory(
        cohort=enrollment.cohort, title="لقاء قصير", starts_at=now, ends_at=now + dt.timedelta(hours=1)
    )
    other = ClassSessionFactory(
        cohort=taught_cohort(), starts_at=now, ends_at=now + dt.timedelta(hours=1), kind=SessionKind.LIVE
    )
    room = LiveSessionFactory(class_session=other)
    JointMeeting.objects.create(session=room, class_session=meeting)
    (before,) = trainee_client.get(PLACE).context["cards"]

    LiveSession.objects.update(state=LiveState.ENDED, ended_at=now)
    (after,) = trainee_client.get(PLACE).context["cards"]

    assert [line.session.title for line in before.sessions] == ["لقاء قصير"]
    assert after.sessions == []


def test_what_is_missing_for_the_certificate_is_not_contradicted(
    client: Client, school: School, enrollment: Enrollment
):
    cohort = taught_cohort(lessons=1, attendance=75)
    seat = enroll(person_id=enrollment.person_id, cohort_id=cohort.pk, by=UserFactory())
    finish_units(seat)
    client.force_login(enrollment.person.user)

    page = client.get(PLACE).content.decode()

    card = page.partition(f'id="learning-{seat.public_id}"')[2].partition("</article>")[0]
    assert "لم يبق شيء مطلوب" not in card
    assert "تمت كل الدروس المطلوبة" in card
    # In one place, right below the progress bar.
    assert card.count("٧٥٪") == 1
    assert card.index("tape__text") < card.index("ما ينقصك للشهادة") < card.index("<details")
