"""The ministry's pages of text: privacy, terms, help, contact. Opened once for the module: that takes a second."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from accounts.enums import RoleName
from accounts.models import Consent, User
from accounts.services.logins import sign_up
from courses.enums import InfoKind
from courses.errors import InfoStays
from courses.models import InfoPage
from courses.services.info_pages import open_info_pages
from courses.services.reviews import take_offline
from tests.courses.pages.conftest import open_catalog, open_english_catalog
from tests.factories.accounts import CenterFactory, staff_member


@pytest.fixture(scope="module")
def opened(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        open_english_catalog(open_catalog())
        open_info_pages()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def pages(opened: None, db: None) -> None:
    """Each test in a savepoint of its own."""


def info_url(kind: InfoKind, language: str = "ar") -> str:
    with override(language):
        return reverse("courses:info", args=[kind])


def sign_up_somebody(phone: str) -> Consent:
    user = sign_up(
        full_name_ar="سيد محمود علي",
        birth_date=dt.date(1990, 1, 1),
        phone=phone,
        password="forty-two-oranges",
        language="ar",
    )
    return Consent.objects.get(person=user.person)


def test_a_new_site_has_each_page_in_both_languages(client: Client, pages: None):
    found = InfoPage.objects.live().values_list("kind", "locale__language_code", "body")

    assert sorted((kind, language) for kind, language, body in found if "<h2" in body) == sorted(
        (kind, language) for kind in InfoKind for language in ("ar", "en")
    )
    for language in ("ar", "en"):
        page = client.get(info_url(InfoKind.TERMS, language), follow=True)
        assert page.status_code == 200
        assert page.context["page"].locale.language_code == language


def test_opening_them_again_changes_nothing_that_editors_wrote(pages: None):
    notice = InfoPage.objects.get(kind=InfoKind.PRIVACY, locale__language_code="ar")
    notice.body = "<p>كتبه محرر.</p>"
    notice.save_revision().publish()
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision"))

    open_info_pages()

    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision")) == before


@pytest.mark.parametrize("address", ["/ar/", "/ar/accounts/login/", "/ar/verify/"])
def test_every_page_links_to_them(client: Client, pages: None, address: str):
    text = client.get(address).content.decode()

    assert all(f'href="{info_url(kind)}"' in text for kind in InfoKind)


def test_the_sentence_of_consent_links_to_the_notice(client: Client, pages: None):
    form = client.get("/ar/accounts/signup/").content.decode().partition("<footer")[0]

    assert f'href="{info_url(InfoKind.PRIVACY)}"' in form


def test_a_consent_keeps_the_very_revision_that_was_agreed_to(pages: None):
    notice = InfoPage.objects.get(kind=InfoKind.PRIVACY, locale__language_code="ar")
    with override("ar"):
        first = sign_up_somebody("01012345678")
        notice.body += "<p>بند جديد.</p>"
        notice.save_revision().publish()
        second = sign_up_somebody("01012345679")

    assert first.text_revision == notice.revisions.order_by("pk")[0]
    assert second.text_revision == notice.revisions.order_by("pk")[1]
    assert first.text_version != second.text_version


def test_a_notice_that_changed_under_the_form_is_read_again(client: Client, pages: None):
    notice = InfoPage.objects.get(kind=InfoKind.PRIVACY, locale__language_code="ar")
    seen = client.get("/ar/accounts/signup/").context["form"]["notice"].value()
    notice.save_revision().publish()

    answer = client.post(
        "/ar/accounts/signup/",
        {
            "full_name_ar": "سيد محمود علي",
            "birth_date": "25/3/1998",
            "phone": "01012345678",
            "password1": "forty-two-oranges",
            "password2": "forty-two-oranges",
            "consent": "on",
            "notice": seen,
        },
    )

    assert "تغيّر إشعار الخصوصية" in answer.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("kind", [InfoKind.PRIVACY, InfoKind.HELP])
def test_what_every_page_links_to_stays(pages: None, superuser: User, kind: InfoKind):
    page = InfoPage.objects.get(kind=kind, locale__language_code="ar")

    assert not page.permissions_for_user(superuser).can_delete()
    with pytest.raises(InfoStays):
        take_offline(page_id=page.pk, reason="قديم", by=staff_member(RoleName.MINISTRY_OFFICER))


def test_the_page_of_contacts_lists_the_centers(client: Client, pages: None):
    CenterFactory(name_ar="مركز تدريب شبرا")
    CenterFactory(name_ar="مركز مغلق", is_active=False)

    text = client.get(info_url(InfoKind.CONTACT), follow=True).content.decode()

    assert "مركز تدريب شبرا" in text
    assert "مركز مغلق" not in text


def test_contact_says_how_to_reach_each_center_and_leads_to_all_of_them(client: Client, pages: None):
    CenterFactory(name_ar="مركز طنطا", phone="040 3300000", address="شارع البحر، طنطا")
    CenterFactory(name_ar="مركز بلا هاتف")

    page = client.get(info_url(InfoKind.CONTACT), follow=True).content.decode()

    assert 'href="tel:0403300000"' in page
    assert "شارع البحر، طنطا" in page
    # Groups of Arabic digits change places in a run that is only isolated.
    assert '<bdo dir="ltr">٠٤٠ ٣٣٠٠٠٠٠</bdo>' in page
    assert "عنوان الشبكة" not in page
    assert reverse("courses:centers") in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_a_lost_password_leads_to_the_centers(client: Client, pages: None, name: str):
    page = client.get(reverse(name)).content.decode()

    assert reverse("courses:centers") in page.partition("<main")[2].partition("</main>")[0]
