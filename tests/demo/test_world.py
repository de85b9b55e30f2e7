"""The demo data as a visitor finds them. Built once for the module: it takes seconds."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import ModelLogEntry, Page, Site

from accounts.enums import Act, RoleName, Sex
from accounts.models import (
    AuditEntry,
    IdentityDocument,
    Membership,
    PasswordRecovery,
    Person,
    User,
    VisualIdentity,
)
from accounts.scoping import may
from accounts.scoping.work import shortcuts_of, work_waiting_for
from accounts.services.national_number import parse_national_number
from assessment.models import Attempt
from certificates.enums import ProposalState
from certificates.models import Credential, LegacyPaper, Proposal
from courses.enums import CohortState, EnrollmentState, Sector, SessionKind, Shift
from courses.models import (
    AttendanceRecord,
    ClassSession,
    Cohort,
    Enrollment,
    LessonPage,
    ProgramPage,
    UnitPage,
    UnitProgress,
    UnitRelease,
)
from courses.queries.enrollments import enrollments_of
from courses.queries.outline import outline, unit_address
from live.enums import LiveState
from live.models import LiveSession
from lms.demo.classes import build_classes
from lms.demo.clock import at
from lms.demo.guide import last_screen
from lms.demo.names import roster
from lms.demo.people import PASSWORD, DemoPeople, build_people, national_number
from lms.demo.texts import PROGRAMS
from lms.demo.texts.kinds import ProgramText
from lms.demo.world import build_world
from media_pipeline.models import Video
from tests.factories.media_pipeline import published_video
from tests.factories.pages import root_page

# Wagtail leaves the temporary file of a picture's rendition to the garbage collector.
pytestmark = [
    pytest.mark.engines("builds the whole demo world: twenty seconds"),
    pytest.mark.xdist_group("demo world"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
    ),
]

FRIDAY = 4
HOURS = {Shift.MORNING: (8, 15), Shift.EVENING: (15, 22)}
KINDS = (
    Person, User, Membership, IdentityDocument, Page, Cohort, Enrollment, ClassSession, AttendanceRecord, UnitProgress,
    UnitRelease, Attempt, Proposal, Credential, LiveSession, LegacyPaper,
)  # fmt: skip


def build(videos: dict[str, Video]) -> DemoPeople:
    cast = build_people()
    build_world(cast, videos)
    return cast


def counts() -> dict[str, int]:
    return {kind.__name__: kind.objects.count() for kind in KINDS}


@pytest.fixture(scope="module")
def videos(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Video]]:
    """Rows that live as long as the module, in a transaction that is thrown away with all that is built in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        root_page()
        yield {key: published_video(title=key) for key in ("slides", "camera", "phone")}
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cast(videos: dict[str, Video], django_db_blocker: DjangoDbBlocker) -> DemoPeople:
    with django_db_blocker.unblock():
        return build(videos)


@pytest.fixture(autouse=True)
def _database(cast: DemoPeople, db: None) -> None:
    """Each test in a savepoint of its own, inside the world."""


def test_building_the_world_again_adds_nothing(videos: dict[str, Video]):
    before = counts()

    build(videos)

    assert counts() == before


def test_the_catalogs_of_both_languages_show_every_program(client: Client):
    for path in ("/ar/programs/", "/en/programs/"):
        answer = client.get(path)

        assert answer.status_code == 200
        for program in answer.context["page_obj"]:
            assert program.title in answer.content.decode()
        assert answer.context["page_obj"].paginator.count == len(PROGRAMS)


def test_every_page_has_both_languages():
    pages = Page.objects.live().descendant_of(
        Site.objects.get(is_default_site=True).root_page, inclusive=True
    )

    untranslated = [page.title for page in pages if page.get_translations().live().count() != 1]

    assert untranslated == []
    assert pages.count() > 20


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_every_page_of_a_program_answers_those_who_learn_in_it(text: ProgramText, language: str):
    program = ProgramPage.objects.get(code=text.code, locale__language_code=language)
    student = Client()
    person = _student_of(program)
    student.force_login(person)
    pages = [
        page
        for page in program.get_descendants(inclusive=True).live().specific()
        if not isinstance(page, UnitPage)
    ]
    studied = enrollments_of(person.person_id).filter(
        cohort__program__translation_key=program.translation_key,
        state__in=[EnrollmentState.ACTIVE, EnrollmentState.COMPLETED],
    )
    with translation.override(language):
        addresses = [unit_address(studied[0], unit.unit_key) for unit in outline(studied[0])]

    answers = {page.url: student.get(page.url, follow=True) for page in pages}
    lessons = [student.get(address) for address in addresses]

    # A course is read on its program's page, and a unit as the cohort is taught it.
    assert {answer.status_code for answer in (*answers.values(), *lessons)} == {200}
    assert all(url.startswith(answer.request["PATH_INFO"]) for url, answer in answers.items())
    assert len(answers) + len(lessons) > 2


def test_an_outsider_reads_no_unit(client: Client, cast: DemoPeople):
    units = [page for page in Page.objects.live().specific() if isinstance(page, UnitPage)]
    client.force_login(cast.newcomer)

    bodies = {page.url: client.get(page.url).status_code for page in units}

    assert bodies
    assert 200 not in bodies.values()


def test_every_role_has_a_login_with_the_demo_password(cast: DemoPeople):
    for role, user in cast.logins():
        assert user.is_active
        assert Client().login(username=user.username, password=PASSWORD), role


def test_staff_reach_their_workplace_and_trainees_do_not(cast: DemoPeople):
    for role, user in cast.logins():
        client = Client()
        client.force_login(user)

        opened = client.get("/admin/").status_code == 200

        assert opened == (role != RoleName.TRAINEE), role


@pytest.mark.parametrize(
    ("login", "kinds"),
    [
        ("registrar", {"given-back", "without-phone"}),
        ("manager", {"reviews", "password-requests"}),
        ("officer", {"proposals", "papers"}),
        ("ministry", {"fees-unset"}),
        ("auditor", {"sensitive-acts"}),
    ],
)
def test_work_waits_on_the_homes_and_every_line_and_button_leads_to_a_page(
    client: Client, cast: DemoPeople, login: str, kinds: set[str]
):
    user = User.objects.get(username=login)
    client.force_login(user)

    waiting = work_waiting_for(user)
    addresses = [line.url for kind in waiting for line in kind.lines] + [
        url for kind in waiting for line in kind.lines for _label, url in line.also
    ]
    addresses += [shortcut.url for shortcut in shortcuts_of(user)]
    answers = {address: client.get(address).status_code for address in addresses}

    assert kinds <= {kind.work.name for kind in waiting}
    assert set(answers.values()) == {200}


def test_there_are_cohorts_and_enrollments_in_every_state():
    assert set(Cohort.objects.values_list("state", flat=True)) == {
        CohortState.OPEN,
        CohortState.RUNNING,
        CohortState.CLOSED,
    }
    assert set(Enrollment.objects.values_list("state", flat=True)) == set(EnrollmentState.values)
    full = Cohort.objects.get(code="WLD-A1/GHR-01/2")
    assert full.seats_left == 0


def test_certificates_wait_were_sent_back_are_in_force_and_revoked():
    assert set(Proposal.objects.values_list("state", flat=True)) == set(ProposalState.values)
    assert set(Credential.objects.values_list("state", flat=True)) == {"in_force", "revoked", "suspended"}
    assert Credential.objects.live().filter(holder__sex=Sex.FEMALE).exists()


def test_licenses_end_and_one_is_based_on_paper_and_one_suspended_with_its_basis():
    licenses = Credential.objects.filter(type__code="licence")
    prerequisites = {basis.number: basis for basis in Credential.objects.filter(type__code="skill-level")}

    found = [(license_.state, prerequisites[license_.claims["basis"]]) for license_ in licenses]

    assert None not in licenses.values_list("valid_until", flat=True)
    assert ("in_force", "legacy") in [(state, basis.source) for state, basis in found]
    assert [basis.state for state, basis in found if state == "suspended"] == ["revoked"]


def test_batches_of_paper_certificates_are_in_every_state():
    papers = LegacyPaper.objects.all()

    states = [papers.filter(state=state, faults=[]).count() for state in ("typed", "checked", "entered")]

    assert states == [1, 1, 1]
    assert [fault["code"] for fault in papers.exclude(faults=[]).get().faults] == ["no_date"]


def test_a_completion_is_dated_inside_its_cohort():
    for enrollment in Enrollment.objects.filter(state=EnrollmentState.COMPLETED).select_related("cohort"):
        assert enrollment.completed_at
        done_on = timezone.localdate(enrollment.completed_at)

        assert enrollment.cohort.starts_on <= done_on <= enrollment.cohort.ends_on


def test_the_numbers_of_the_trainees_are_valid_and_state_who_they_are():
    today = timezone.localdate()
    carded = [trainee for trainee in roster(today) if trainee.serial is not None]

    read = [(trainee, parse_national_number(national_number(trainee), today=today)) for trainee in carded]

    assert len({number.number for _trainee, number in read}) == len(carded) > 25
    for trainee, number in read:
        assert (number.birth_date, number.sex) == (trainee.birth_date, trainee.sex)
        assert number.check_digit_fits


def test_one_trainee_is_a_minor_with_a_guardian_and_one_has_a_passport():
    assert IdentityDocument.objects.filter(kind="passport").count() == 1
    minor = Person.objects.get(guardian__isnull=False)
    assert minor.birth_date
    age = timezone.localdate() - minor.birth_date
    assert dt.timedelta(days=16 * 365) < age < dt.timedelta(days=17 * 365)


def test_the_roster_has_no_name_twice():
    names = [trainee.name_ar for trainee in roster(timezone.localdate())]

    assert len(set(names)) == len(names) == 48


def test_meetings_are_inside_their_cohort_and_workshops_in_the_hours_of_its_shift():
    for session in ClassSession.objects.select_related("cohort"):
        cohort, begins = session.cohort, timezone.localtime(session.starts_at)
        ends = timezone.localtime(session.ends_at)

        assert cohort.starts_on <= begins.date() <= cohort.ends_on
        if session.kind != SessionKind.LIVE:
            first, last = HOURS[Shift(cohort.shift)]
            assert first <= begins.hour < ends.hour <= last
            assert begins.weekday() != FRIDAY


def test_a_running_cohort_opens_its_second_course_in_these_days():
    cohort = Cohort.objects.get(code="TAI-B1/BNS-M2/1")
    today = timezone.now()

    for enrollment in cohort.enrollments.filter(state=EnrollmentState.ACTIVE):
        last = outline(enrollment)[-1]
        assert last.openness and last.openness.opens_at
        assert today < last.openness.opens_at < today + dt.timedelta(days=3)


def test_the_first_trainee_reads_when_the_last_lesson_opens(cast: DemoPeople):
    enrollment = enrollments_of(cast.trainee.person_id).get(cohort__code="ELE-H2/CAI-03/1")

    later = [unit for unit in outline(enrollment) if unit.openness]

    assert [unit.kind for unit in later] == ["lesson"]


def test_what_a_trainee_did_is_dated_in_its_order():
    for enrollment in Enrollment.objects.select_related("cohort"):
        studied = [
            moment
            for unit in enrollment.progress.all()
            for moment in (unit.opened_at, unit.completed_at)
            if moment
        ]
        tested = [attempt.marked_at for attempt in enrollment.attempts.all() if attempt.marked_at]
        begins = dt.datetime.combine(enrollment.cohort.starts_on, dt.time(), timezone.get_current_timezone())

        assert enrollment.enrolled_at < begins or enrollment.cohort.starts_on > timezone.localdate()
        assert all(begins < moment < timezone.now() for moment in [*studied, *tested])
        if enrollment.completed_at:
            assert all(moment < enrollment.completed_at for moment in [*studied, *tested])
            assert len(tested) <= 1


def test_certificates_follow_the_completion_and_the_decision_the_proposal():
    for credential in Credential.objects.filter(enrollment__isnull=False).select_related(
        "enrollment", "proposal"
    ):
        assert timezone.localdate(credential.enrollment.completed_at) < credential.issued_on
        assert timezone.localdate(credential.proposal.decided_at) == credential.issued_on
    for proposal in Proposal.objects.exclude(decided_at=None):
        assert proposal.proposed_at < proposal.decided_at < timezone.now()


def test_no_row_of_the_trail_is_in_the_future_and_it_names_many_people():
    entries = AuditEntry.objects.exclude(by_id=None)

    assert not entries.filter(at__gt=timezone.now()).exists()
    assert entries.values("by_id").distinct().count() > 12
    assert entries.values("action").distinct().count() > 30


def test_the_front_page_has_every_trade_and_beginnings_in_several_governorates(cast: DemoPeople):
    soon = Cohort.objects.filter(state=CohortState.OPEN, starts_on__gt=timezone.localdate())

    assert set(ProgramPage.objects.values_list("sector", flat=True)) == set(Sector.values)
    assert soon.values("center__governorate").distinct().count() >= 4
    assert all(center.phone and center.address for center in cast.centers.values())


def test_the_ministry_has_a_logo_and_an_emblem_of_its_own():
    identity = VisualIdentity.for_site(Site.objects.get(is_default_site=True))

    identity.clean()
    assert identity.logo and identity.emblem


def test_the_first_trainee_has_a_program_half_done_a_class_a_test_and_a_certificate(cast: DemoPeople):
    now, person = timezone.now(), cast.trainee.person
    seat = person.enrollments.get(state=EnrollmentState.ACTIVE)
    done = seat.progress.exclude(completed_at=None).count()

    coming = seat.cohort.sessions.filter(kind=SessionKind.LIVE, starts_at__gt=now).earliest("starts_at")

    assert 0 < done < len(seat.cohort.content_version.units) - 1
    assert coming.starts_at - now < dt.timedelta(hours=1)
    assert seat.attempts.get().is_open
    assert person.credentials.live().count() == 1


def test_a_demo_of_a_later_hour_has_a_class_within_its_hour_again(cast: DemoPeople):
    cohort = Cohort.objects.get(code="ELE-H2/CAI-03/1")

    with at(timezone.now() + dt.timedelta(hours=3)):
        build_classes(cast, cohort, {})
        now = timezone.now()

    assert cohort.sessions.filter(starts_at__range=(now, now + dt.timedelta(hours=1))).count() == 1


def test_the_instructor_has_an_open_register_a_class_prepared_and_one_recorded(cast: DemoPeople):
    own = ClassSession.objects.filter(instructor=cast.instructor)
    past = LiveSession.objects.get(class_session__in=own, state=LiveState.ENDED)
    coming = LiveSession.objects.get(class_session__in=own, decks__isnull=False, state=LiveState.SCHEDULED)

    kinds = set(past.events.values_list("kind", flat=True))

    register = own.get(locked_at=None, ends_at__lt=timezone.now(), kind=SessionKind.WORKSHOP)
    assert 0 < register.attendance.count() < register.cohort.seats_taken
    assert {"slide.shown", "board.drawn", "hand.called", "poll.closed", "notes.changed"} <= kinds
    assert past.recordings.get().shown["stage"]
    assert [deck.slides.count() for deck in coming.decks.all()] == [2]


def test_an_hour_of_live_class_counts_an_hour(cast: DemoPeople):
    past = LiveSession.objects.get(state=LiveState.ENDED)

    records = AttendanceRecord.objects.filter(session=past.class_session, status="present")

    assert set(records.values_list("minutes", flat=True)) == {60}
    assert cast.trainee.person_id in records.values_list("enrollment__person", flat=True)


def test_registrar_manager_officer_and_inspector_have_something_to_do(cast: DemoPeople):
    password = PasswordRecovery.objects.get()
    lesson = LessonPage.objects.get(live=False)
    waiting = Proposal.objects.get(state=ProposalState.PROPOSED)
    soon = timezone.now() + dt.timedelta(hours=1)

    assert (password.center, password.asked_by) == (cast.center, cast.login(RoleName.REGISTRAR))
    assert lesson.current_workflow_task_state
    assert may(cast.officer, Act.APPROVE_CERTIFICATES, on=waiting)
    inspected = LiveSession.objects.filter(class_session__starts_at__lt=soon, state=LiveState.SCHEDULED)
    assert may(cast.login(RoleName.INSPECTOR), Act.INSPECT_CLASSES, on=inspected.get())
    assert ModelLogEntry.objects.filter(action="courses.enrollment.give_back").count() == 1


def test_the_last_screen_is_short_and_names_every_login_and_three_links(cast: DemoPeople):
    lines = list(last_screen(cast, site="http://localhost:8000", certificate="http://localhost:8000/v/ABCD"))

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    for role, user in cast.logins():
        [line] = [line for line in lines if line.split()[:1] == [user.username]]
        with translation.override("ar"):
            assert str(role.label) in line
    assert sum("http://" in line for line in lines) == 3
    assert any(PASSWORD in line for line in lines)


def _student_of(program: Page) -> User:
    return User.objects.filter(
        person__enrollments__state__in=[EnrollmentState.ACTIVE, EnrollmentState.COMPLETED],
        person__enrollments__cohort__program__translation_key=program.translation_key,
    ).order_by("person__enrollments__state")[0]
