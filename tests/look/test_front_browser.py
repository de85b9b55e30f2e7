"""The first pages of a visitor, as rendered: no overflow, no finding of axe, the main action visible."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Locale

from courses.enums import Sector
from courses.models import CatalogPage
from tests.browser_pages import AXE, DESK, PHONE, keep
from tests.bundles import bundle
from tests.factories.accounts import CenterFactory, GovernorateFactory
from tests.factories.courses import CatalogPageFactory, CohortFactory, ProgramPageFactory
from tests.factories.pages import root_page, site_of

pytestmark = [
    pytest.mark.browser("layout, colors and what is in reach as rendered"),
    pytest.mark.django_db(transaction=True),
]

LONG = "تركيب وتشغيل وصيانة أنظمة التبريد والتكييف المركزي في المنشآت السياحية والصناعية"


@pytest.fixture
def country() -> None:
    """A program of each trade, one with a very long title, that starts soon at a center with a very long name."""
    bundle()
    catalog = CatalogPageFactory(slug="catalog")
    site_of(catalog, hostname="localhost")
    english, _is_new = Locale.objects.get_or_create(language_code="en")
    root_page().add_child(
        instance=CatalogPage(
            title="Programs", slug="en", locale=english, translation_key=catalog.translation_key
        )
    )
    center = CenterFactory(
        name_ar=f"مركز {LONG}", phone="040 355 0101", governorate=GovernorateFactory(nid_code="16")
    )
    for number, sector in enumerate(Sector):
        program = ProgramPageFactory(
            parent=catalog, sector=sector, slug=sector, title=LONG if number == 0 else f"برنامج {number}"
        )
        CohortFactory(
            program=program, center=center, starts_on=timezone.localdate() + dt.timedelta(days=number)
        )


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [
        (PHONE, "light", "ar"),
        *(
            pytest.param(*look, marks=pytest.mark.browser("another look of the same pages", nightly=True))
            for look in ((PHONE, "dark", "en"), (DESK, "light", "en"), (DESK, "dark", "ar"))
        ),
    ],
)
def test_a_screenshot_of_each_page_fits_its_screen_and_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, country: None, size: dict[str, int], scheme: str, language: str
):
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    found = {}
    places = {"front": "", "catalog": "programs/", "centers": "centers/"}
    if language == "ar":
        places["program"] = f"{Sector.ELECTRICITY}/"

    for name, address in places.items():
        page.goto(f"{live_server.url}/{language}/{address}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        violations = page.evaluate("axe.run()")["violations"]
        found[name] = [(violation["id"], violation["nodes"][0]["html"]) for violation in violations]
        keep(page, f"{name}-{size['width']}-{scheme}-{language}", full_page=True)

    assert not any(found.values()), found
    context.close()


def test_enrolling_is_in_reach_on_the_first_screen_of_a_small_phone(
    browser: Browser, live_server: LiveServer, country: None
):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()

    page.goto(f"{live_server.url}/ar/{Sector.METAL}/")
    button = page.locator(".panel__act a").bounding_box()
    tabs = page.locator(".nav").bounding_box()

    assert button and tabs
    assert button["y"] + button["height"] <= tabs["y"]
    context.close()


def test_without_scripts_the_search_of_the_front_page_finds_programs(
    browser: Browser, live_server: LiveServer, country: None
):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{live_server.url}/ar/")
    page.locator("input[type=search]").fill("برنامج")
    page.locator(".hero button").click()

    page.wait_for_url(f"{live_server.url}/ar/programs/?q=*")
    context.close()
