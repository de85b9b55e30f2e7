"""The search of the workplace over people, cohorts, certificates and programs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import ContactKind, RoleName
from accounts.folding import fold_arabic
from accounts.models import Center, Contact, User
from accounts.services.identity_documents import register_national_id
from accounts.services.short_codes import short_code
from courses.enums import ComplaintKind
from courses.models import Complaint
from courses.services.search_index import index_programs, mark_page
from tests.factories.accounts import CenterFactory, PersonFactory, UserFactory, staff_member
from tests.factories.certificates import issued
from tests.factories.complaints import complaint_of
from tests.factories.courses import CohortFactory, EnrollmentFactory, ProgramPageFactory
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db

NUMBER = "29001011234567"


@pytest.fixture
def center() -> Center:
    return CenterFactory()


@pytest.fixture
def registrar(client: Client, center: Center) -> Client:
    client.force_login(staff_member(RoleName.REGISTRAR, center))
    return client


def person_called(name: str, center: Center):
    return PersonFactory(
        registered_at=center, full_name_ar=name, full_name_en="", folded_name=fold_arabic(name)
    )


def found(client: Client, typed: str) -> dict[str, list[str]]:
    """The addresses found, by the title of their section in English."""
    sections = client.get(reverse("find"), {"q": typed}).context["sections"]
    return {type(section.finder).__name__: [hit.url for hit in section.hits] for section in sections}


def page_of(name: str, row) -> str:
    return reverse(f"{name}:inspect", args=[row.pk])


def test_a_person_is_found_in_any_spelling_and_by_what_is_theirs_alone_typed_whole(
    registrar: Client, center: Center
):
    person = person_called("أحمد عبد الله حسن", center)
    namesake = person_called("احمد عبدالله سعيد", center)
    register_national_id(person_id=person.pk, number=NUMBER, by=UserFactory())
    Contact.objects.create(person=person, kind=ContactKind.PHONE, value="+201012345678")

    by_name = found(registrar, "احمد عبدالله")["PeopleFinder"]

    assert set(by_name) == {page_of("person", person), page_of("person", namesake)}
    for whole in (NUMBER, "٢٩٠٠١٠١١٢٣٤٥٦٧", "01012345678", "٠١٠ ١٢٣٤٥٦٧٨"):
        assert found(registrar, whole) == {"PeopleFinder": [page_of("person", person)]}
    for part in (NUMBER[:-1], NUMBER[-4:], "0101234"):
        assert found(registrar, part) == {}


def test_exact_hits_come_first_and_so_do_their_sections(registrar: Client, center: Center):
    long, exact = (CohortFactory(center=center, code=code) for code in ("ELE-10", "ELE-1"))
    person_called("ele-1", center)

    sections = found(registrar, "ele-1")

    assert list(sections) == ["CohortFinder", "PeopleFinder"]
    assert sections["CohortFinder"] == [page_of("cohort", exact), page_of("cohort", long)]


def test_a_certificate_is_found_by_number_code_and_holder(registrar: Client, center: Center):
    credential = issued(CohortFactory(center=center), person=person_called("منى سامي", center))

    for typed in (credential.number, credential.number.lower(), credential.code, "مني سامي"):
        assert found(registrar, typed)["CertificateFinder"] == [page_of("credentials", credential)]


def test_the_number_of_a_certificate_finds_it_alone_not_cohorts_of_programs_with_a_part_of_it(
    registrar: Client, center: Center
):
    credential = issued(CohortFactory(center=center), person=person_called("منى سامي", center))
    program = ProgramPageFactory(title=" ".join(re.split(r"[-/]", credential.number)))
    site_of(program.get_parent())
    mark_page(program)
    index_programs()
    cohort = CohortFactory(program=program, center=center)

    assert found(registrar, credential.number) == {"CertificateFinder": [page_of("credentials", credential)]}
    assert found(registrar, program.title)["CohortFinder"] == [page_of("cohort", cohort)]


def test_a_person_is_found_by_the_code_that_rosters_and_labels_show(registrar: Client, center: Center):
    person, stranger = person_called("منى سامي", center), person_called("هدى", CenterFactory())
    code = short_code(person.public_id)

    for typed in (code, code.lower(), code.replace("-", ""), f"{code[:4]} {code[5:]}"):
        assert found(registrar, typed) == {"PeopleFinder": [page_of("person", person)]}
    assert found(registrar, code[:-1]) == found(registrar, short_code(stranger.public_id)) == {}


def test_a_complaint_is_found_by_its_number_but_not_by_whom_it_is_about(client: Client, center: Center):
    enrollment = EnrollmentFactory(cohort__center=center)
    manager, officer = staff_member(RoleName.CENTER_MANAGER, center), staff_member(RoleName.MINISTRY_OFFICER)
    about_center = complaint_of(enrollment, ComplaintKind.CENTER)
    about_class = complaint_of(enrollment)

    def found_by(user: User, complaint: Complaint) -> dict[str, list[str]]:
        client.force_login(user)
        return found(client, str(complaint))

    for complaint in (about_center, about_class):
        assert found_by(officer, complaint) == {"ComplaintFinder": [page_of("complaints", complaint)]}
    assert found_by(manager, about_class) == {"ComplaintFinder": [page_of("complaints", about_class)]}
    assert found_by(manager, about_center) == {}
    assert found_by(staff_member(RoleName.REGISTRAR, center), about_class) == {}


def test_a_program_is_found_as_in_the_catalog_with_the_cohorts_that_give_it(
    registrar: Client, center: Center
):
    program = ProgramPageFactory(title="لحام القوس الكهربائي")
    site_of(program.get_parent())
    mark_page(program)
    index_programs()
    cohort = CohortFactory(program=program, center=center)
    CohortFactory(program=program)

    sections = found(registrar, "لحام")

    assert sections == {"CohortFinder": [page_of("cohort", cohort)], "ProgramFinder": [program.url]}


def test_rows_of_another_center_and_kinds_that_one_may_not_see_are_not_found(
    client: Client, registrar: Client, center: Center
):
    other = CenterFactory()
    stranger = person_called("سعاد فتحي", other)
    register_national_id(person_id=stranger.pk, number=NUMBER, by=UserFactory())
    credential = issued(CohortFactory(center=center, code="OWN-1"), person=person_called("هدى", center))

    assert found(registrar, "سعاد") == found(registrar, NUMBER) == {}
    client.force_login(staff_member(RoleName.INSPECTOR, center))
    assert found(client, "هدى") == found(client, credential.number) == {}
    assert list(found(client, "OWN-1")) == ["CohortFinder"]


def test_three_of_each_are_found_with_as_many_questions_as_one(registrar: Client, center: Center):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            registrar.get(reverse("find"), {"q": "منى"})
        return len(asked)

    def add() -> None:
        person = person_called("منى حسن", center)
        issued(CohortFactory(center=center, code=f"منى-{person.pk}"), person=person)

    add()
    questions()  # fills the caches of content types and sites
    with_one = questions()
    add()
    add()

    assert questions() == with_one


@pytest.mark.parametrize("typed", ["", " ", "\0", "%", "'; --", "﷽" * 300])
def test_what_means_nothing_finds_nothing_and_is_answered(registrar: Client, typed: str):
    assert registrar.get(reverse("find"), {"q": typed}).status_code == 200


def test_the_field_of_the_menu_leads_to_it_for_everybody(client: Client, center: Center):
    client.force_login(staff_member(RoleName.ASSESSOR, center))

    page = client.get(reverse("wagtailadmin_home")).text

    assert f'"wagtail.sidebar.SearchModule", "_args": ["{reverse("find")}"]' in page
    assert f'data-find="{reverse("find")}"' in page
