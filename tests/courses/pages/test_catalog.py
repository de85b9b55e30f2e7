"""Finding a program."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from courses.enums import CohortState, Sector
from courses.models import CatalogPage, ProgramPage
from courses.services.search_index import index_all
from tests.factories.accounts import CenterFactory, GovernorateFactory
from tests.factories.courses import CohortFactory, ProgramPageFactory, skill_level


@pytest.fixture
def wiring(catalog: CatalogPage) -> ProgramPage:
    return ProgramPageFactory(parent=catalog, title="تمديدات الكهرباء", code="ELE-H2")


@pytest.fixture
def sewing(catalog: CatalogPage) -> ProgramPage:
    return ProgramPageFactory(
        parent=catalog,
        title="خياطة وتفصيل",
        code="GAR-1",
        sector=Sector.GARMENTS,
        level=skill_level("helper"),
        summary="من القص إلى الكي.",
    )


def titles(client: Client, query: str = "") -> list[str]:
    index_all()
    answer = client.get(f"/ar/programs/{query}")
    assert answer.status_code == 200
    return [program.title for program in answer.context["page_obj"]]


@pytest.mark.parametrize("words", ["كهرباء", "الكهربا", "تمديدات", "ele-h2", "دوائر", "الدَّوائر"])
def test_a_program_is_found_by_title_code_and_summary_in_any_spelling(
    client: Client, wiring: ProgramPage, sewing: ProgramPage, words: str
):
    assert titles(client, f"?q={words}") == [wiring.title]


@pytest.mark.parametrize(
    "query", ["?sector=garments", "?level=helper", "?sector=garments&level=helper&q=خياطه"]
)
def test_filters_narrow_the_list(client: Client, wiring: ProgramPage, sewing: ProgramPage, query: str):
    assert titles(client, query) == [sewing.title]


def test_a_place_asks_for_a_cohort_there_that_may_still_be_joined(
    client: Client, wiring: ProgramPage, sewing: ProgramPage
):
    cairo, gharbia = CenterFactory(), CenterFactory(governorate=GovernorateFactory(nid_code="16"))
    CohortFactory(program=wiring, center=cairo)
    CohortFactory(program=sewing, center=gharbia)
    CohortFactory(program=sewing, center=cairo, state=CohortState.CLOSED)

    in_center = titles(client, f"?center={cairo.pk}")
    in_governorate = titles(client, f"?governorate={gharbia.governorate_id}")

    assert (in_center, in_governorate) == ([wiring.title], [sewing.title])


@pytest.mark.parametrize(
    "query",
    [
        "?page=²",
        "?page=٣",
        "?page=-1",
        "?page=1e309",
        "?level=x",
        "?sector=',--",
        "?center=²",
        "?center=99999999999999999999",
        "?governorate=NaN",
        "?q=²!&'|",
        "?q=%00",
        "?q=" + "ا" * 500,
        "?filters[]=1&q[]=x",
    ],
)
def test_an_address_with_nonsense_is_answered(client: Client, wiring: ProgramPage, query: str):
    assert client.get(f"/ar/programs/{query}").status_code == 200


def test_an_unknown_filter_is_no_filter(client: Client, wiring: ProgramPage):
    assert titles(client, "?level=x&page=²&center=²") == [wiring.title]


def test_drafts_and_the_other_language_stay_out(
    client: Client, catalog: CatalogPage, english_catalog: CatalogPage, wiring: ProgramPage
):
    ProgramPageFactory(parent=catalog, live=False)
    ProgramPageFactory(parent=english_catalog, title="Wiring", locale=english_catalog.locale)

    english = client.get("/en/programs/").context["page_obj"]

    assert titles(client) == [wiring.title]
    assert [program.title for program in english] == ["Wiring"]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "برنامج واحد"), (2, "برنامجان"), (3, "٣ برامج"), (11, "١١ برنامجًا")]
)
def test_the_list_counts_in_the_plural_forms_of_the_language(
    client: Client, catalog: CatalogPage, count: int, words: str
):
    for _ in range(count):
        ProgramPageFactory(parent=catalog)

    assert words in client.get("/ar/programs/").content.decode()


def test_an_empty_result_shows_what_to_do(client: Client, wiring: ProgramPage):
    page = client.get("/ar/programs/?q=نجاره").content.decode()

    assert "لا برنامج يطابق بحثك" in page
    assert "عرض كل البرامج" in page


def test_a_filter_in_force_can_be_taken_away_alone(client: Client, wiring: ProgramPage):
    answer = client.get("/ar/programs/?q=كهرباء&level=skilled")

    without_level = next(chip.href for chip in answer.context["applied"] if "level" not in chip.href)
    assert [chip.label for chip in client.get(f"/ar/programs/{without_level}").context["applied"]] == [
        "كهرباء"
    ]


def test_the_catalog_asks_the_database_as_often_for_three_programs_as_for_one(
    client: Client, catalog: CatalogPage
):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/ar/programs/?q=تمديدات")
        return len(asked)

    CohortFactory(program=ProgramPageFactory(parent=catalog))
    index_all()
    questions()
    with_one = questions()
    for _ in range(2):
        CohortFactory(program=ProgramPageFactory(parent=catalog))
    index_all()

    assert questions() == with_one


def test_the_catalogs_earlier_addresses_lead_to_it_with_their_search(
    client: Client, english_catalog: CatalogPage
):
    assert client.get("/en/learning/programs/").url == "/en/programs/"
    assert client.get("/ar/learning/programs/?q=x").url == "/ar/programs/?q=x"
    assert client.get("/ar/?sector=metal&page=2").url == "/ar/programs/?sector=metal&page=2"


def test_the_language_switch_keeps_search_and_filters(client: Client, english_catalog: CatalogPage):
    page = client.get("/ar/programs/", {"q": "لحام", "sector": "metal", "page": 2}).content.decode()

    switch = page.partition('hreflang="en"')[0].rpartition('href="')[2].partition('"')[0]
    assert switch == "/en/programs/?q=%D9%84%D8%AD%D8%A7%D9%85&amp;sector=metal&amp;page=2"


def test_a_catalog_behind_a_password_is_asked_for_where_the_site_begins(
    client: Client, catalog: CatalogPage, wiring: ProgramPage
):
    PageViewRestriction.objects.create(
        page=catalog, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )

    answer = client.get("/ar/programs/")

    assert (answer.status_code, answer.url) == (302, "/ar/")


def card(client: Client, query: str = "") -> str:
    """The first program of the list."""
    page = client.get(f"/ar/programs/{query}").content.decode()
    return page.partition("program-card trade")[2].partition("</article>")[0]


def test_a_card_names_where_and_when_the_program_starts_next(client: Client, wiring: ProgramPage):
    soon = timezone.localdate() + dt.timedelta(days=3)
    CohortFactory(program=wiring, center=CenterFactory(name_ar="مركز المحلة"), starts_on=soon)
    CohortFactory(program=wiring, center=CenterFactory(name_ar="مركز شبرا"), seats=1, seats_taken=1)

    shown = card(client)

    assert "مركز المحلة · القاهرة" in shown
    assert "مركز شبرا" not in shown
    assert "اكتملت" not in shown


def test_a_card_in_a_chosen_governorate_names_the_place_there(client: Client, wiring: ProgramPage):
    gharbia = GovernorateFactory(nid_code="16", name_ar="الغربية")
    CohortFactory(program=wiring)
    there = CohortFactory(program=wiring, center=CenterFactory(name_ar="مركز طنطا", governorate=gharbia))

    assert "مركز طنطا · الغربية" in card(client, f"?governorate={gharbia.pk}")
    assert "مركز طنطا" in card(client, f"?center={there.center_id}")


def test_a_card_shows_full_where_every_open_cohort_is_full(client: Client, wiring: ProgramPage):
    CohortFactory(program=wiring, seats=1, seats_taken=1)

    assert "اكتملت" in card(client)


@pytest.mark.parametrize(("days", "words"), [(-2, "وما زال التسجيل مفتوحًا"), (0, "يبدأ اليوم"), (5, "يبدأ ")])
def test_a_card_distinguishes_past_and_future_starts(
    client: Client, wiring: ProgramPage, days: int, words: str
):
    CohortFactory(program=wiring, starts_on=timezone.localdate() + dt.timedelta(days=days))

    assert words in card(client)
