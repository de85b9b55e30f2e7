"""The manual in the workplace."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.menu import help_menu
from wagtail.users.models import UserProfile

from accounts.enums import RoleName
from manual import queries
from manual.chapters import SLUGS
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(client: Client) -> Client:
    client.force_login(staff_member(RoleName.REGISTRAR, CenterFactory()))
    return client


def page_of(slug: str) -> str:
    return reverse("manual:page", args=[slug])


def links_in(page: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', page)


def test_the_contents_lead_to_every_page_and_no_link_leaves_the_site(registrar: Client):
    contents = registrar.get(reverse("manual:index")).text

    assert set(map(page_of, SLUGS)) <= set(links_in(contents))
    for address in (reverse("manual:index"), reverse("wagtailadmin_home"), page_of("lists")):
        page = registrar.get(address).text
        # The message for browsers without scripts is Wagtail's.
        shown = re.sub(r"<noscript.*?</noscript>", "", page, flags=re.DOTALL)
        assert [link for link in links_in(shown) if link.startswith(("http", "//"))] == []
        assert "wagtail.org" not in shown


def test_a_page_is_in_the_language_of_its_reader(registrar: Client):
    profile = UserProfile.get_for_user(registrar.get(reverse("manual:index")).wsgi_request.user)
    for language, title in (("ar", "القوائم"), ("en", "Lists")):
        profile.preferred_language = language
        profile.save()

        page = registrar.get(page_of("lists")).text

        assert f'class="manual__title" aria-hidden="true">{title}<' in page
        assert f'<article class="manual__text" lang="{language}"' in page


def test_a_page_that_lacks_in_a_language_is_shown_in_the_other_one_and_says_so(
    registrar: Client, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "PAGES", tmp_path)
    (tmp_path / "en").mkdir()
    for slug in SLUGS:
        (tmp_path / "en" / f"{slug}.md").write_text("# Only English\n")
    queries.rendered.cache_clear()

    page = registrar.get(page_of("lists")).text

    queries.rendered.cache_clear()
    assert "Only English" in page
    assert 'class="manual__other"' in page


def test_the_manual_is_for_staff(client: Client):
    client.force_login(TraineeFactory())

    for address in (reverse("manual:index"), page_of("lists")):
        assert client.get(address, follow=True).status_code == 404


def test_an_unknown_page_is_not_found(registrar: Client):
    assert registrar.get(page_of("nothing")).status_code == 404
    assert registrar.get(f"{reverse('manual:index')}..%2f..%2fsettings/").status_code == 404


@pytest.mark.parametrize("typed", ["المفاتيح", "مفاتيح", "مفتاح", "مفاتيح القوائم"])
def test_words_are_found_in_any_form(registrar: Client, typed: str):
    found = registrar.get(reverse("manual:index"), {"q": typed}).context["found"]

    assert f"{page_of('lists')}#keys" in [hit.url for hit in found]


@pytest.mark.parametrize("typed", ["شهادة", "شهاده", "الشهادة", "شهادات"])
def test_what_a_trainee_searches_without_meaning_it_is_found_by_staff(registrar: Client, typed: str):
    """The search for programs leaves out "certificate", "center" and the like; the manual is about them."""
    found = registrar.get(reverse("manual:index"), {"q": typed}).context["found"]

    assert page_of("certificates-issuing") in [hit.howto.url for hit in found]


@pytest.mark.parametrize("typed", ["زززز", "أ" * 500, "أ", "sss", "كيف"])
def test_letters_and_words_that_say_nothing_find_nothing(registrar: Client, typed: str):
    assert registrar.get(reverse("manual:index"), {"q": typed}).context["found"] == []


def test_headings_come_first_and_what_no_page_has_is_said(registrar: Client):
    found = registrar.get(reverse("manual:index"), {"q": "المفاتيح"}).context["found"]
    nothing = registrar.get(reverse("manual:index"), {"q": "ديناصور"})

    assert found[0].url == f"{page_of('lists')}#keys"
    assert nothing.context["found"] == []
    assert "ديناصور" in nothing.text


def test_the_search_of_the_workplace_finds_headings_but_no_names_in_texts(registrar: Client):
    sections = registrar.get(reverse("find"), {"q": "المفاتيح"}).context["sections"]

    assert [hit.url for section in sections for hit in section.hits] == [f"{page_of('lists')}#keys"]
    assert registrar.get(reverse("find"), {"q": "الزر"}).context["sections"] == []


def test_help_has_the_manual_and_the_keys_alone(registrar: Client):
    page = registrar.get(reverse("wagtailadmin_home"))

    shown = [item.name for item in help_menu.menu_items_for_request(page.wsgi_request)]
    assert sorted(shown) == ["keyboard-shortcuts-trigger", "manual"]
