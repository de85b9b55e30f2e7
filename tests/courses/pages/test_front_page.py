"""The front page."""

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Center
from courses.enums import Sector
from courses.models import CatalogPage, ProgramPage
from tests.courses.pages.conftest import School
from tests.factories.accounts import CenterFactory, GovernorateFactory
from tests.factories.courses import CohortFactory, ProgramPageFactory

TILE = re.compile(r'trades__tile trade--(\w+)" href="([^"]+)".*?trades__count">([^<]+)<', re.DOTALL)
HEADING = re.compile(r"<h([1-6])\b")


@pytest.fixture
def sewing(catalog: CatalogPage) -> ProgramPage:
    return ProgramPageFactory(parent=catalog, sector=Sector.GARMENTS)


def test_each_trade_with_programs_has_a_tile_that_leads_to_its_programs(
    client: Client, catalog: CatalogPage, sewing: ProgramPage
):
    for _ in range(2):
        ProgramPageFactory(parent=catalog, sector=Sector.METAL)
    ProgramPageFactory(parent=catalog, sector=Sector.BUILDING, live=False)

    tiles = TILE.findall(client.get("/ar/").content.decode())

    assert tiles == [
        ("metal", "/ar/programs/?sector=metal", "برنامجان"),
        ("garments", "/ar/programs/?sector=garments", "برنامج واحد"),
    ]


def test_programs_centers_and_governorates_are_counted(client: Client, sewing: ProgramPage):
    gharbia = GovernorateFactory(nid_code="16")
    for _ in range(2):
        CenterFactory(governorate=gharbia)
    CenterFactory()
    CenterFactory(is_active=False, governorate=GovernorateFactory(nid_code="22"))

    page = client.get("/ar/").content.decode()

    assert all(f"<li>{words}</li>" in page for words in ("برنامج واحد", "٣ مراكز", "محافظتان"))


def test_the_search_leads_to_the_catalog_and_suggests_programs(client: Client, catalog: CatalogPage):
    page = client.get("/ar/").content.decode()

    assert 'action="/ar/programs/" role="search" data-suggest="/ar/learning/programs/suggest/"' in page


@pytest.mark.parametrize("address", ["/ar/", "/ar/programs/"])
def test_the_governorates_to_choose_from_are_named(client: Client, sewing: ProgramPage, address: str):
    gharbia = GovernorateFactory(nid_code="16")

    page = client.get(address).content.decode()

    choice = page.partition('<select id="near"')[2].partition("</select>")[0]
    assert f'<option value="{gharbia.pk}">{gharbia.name_ar}</option>' in choice


def test_what_starts_soon_is_near_the_reader(client: Client, sewing: ProgramPage):
    tanta = CenterFactory(governorate=GovernorateFactory(nid_code="16"))
    CohortFactory(program=sewing, center=tanta, starts_on=timezone.localdate() + dt.timedelta(days=9))

    page = client.get("/ar/", {"near": tanta.governorate_id}).content.decode()

    assert f"تبدأ قريبًا في {tanta.governorate.name_ar}" in page
    assert sewing.title in page
    assert "١٥ مقعدًا باقيًا" in page


def test_the_ministry_writes_the_title_and_chooses_the_sections(
    client: Client, catalog: CatalogPage, sewing: ProgramPage
):
    CenterFactory()
    catalog.front_title, catalog.front_text = "تعلَّم معنا", "جملة الوزارة."
    catalog.shows_trades = catalog.shows_starts = catalog.shows_steps = False
    catalog.shows_verification = catalog.shows_centers = False
    catalog.save()

    page = client.get("/ar/").content.decode()

    assert "<title>تعلَّم معنا ·" in page
    assert "<h1>تعلَّم معنا</h1>" in page
    assert "جملة الوزارة." in page
    assert "<h2" not in page


def test_without_programs_it_shows_a_message_and_no_counts(client: Client, catalog: CatalogPage):
    page = client.get("/ar/").content.decode()

    assert "لا برامج بعد" in page
    assert "hero__numbers" not in page
    assert "تبدأ قريبًا" not in page
    assert "مراكز التدريب</h2>" not in page


def test_a_center_without_dates_leads_nowhere(client: Client, sewing: ProgramPage):
    busy, idle = CenterFactory(name_ar="مركز مشغول"), CenterFactory(name_ar="مركز هادئ")
    CohortFactory(program=sewing, center=busy)

    page = client.get("/ar/").content.decode()

    assert f'<a href="/ar/programs/?center={busy.pk}">مركز مشغول</a>' in page
    assert f"?center={idle.pk}" not in page
    assert page.index("مركز مشغول") < page.index("مركز هادئ")


def test_it_asks_the_database_as_often_for_three_of_each_as_for_one(client: Client, catalog: CatalogPage):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/ar/").status_code == 200
        return len(asked)

    CohortFactory(program=ProgramPageFactory(parent=catalog))
    questions()
    with_one = questions()
    for sector in (Sector.METAL, Sector.GARMENTS):
        CohortFactory(program=ProgramPageFactory(parent=catalog, sector=sector), center=CenterFactory())

    assert questions() == with_one


@pytest.mark.parametrize("address", ["/ar/", "/en/", "/ar/programs/", "/ar/centers/", "/ar/electricity/"])
def test_headings_go_down_one_step_at_a_time(
    client: Client, english_catalog: CatalogPage, school: School, address: str
):
    levels = [int(level) for level in HEADING.findall(client.get(address).content.decode())]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("sector", Sector)
def test_each_trade_has_a_drawing_and_a_color(sector: str):
    base = Path(settings.BASE_DIR)
    sheet = (base / "lms/assets/css/components/trade.css").read_text(encoding="utf-8")

    drawing = (base / f"templates/icons/trades/{sector}.svg").read_text(encoding="utf-8")

    assert 'aria-hidden="true"' in drawing
    assert f".trade--{sector} {{" in sheet


def test_the_header_leads_visitors_to_the_centers_and_the_foot_leads_everyone(
    client: Client, trainee_client: Client
):
    visitor, trainee = client.get("/ar/").content.decode(), trainee_client.get("/ar/").content.decode()

    assert visitor.count('href="/ar/centers/"') >= 2
    assert 'href="/ar/centers/"' in trainee.partition("<footer")[2]


def test_centers_that_are_closed_are_not_counted(client: Client, sewing: ProgramPage):
    CenterFactory()
    Center.objects.update(is_active=False)

    assert "hero__numbers" not in client.get("/ar/").content.decode()
