"""The page of the centers."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import CatalogPage
from tests.factories.accounts import CenterFactory, GovernorateFactory
from tests.factories.courses import CohortFactory, ProgramPageFactory

ADDRESS = "/ar/centers/"


def test_a_center_shows_its_place_its_phone_and_what_starts_there(client: Client, catalog: CatalogPage):
    center = CenterFactory(
        name_ar="مركز طنطا",
        phone="040 355 0101",
        address="شارع الجيش",
        governorate=GovernorateFactory(nid_code="16"),
    )
    program = ProgramPageFactory(parent=catalog, title="لحام القوس")
    CohortFactory(program=program, center=center)
    CohortFactory(program=program, center=CenterFactory(), state="closed")

    page = client.get(ADDRESS).content.decode()

    assert f"{center.governorate.name_ar}</h2>" in page
    assert 'href="tel:0403550101"><bdo dir="ltr">٠٤٠ ٣٥٥ ٠١٠١</bdo>' in page
    assert "شارع الجيش" in page
    assert page.count(f'<a href="{program.get_url()}?center={center.pk}">لحام القوس</a>') == 1


def test_a_center_without_phone_or_dates_shows_only_what_is_known(client: Client, catalog: CatalogPage):
    CenterFactory()

    page = client.get(ADDRESS).content.decode()

    assert "tel:" not in page
    assert "لا مواعيد حاليًا." in page


def test_programs_are_named_in_the_language_of_the_page_and_drafts_are_not(
    client: Client, catalog: CatalogPage, english_catalog: CatalogPage
):
    center = CenterFactory()
    taught = ProgramPageFactory(parent=catalog, title="لحام")
    ProgramPageFactory(
        parent=english_catalog,
        title="Welding",
        locale=english_catalog.locale,
        translation_key=taught.translation_key,
    )
    CohortFactory(program=taught, center=center)
    CohortFactory(program=ProgramPageFactory(parent=catalog, title="مسودة", live=False), center=center)

    arabic, english = (client.get(f"/{code}/centers/").content.decode() for code in ("ar", "en"))

    assert ("لحام" in arabic, "مسودة" in arabic) == (True, False)
    assert ("Welding" in english, "لحام" in english) == (True, False)


def test_centers_are_narrowed_to_a_governorate_and_closed_ones_are_left_out(
    client: Client, catalog: CatalogPage
):
    there = CenterFactory(governorate=GovernorateFactory(nid_code="16"))
    CenterFactory()
    CenterFactory(is_active=False, governorate=there.governorate)

    shown = client.get(ADDRESS, {"governorate": there.governorate_id}).context["page_obj"]

    assert list(shown) == [there]


def test_a_long_list_has_pages(client: Client, catalog: CatalogPage):
    for _ in range(13):
        CenterFactory()

    first, second = (client.get(ADDRESS, {"page": number}).context["page_obj"] for number in (1, 2))

    assert (len(first), len(second)) == (12, 1)


@pytest.mark.parametrize("query", ["?page=²", "?governorate=x", "?governorate=99999999999999999999"])
def test_an_address_with_nonsense_shows_every_center(client: Client, catalog: CatalogPage, query: str):
    CenterFactory()

    assert len(client.get(f"{ADDRESS}{query}").context["page_obj"]) == 1


def test_the_page_without_centers_shows_a_message(client: Client, catalog: CatalogPage):
    assert "لا مراكز بعد" in client.get(ADDRESS).content.decode()


def test_it_asks_the_database_as_often_for_three_centers_as_for_one(client: Client, catalog: CatalogPage):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(ADDRESS)
        return len(asked)

    CohortFactory(program=ProgramPageFactory(parent=catalog))
    questions()
    with_one = questions()
    for code in ("16", "22"):
        center = CenterFactory(governorate=GovernorateFactory(nid_code=code))
        for _ in range(2):
            CohortFactory(program=ProgramPageFactory(parent=catalog), center=center)

    assert questions() == with_one
