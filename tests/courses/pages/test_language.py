"""Pages follow the language rules: digits of one kind, and text of the other language is marked."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from accounts.models import Center, Person, User
from certificates.models import Credential
from courses.services.content import take_newest_content
from scripts.crawl.language import faults_of
from tests.courses.pages.conftest import School
from tests.factories.accounts import UserFactory
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

FOR_ALL = ("account_login", "account_signup", "certificates:verify")
OF_TRAINEES = ("certificates:mine", "live:index", "mfa_index", "account_sessions")


@pytest.fixture
def credential(center: Center) -> Credential:
    cohort = CohortFactory(center=center, program__title="لحام القوس")
    return issued(cohort, person__full_name_ar="منى السيد عبد الله", person__full_name_en="Mona Elsayed")


@pytest.fixture
def named(school: School, trainee_client: Client) -> School:
    """The school with the titles and names of people, not those that factories count."""
    titles = {school.watched: "ألوان الأسلاك", school.read: "أدوات الكهربائي", school.course: "السلامة"}
    for page, title in titles.items():
        Page.objects.filter(pk=page.pk).update(title=title, draft_title=title)
    take_newest_content(cohort_id=school.cohort.pk, reason="عناوين", by=UserFactory())
    Person.objects.update(full_name_ar="منى السيد عبد الله", full_name_en="Mona Elsayed Abdallah")
    User.objects.update(display_name="منى السيد عبد الله")
    Center.objects.update(name_ar="مركز تدريب شبرا", name_en="Shubra Training Center")
    return school


def said(client: Client, address: str) -> list[str]:
    page = client.get(address, follow=True)
    assert page.status_code == 200
    return [f"{fault.law}: {fault.text}" for fault in faults_of(page.content.decode())]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", FOR_ALL)
def test_a_page_for_all_keeps_the_laws_of_language(client: Client, catalog: object, language: str, name: str):
    with override(language):
        assert said(client, reverse(name)) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", OF_TRAINEES)
def test_a_page_of_a_trainee_keeps_the_laws_of_language(
    trainee_client: Client, named: School, language: str, name: str
):
    with override(language):
        assert said(trainee_client, reverse(name)) == []


@pytest.mark.parametrize("name", ["courses:my_learning", "courses:catalog"])
def test_what_one_learns_keeps_the_laws_of_language(trainee_client: Client, named: School, name: str):
    assert said(trainee_client, reverse(name)) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_answer_about_a_certificate_keeps_the_laws_of_language(
    client: Client, credential: Credential, language: str
):
    with override(language):
        assert said(client, reverse("certificates:verify", args=[credential.code])) == []


def test_programs_and_lessons_keep_the_laws_of_language(trainee_client: Client, named: School):
    for page in (named.program, named.course, named.watched, named.read):
        assert said(trainee_client, page.url) == [], page


def test_the_laws_notice_what_they_are_about():
    arabic = '<html lang="ar"><p>الأحد 29 نوفمبر, 10:00</p><p>Log out now</p></html>'
    english = '<html lang="en"><p>Log out – منى السيد</p><p>٧ days</p></html>'
    workplace = '<html lang="ar"><p>٧ أيام</p></html>'

    assert [fault.law for fault in faults_of(arabic)] == [
        "a page has digits of one kind",
        "Arabic text has Arabic commas",
        "Latin text on Arabic pages is marked",
    ]
    assert [fault.law for fault in faults_of(english)] == [
        "Arabic text on English pages is marked",
        "a page has digits of one kind",
    ]
    assert [fault.law for fault in faults_of(workplace, digits="latn")] == ["a page has digits of one kind"]
    assert faults_of('<html lang="en"><p>Log out – <bdi lang="ar">منى السيد</bdi></p></html>') == []
    assert faults_of('<html lang="ar"><p>كابل Cat6 بطول ٩٠ مترًا</p></html>') == []
