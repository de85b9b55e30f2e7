"""One program, and taking a seat in it."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS

from courses.clauses import Clauses, Score
from courses.enums import CohortState
from courses.models import Cohort, CompletionRule, Enrollment
from courses.queries.outline import unit_address
from courses.services.completion import set_completion_rule
from tests.courses.pages.conftest import School
from tests.factories.accounts import CenterFactory, GovernorateFactory, TraineeFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, LessonPageFactory

PROGRAM = "/ar/electricity/"


def enroll_url(cohort: Cohort) -> str:
    return reverse("courses:enroll", args=[cohort.public_id])


def test_a_program_shows_its_units_their_sizes_and_its_cohorts(client: Client, school: School):
    page = client.get(PROGRAM)

    text = page.content.decode()
    assert [unit.title for unit in page.context["contents"][0].units] == [
        school.watched.title,
        "أدوات الكهربائي",
    ]
    assert "٢ ميجابايت للفيديو الصغير" in text
    assert "٠٫٤ ميجابايت للصوت وحده" in text
    assert "مركز تدريب شبرا" in text
    assert "٢ من ٢" in text


def test_lessons_that_are_not_published_are_not_listed(client: Client, school: School):
    LessonPageFactory(parent=school.course, title="مسودة", live=False)

    assert "مسودة" not in client.get(PROGRAM).content.decode()


def test_a_program_without_dates_shows_a_message(client: Client, school: School):
    Cohort.objects.update(state=CohortState.RUNNING)

    assert "لا مواعيد حاليًا" in client.get(PROGRAM).content.decode()


def test_a_program_asks_the_database_as_often_for_three_cohorts_as_for_one(client: Client, school: School):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PROGRAM)
        return len(asked)

    questions()
    with_one = questions()
    for _ in range(2):
        CohortFactory(program=school.program)
        LessonPageFactory(parent=school.course)

    assert questions() == with_one


def test_a_trainee_takes_a_seat_and_lands_at_the_lessons(client: Client, school: School):
    trainee = TraineeFactory()
    client.force_login(trainee)

    answer = client.post(enroll_url(school.cohort))

    assert answer.url == "/ar/learning/"
    assert Enrollment.objects.get().person == trainee.person


def test_an_unknown_cohort_is_missing(client: Client, school: School):
    client.force_login(TraineeFactory())

    assert client.post(enroll_url(CohortFactory.build(program=None, center=None))).status_code == 404


def test_a_course_is_read_on_its_programs_page(client: Client, school: School):
    assert client.get(school.course.get_url()).url == PROGRAM


def panel(client: Client) -> str:
    """The one decision of the page."""
    page = client.get(PROGRAM).content.decode()
    return page.partition('class="program__panel"')[2].partition('class="program__rest"')[0]


def test_the_decision_is_the_next_cohort_with_seats_and_the_others_are_below(client: Client, school: School):
    soon = timezone.localdate() + dt.timedelta(days=3)
    full = CohortFactory(program=school.program, seats=1, seats_taken=1, starts_on=timezone.localdate())
    later = CohortFactory(program=school.program, starts_on=soon)

    decision = panel(client)

    assert enroll_url(school.cohort) in decision
    assert enroll_url(later) not in decision
    assert "موعدان آخران" in decision
    assert client.get(PROGRAM).context["cohorts"] == [full, later]


def test_a_page_with_full_cohorts_only_shows_that(client: Client, school: School):
    Cohort.objects.update(seats_taken=F("seats"))

    decision = panel(client)

    assert "كل المجموعات مكتملة" in decision
    assert "/enroll/" not in decision


def test_instructors_are_named_and_one_without_a_name_does_not_show_a_phone(client: Client, school: School):
    school.cohort.instructors.add(
        UserFactory(display_name="م. طه حسين"), UserFactory(display_name="", phone="+201012345678")
    )

    decision = panel(client)

    assert "م. طه حسين" in decision
    assert "1012345678" not in decision


def test_the_conditions_are_those_of_the_rule(client: Client, school: School):
    assert "من الحصص على الأقل" not in client.get(PROGRAM).content.decode()

    rule = set_completion_rule(
        program_id=school.program.pk,
        by=UserFactory(),
        asks=Clauses(units=True, attendance=75, score=Score(60)),
    )
    Cohort.objects.update(completion_rule=rule)

    page = client.get(PROGRAM).content.decode()
    assert "حضور ٧٥٪ من الحصص على الأقل" in page
    assert "متوسط درجات ٦٠٪ على الأقل" in page


def test_a_reader_with_a_seat_is_not_asked_to_enroll(trainee_client: Client, school: School):
    CohortFactory(program=school.program)

    page = trainee_client.get(PROGRAM).content.decode()

    assert "/enroll/" not in page
    assert "program__seat" in page


def test_without_dates_the_decision_leads_to_programs_of_the_same_trade(client: Client, school: School):
    Cohort.objects.update(state=CohortState.RUNNING)

    assert 'href="/ar/programs/?sector=electricity"' in panel(client)


def test_a_reader_with_a_seat_sees_the_conditions_of_the_own_cohort(trainee_client: Client, school: School):
    rules = [
        set_completion_rule(
            program_id=school.program.pk, by=UserFactory(), asks=Clauses(units=True, attendance=percent)
        )
        for percent in (75, 90)
    ]
    Cohort.objects.update(completion_rule=rules[0])
    CohortFactory(program=school.program, completion_rule=rules[1])

    assert "حضور ٧٥٪ من الحصص على الأقل" in trainee_client.get(PROGRAM).content.decode()


def rules_of(school: School, *attendance: int) -> list[CompletionRule]:
    return [
        set_completion_rule(
            program_id=school.program.pk, by=UserFactory(), asks=Clauses(units=True, attendance=percent)
        )
        for percent in attendance
    ]


def test_where_rules_differ_each_cohort_shows_its_own(client: Client, school: School):
    strict, usual = rules_of(school, 90, 75)
    Cohort.objects.update(completion_rule=usual)
    CohortFactory(program=school.program, completion_rule=usual)
    alike = client.get(PROGRAM).content.decode()

    CohortFactory(program=school.program, completion_rule=strict)

    assert alike.count("حضور ٧٥٪ من الحصص على الأقل") == 1
    page = client.get(PROGRAM).content.decode()
    assert page.count("حضور ٧٥٪ من الحصص على الأقل") == 2
    assert page.count("حضور ٩٠٪ من الحصص على الأقل") == 1


@pytest.mark.parametrize("has_seats", [True, False])
def test_before_a_seat_is_taken_the_rule_of_that_cohort_is_shown(
    client: Client, school: School, has_seats: bool
):
    """Also before waiting for one."""
    strict, _usual = rules_of(school, 90, 75)
    Cohort.objects.update(completion_rule=strict)
    if not has_seats:
        Cohort.objects.update(seats_taken=F("seats"))
    client.force_login(TraineeFactory())

    address = (
        enroll_url(school.cohort) if has_seats else reverse("courses:wait", args=[school.cohort.public_id])
    )

    assert "حضور ٩٠٪ من الحصص على الأقل" in client.get(address).content.decode()


def test_similar_dates_are_distinguished_by_days_and_hours(client: Client, school: School):
    other = CohortFactory(program=school.program)
    begins = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(16)))
    for cohort in (school.cohort, other):
        for week in (1, 2):
            day = begins + dt.timedelta(weeks=week, days=cohort == other)
            ClassSessionFactory(cohort=cohort, starts_at=day, ends_at=day + dt.timedelta(hours=3))

    page = client.get(PROGRAM).content.decode()
    client.force_login(TraineeFactory())

    assert page.count("من ٤:٠٠ م إلى ٧:٠٠ م") == 2
    for day in (begins, begins + dt.timedelta(days=1)):
        assert str(WEEKDAYS[day.weekday()]) in page
    assert "من ٤:٠٠ م إلى ٧:٠٠ م" in client.get(enroll_url(other)).content.decode()


def test_a_page_distinguishes_running_and_future_cohorts(client: Client, school: School):
    Cohort.objects.update(starts_on=timezone.localdate() - dt.timedelta(days=2))
    CohortFactory(program=school.program)

    page = client.get(PROGRAM).content.decode()

    assert "بدأت، والتسجيل ما زال مفتوحًا" in page


def test_a_full_program_offers_no_seat_to_choose_at_its_foot(client: Client, school: School):
    Cohort.objects.update(seats_taken=F("seats"))

    assert "button--primary" not in client.get(PROGRAM).content.decode()


def test_who_has_a_seat_goes_from_the_contents_to_the_lessons(
    client: Client, trainee_client: Client, enrollment: Enrollment, school: School
):
    link = f'href="{unit_address(enrollment, school.read.translation_key)}"'

    assert link in trainee_client.get(PROGRAM).content.decode().partition('id="contents-title"')[2]
    assert link not in client.get(PROGRAM).content.decode()


def test_the_date_in_the_readers_place_comes_first(client: Client, school: School):
    today = timezone.localdate()
    there = CenterFactory(governorate=GovernorateFactory(nid_code="16", name_ar="الغربية"))
    Cohort.objects.update(starts_on=today + dt.timedelta(days=2))
    local = CohortFactory(
        program=school.program,
        center=there,
        starts_on=today + dt.timedelta(days=20),
        ends_on=today + dt.timedelta(days=60),
    )

    def offered(address: str = PROGRAM) -> Cohort:
        return client.get(address).context["upcoming"]

    anywhere = offered()
    at_the_center, in_the_governorate = (
        offered(f"{PROGRAM}?{query}")
        for query in (f"center={there.pk}", f"governorate={there.governorate_id}")
    )
    client.get("/ar/", {"near": there.governorate_id})

    assert anywhere != local
    assert (at_the_center, in_the_governorate, offered()) == (local, local, local)
    assert offered(f"{PROGRAM}?center=0&governorate=x") == anywhere
