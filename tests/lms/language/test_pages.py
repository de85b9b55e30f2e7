"""Every page outside the workplace follows the language rules, in both languages. New pages are included."""

import datetime as dt
import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from pytest_django import DjangoDbBlocker
from wagtail.models import Locale, Page

from accounts.models import Center, Person, User
from assessment.enums import AttemptState
from assessment.models import Attempt
from courses.enums import InfoKind
from courses.models import CatalogPage, ClassSession
from scripts.crawl.language import faults_of
from tests import factories
from tests.factories.accounts import CenterFactory, TraineeFactory
from tests.factories.certificates import issued
from tests.factories.courses import CatalogPageFactory, CohortFactory
from tests.factories.pages import site_of
from tests.factories.rows import VISITS
from tests.factories.sharing import linked, passported, token_of
from tests.kept_rows import kept_rows
from tests.project.authorization.sign_in import SIGN_IN
from tests.project.authorization.site import SITE

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])
# What rows made by factories are called: a number at the end of a name would be of one kind of digits in both languages.
COUNTED = re.compile(r" ?[0-9]+$")


def addresses() -> dict[str, str]:
    """Every address of the table that says which page it is by its name alone."""
    found = {}
    for name in [*SITE, *SIGN_IN]:
        try:
            found[name] = reverse(name).removeprefix("/ar")
        except NoReverseMatch:
            continue
    return found


for module in iter_modules(factories.__path__, f"{factories.__name__}."):
    import_module(module.name)
ADDRESSES = addresses()
# Answered with a file.
FILES = {
    "certificates:bundle",
    "certificates:download",
    "certificates:download_card",
    "certificates:download_copied_card",
    "certificates:download_copy",
    "certificates:passport_data",
    "certificates:passport_pdf",
}
READ = sorted((set(VISITS) & {*SITE, *SIGN_IN}) - FILES)


@pytest.fixture(autouse=True)
def arabic() -> Iterator[None]:
    """A request leaves its language behind, and `reverse` would follow it into the next test."""
    with override("ar"):
        yield


@pytest.fixture(scope="module")
def center(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Center]:
    """One for all pages, which change nothing of it."""
    with kept_rows(django_db_blocker):
        yield CenterFactory(name_ar="مركز تدريب شبرا", name_en="Shubra Training Center")


@pytest.fixture(scope="module")
def site(center: Center, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept_rows(django_db_blocker):
        page = CatalogPageFactory(slug="catalog")
        english, _is_new = Locale.objects.get_or_create(language_code="en")
        page.get_parent().add_child(
            instance=CatalogPage(
                title="Programs", slug="catalog-en", locale=english, translation_key=page.translation_key
            )
        )
        site_of(page)
        yield


@pytest.fixture(scope="module")
def trainee(site: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    with kept_rows(django_db_blocker):
        trainee = TraineeFactory()
        name_rows()
        yield trainee


def name_rows() -> None:
    """People and pages are called as people call them."""
    Person.objects.update(full_name_ar="منى السيد عبد الله", full_name_en="Mona Elsayed Abdallah")
    User.objects.update(display_name="منى السيد عبد الله")
    Center.objects.update(name_ar="مركز تدريب شبرا", name_en="Shubra Training Center")
    for page in Page.objects.all():
        title = COUNTED.sub("", page.title)
        Page.objects.filter(pk=page.pk).update(title=title, draft_title=title)
    # A marked one stays as it is.
    Attempt.objects.exclude(state=AttemptState.MARKED).update(title="اختبار السلامة")
    ClassSession.objects.update(title="حصة في الورشة")


def said(client: Client, address: str) -> list[str]:
    """The faults of a response; none for files, data and fragments of pages."""
    page = client.get(address, follow=True)
    is_text = not page.streaming and page.headers.get("Content-Type", "").startswith("text/")
    text = page.content.decode() if is_text else ""
    return [f"{fault.law}: {fault.text}" for fault in faults_of(text)] if "<html" in text else []


@pytest.mark.walks("every page, in both languages")
@LANGUAGES
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_keeps_the_laws_of_language(trainee: User, language: str, name: str):
    client = Client()
    with override(language):
        address = reverse(name)
        faults = said(client, address)
        client.force_login(trainee)

        assert faults + said(client, address) == []


@pytest.mark.walks("every page of a person, in both languages")
@LANGUAGES
@pytest.mark.parametrize("name", READ)
def test_a_page_of_a_person_keeps_the_laws_of_language(site: None, center: Center, language: str, name: str):
    visit = VISITS[name](center)
    name_rows()
    client = Client()
    client.force_login(visit.user)
    if visit.method != "get":
        return
    with override(language):
        assert said(client, reverse(name, kwargs=visit.kwargs)) == []


@LANGUAGES
def test_the_texts_of_the_ministry_follow_the_language_rules(client: Client, site: None, language: str):
    with override(language):
        for kind in InfoKind:
            assert said(client, reverse("courses:info", args=[kind.value])) == [], kind


@LANGUAGES
def test_what_is_said_of_a_certificate_keeps_the_laws_of_language(
    client: Client, site: None, center: Center, language: str
):
    person = TraineeFactory(
        person__full_name_ar="منى السيد عبد الله", person__full_name_en="Mona Elsayed Abdallah"
    ).person
    credential = issued(CohortFactory(center=center, program__title="لحام القوس"), person=person)
    link, passport = token_of(linked(credential)), passported(credential)
    client.force_login(User.objects.get(person=person))
    name_rows()

    with override(language):
        for name, *args in (
            ("certificates:verify", credential.code),
            ("certificates:mine",),
            ("certificates:links",),
            ("certificates:passports",),
            ("certificates:new_passport",),
            ("share_link", link),
        ):
            assert said(client, reverse(name, args=args)) == [], name
    assert passport.passport.expires_at > passport.passport.made_at + dt.timedelta(days=1)
