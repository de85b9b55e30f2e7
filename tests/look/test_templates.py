"""What holds for every template of the site."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from accounts.models import User, VisualIdentity
from lms.navigation import PLACES, Place, navigation_for
from lms.renderers import FormRenderer
from lms.templatetags.mihna import digits, percent
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.courses import LessonPageFactory, ProgramPageFactory
from tests.factories.pages import root_page

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)",
    re.IGNORECASE,
)


@pytest.fixture
def staff_client(superuser: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(superuser)
    return client


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_inline_style_or_script(template: Path):
    found = INLINE.findall(template.read_text(encoding="utf-8"))

    assert found == []


def test_days_are_written_with_their_month_by_name_everywhere():
    """The short formats are for spreadsheets, and for narrow columns on paper."""
    written = re.compile(r'SHORT_DATE|\|(?:date|time):"(?![A-Z_]+FORMAT")')

    assert [path.name for path in TEMPLATES if written.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("language, direction", [("ar", "rtl"), ("en", "ltr")])
def test_every_component_is_in_the_style_guide(staff_client: Client, language: str, direction: str):
    rendered = set()

    def note(template: Template, **_kwargs: object) -> None:
        rendered.add(template.name)

    template_rendered.connect(note)
    try:
        page = staff_client.get(f"/{language}/styleguide/")
    finally:
        template_rendered.disconnect(note)

    assert f'<html lang="{language}" dir="{direction}"' in page.text
    components = {f"components/{path.name}" for path in (ROOT / "templates" / "components").glob("*.html")}
    assert components - rendered == set()


def test_the_style_guide_keeps_to_the_content_security_policy(staff_client: Client):
    page = staff_client.get("/ar/styleguide/")

    assert INLINE.findall(page.text) == []


def test_outsiders_find_no_style_guide(db: None):
    client = Client(headers={"host": "localhost"})

    visitor = client.get("/ar/styleguide/")
    client.force_login(TraineeFactory())
    trainee = client.get("/ar/styleguide/")

    assert visitor.status_code == 404
    assert trainee.status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("address", ["login", "signup", "password/reset", "password/reset/done", "inactive"])
def test_the_pages_of_logging_in_wear_the_base(db: None, language: str, address: str):
    page = Client(headers={"host": "localhost"}).get(f"/{language}/accounts/{address}/")

    assert page.status_code == 200
    assert 'class="bar"' in page.text
    assert 'class="entrance"' in page.text
    assert "css/site.css" in page.text


def test_the_login_page_names_the_accepted_identifiers(db: None):
    page = Client(headers={"host": "localhost"}).get("/en/accounts/login/")

    assert "User name, mobile number or e-mail" in page.text


def test_a_refused_login_links_its_errors_to_their_fields(db: None):
    page = Client(headers={"host": "localhost"}).post("/ar/accounts/login/", {"login": "", "password": ""})

    assert 'role="alert"' in page.text
    assert '<a href="#id_login">' in page.text
    assert 'id="id_login_error"' in page.text
    assert re.search(r'<input[^>]*aria-describedby="[^"]*id_login_error', page.text)


def test_a_button_needs_no_more_than_a_label():
    button = Template('{% include "components/button.html" with label="Go" only %}').render(Context())

    assert '<button class="button button--primary" type="submit">' in button


def test_every_form_is_drawn_by_our_components(settings: object):
    assert FormRenderer.field_template_name == "components/field.html"
    assert getattr(settings, "FORM_RENDERER", "") == "lms.renderers.FormRenderer"


def test_a_reader_who_saves_data_gets_no_font(db: None):
    saving = Client(headers={"host": "localhost"}).get("/ar/accounts/login/", headers={"save-data": "on"})

    assert "data-save-data" in saving.text


def test_the_language_link_keeps_the_page_and_its_query(db: None):
    page = Client(headers={"host": "localhost"}).get("/ar/accounts/login/?next=/ar/")

    assert 'href="/en/accounts/login/?next=/ar/" hreflang="en" lang="en" dir="ltr"' in page.text


def test_a_missing_page_speaks_the_readers_language_and_leads_on(db: None):
    page = Client(headers={"host": "localhost"}).get("/en/nowhere/")

    assert page.status_code == 404
    assert "This page is not here" in page.text
    assert 'href="/en/"' in page.text


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_the_page_of_a_broken_server_needs_no_database_and_no_request(name: str):
    with translation.override("en"):
        page = Template(f'{{% include "{name}" %}}').render(Context())

    assert "css/site.css" in page
    assert "Mihna" in page


def test_a_ministrys_own_colors_come_as_a_sheet_that_never_goes_stale(db: None, client: Client):
    sheet = client.get("/identity/7a1f2b-c8102e.css", headers={"host": "localhost"})

    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet["Cache-Control"]
    assert "--accent:#7a1f2b" in sheet.text
    assert "--w-color-secondary-hue:352.1" in sheet.text
    assert "prefers-color-scheme: dark" in sheet.text


@pytest.mark.parametrize(
    "address", ["/identity/red-blue.css", "/identity/7a1f2b.css", "/identity/7A1F2B-c8102e;}.css"]
)
def test_a_sheet_of_other_than_two_colors_does_not_exist(db: None, address: str):
    assert Client(headers={"host": "localhost"}).get(address).status_code == 404


def test_only_a_changed_identity_costs_a_request(db: None):
    client = Client(headers={"host": "localhost"})
    # A transactional test before this one may have flushed the site of the migrations.
    site, _ = Site.objects.get_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": root_page()}
    )
    before = client.get("/ar/accounts/login/")
    identity = VisualIdentity.for_site(site)
    identity.accent = "#1E3A8A"
    identity.save()

    after = client.get("/ar/accounts/login/")

    assert "/identity/" not in before.text
    assert "/identity/1e3a8a-f2b632.css" in after.text


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.url_name)
def test_the_navigation_leads_somewhere(place: Place):
    assert reverse(place.url_name).startswith("/ar/")


def test_the_navigation_marks_where_the_reader_is(db: None):
    page = Client(headers={"host": "localhost"}).get("/ar/verify/")

    current = re.findall(r'href="([^"]+)" aria-current="page"', page.text)
    assert current == ["/ar/verify/"]


def test_a_program_belongs_to_the_programs_and_a_lesson_to_ones_learning(rf: RequestFactory, db: None):
    request = rf.get("/ar/somewhere/")
    request.user = UserFactory()

    current = [
        [item.url for item in navigation_for(request, page) if item.is_current]
        for page in (ProgramPageFactory.build(parent=None), LessonPageFactory.build(parent=None))
    ]

    assert current == [[reverse("courses:catalog")], [reverse("courses:my_learning")]]


def test_numbers_are_written_in_the_digits_of_the_page():
    with translation.override("ar"):
        arabic = [digits(62), digits(1.25), percent(62), digits("<b>4 & 5</b>")]
    with translation.override("en"):
        english = [digits(62), digits(1.25), percent(62)]

    assert arabic == ["٦٢", "١٫٢٥", "٦٢٪", "&lt;b&gt;٤ &amp; ٥&lt;/b&gt;"]
    assert english == ["62", "1.25", "62%"]


def test_latin_digits_can_be_chosen_for_arabic_pages(settings: object):
    settings.DIGITS_STYLE = "latn"  # type: ignore[attr-defined]

    with translation.override("ar"):
        written = digits(2026)

    assert written == "2026"


def test_a_tape_is_a_progress_element_with_its_text():
    with translation.override("ar"):
        progress_bar = Template(
            '{% load mihna %}{% progress_bar 4.5 6 label="أسبوع" marks="123456" %}'
        ).render(Context())

    assert '<progress value="4.5" max="6" aria-label="أسبوع">أسبوع</progress>' in progress_bar
    assert progress_bar.count("is-ahead") == 2
    assert "tape--by-6" in progress_bar


def test_a_full_tape_is_done_unless_it_shows_a_length():
    tapes = '{% load mihna %}{% progress_bar 6 6 label="Weeks" %}|{% progress_bar 6 6 label="Weeks" is_length=True %}'

    reached, length = Template(tapes).render(Context()).split("|")

    assert "tape--done" in reached
    assert "tape--done" not in length


def test_a_tape_of_unknown_length_has_no_value():
    progress_bar = Template('{% load mihna %}{% progress_bar None label="Measuring" %}').render(Context())

    assert '<progress max="100"' in progress_bar


def test_a_chart_starts_at_the_reading_side():
    chart = Template("{% load mihna %}{% bar_chart rows title='Hours' %}")
    rows = Context({"rows": [("first", 10), ("second", 20)]})

    with translation.override("ar"):
        arabic = chart.render(rows)
    with translation.override("en"):
        english = chart.render(rows)

    assert re.findall(r'<rect[^>]* x="([\d.]+)%"', arabic) == ["59", "9"]
    assert re.findall(r'<rect[^>]* x="([\d.]+)%"', english) == ["9", "59"]


def test_no_page_promises_to_send_later_what_it_does_not_store(client: Client, db: None):
    """Forms are not kept, and lessons cannot be downloaded."""
    page = client.get("/en/verify/").content.decode()

    assert "sent later" not in page
    assert "Everything is saved" not in page
    assert not (ROOT / "templates" / "offline.html").exists()
    assert not [path for path in TEMPLATES if "you downloaded" in path.read_text(encoding="utf-8")]
