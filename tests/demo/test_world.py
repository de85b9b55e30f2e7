"""The demo world as a visitor meets it. Built once for the module: it takes seconds."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Page, Site

from accounts.enums import RoleName
from accounts.models import IdentityDocument, Membership, Person, User
from accounts.services import parse_national_number
from assessment.models import Attempt
from certificates.enums import ProposalState
from certificates.models import Credential, LegacyPaper, Proposal
from courses.enums import CohortState, EnrollmentState
from courses.models import (
    AttendanceRecord,
    CatalogPage,
    ClassSession,
    Cohort,
    Enrollment,
    ProgramPage,
    UnitPage,
    UnitProgress,
)
from lms.demo.cohorts import build_cohorts
from lms.demo.content import build_content
from lms.demo.names import roster
from lms.demo.people import PASSWORD, Cast, build_people, national_number
from media_pipeline.models import Video
from tests.factories.courses import root_page
from tests.factories.media_pipeline import published_video

# Wagtail leaves the temporary file of a picture's rendition to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)

KINDS = (
    Person, User, Membership, IdentityDocument, Page, Cohort, Enrollment, ClassSession, AttendanceRecord, UnitProgress,
    Attempt, Proposal, Credential,
)  # fmt: skip


def build(videos: dict[str, Video]) -> Cast:
    cast = build_people()
    build_cohorts(cast, build_content(cast, videos))
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
def cast(videos: dict[str, Video], django_db_blocker: DjangoDbBlocker) -> Cast:
    with django_db_blocker.unblock():
        return build(videos)


@pytest.fixture(autouse=True)
def _database(cast: Cast, db: None) -> None:
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
        assert answer.context["page_obj"].paginator.count == 4


def test_every_page_has_both_languages():
    pages = Page.objects.live().descendant_of(
        Site.objects.get(is_default_site=True).root_page, inclusive=True
    )

    untranslated = [page.title for page in pages if page.get_translations().live().count() != 1]

    assert untranslated == []
    assert pages.count() > 20


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_answers_whom_it_is_for(language: str):
    refused = []
    visitor, students = Client(), {}
    pages = Page.objects.live().exclude(depth=1).filter(locale__language_code=language).specific()
    for page in pages:
        reader = visitor
        if not isinstance(page, (CatalogPage, ProgramPage)):
            program = page.get_ancestors().type(ProgramPage).get()
            if program.pk not in students:
                students[program.pk] = Client()
                students[program.pk].force_login(_student_of(program))
            reader = students[program.pk]
        # A course is read on its program's page.
        answer = reader.get(page.url, follow=True)
        path = answer.request["PATH_INFO"]
        if answer.status_code != 200 or not page.url.startswith(path):
            refused.append((page.url, path, answer.status_code))

    assert refused == []
    assert len(pages) > 10


def test_an_outsider_reads_no_unit(client: Client, cast: Cast):
    units = [page for page in Page.objects.live().specific() if isinstance(page, UnitPage)]
    client.force_login(cast.trainee)

    bodies = {page.url: client.get(page.url).status_code for page in units}

    assert bodies
    assert 200 not in bodies.values()


def test_every_role_has_a_login_with_the_demo_password(cast: Cast):
    for role, user in cast.logins():
        assert user.is_active
        assert Client().login(username=user.username, password=PASSWORD), role


def test_staff_reach_their_workplace_and_trainees_do_not(cast: Cast):
    for role, user in cast.logins():
        client = Client()
        client.force_login(user)

        opened = client.get("/admin/").status_code == 200

        assert opened == (role != RoleName.TRAINEE), role


def test_there_are_cohorts_and_enrollments_in_every_state():
    assert set(Cohort.objects.values_list("state", flat=True)) == {
        CohortState.OPEN,
        CohortState.RUNNING,
        CohortState.CLOSED,
    }
    assert set(Enrollment.objects.values_list("state", flat=True)) == set(EnrollmentState.values)
    full = Cohort.objects.get(code="WLD-A1/GHR-01/2")
    assert full.seats_left == 0


def test_certificates_wait_are_in_force_and_revoked():
    assert sorted(Proposal.objects.values_list("state", flat=True)) == [
        ProposalState.APPROVED,
        ProposalState.PROPOSED,
    ]
    assert Credential.objects.live().count() == 4
    assert Credential.objects.filter(state="revoked").count() == 1


def test_a_box_of_paper_certificates_waits_in_every_way():
    waiting, wrong, checked = (
        LegacyPaper.objects.filter(state="typed", faults=[]),
        LegacyPaper.objects.exclude(faults=[]),
        LegacyPaper.objects.filter(state="checked"),
    )

    assert [papers.count() for papers in (waiting, wrong, checked)] == [1, 1, 1]
    assert [fault["code"] for fault in wrong.get().faults] == ["no_date"]


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


def test_the_roster_names_nobody_twice():
    names = [trainee.name_ar for trainee in roster(timezone.localdate())]

    assert len(set(names)) == len(names) == 40


def _student_of(program: Page) -> User:
    return User.objects.filter(
        person__enrollments__state__in=[EnrollmentState.ACTIVE, EnrollmentState.COMPLETED],
        person__enrollments__cohort__program__translation_key=program.translation_key,
    ).order_by("person__enrollments__state")[0]
