"""The search page of the catalog: results, links, and robustness against any input."""

import datetime as dt
import gzip
import itertools
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Governorate
from courses.models import CatalogPage, ProgramPage
from courses.services.search_index import index_all
from tests.factories.accounts import CenterFactory, TraineeFactory
from tests.factories.courses import CohortFactory, ProgramPageFactory, skill_level

SUGGEST = "/ar/learning/programs/suggest/"
HOSTILE = {
    "ten thousand letters": "لحام " * 2000,
    "one long word": "ل" * 10_000,
    "long word of many letters": "لحامكهرب" * 500,
    "operators": "&|!():*<-> لحام & !كهرباء | (x:*)",
    "signs": "!!! ??? ...",
    "quotes": "'\"`\\ ' OR 1=1 -- لحام",
    "sql": "'; DROP TABLE courses_programpage; --",
    "nul": "لحام\x00",
    "emoji": "🔧⚡",
    "controls": "\u202e\u200f\ufeff\x1b[31m",
    "surrogates": "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "digits": "0" * 80,
    "combining marks": "e" + "\u0301" * 500,
    "percent": "%_%s%(x)s{}",
    "html": "<script>alert(1)</script>",
}


@pytest.fixture
def welding(catalog: CatalogPage) -> ProgramPage:
    return ProgramPageFactory(parent=catalog, title="لحام القوس", code="WEL-1", sector="metal")


@pytest.fixture
def sewing(catalog: CatalogPage) -> ProgramPage:
    return ProgramPageFactory(
        parent=catalog, title="خياطة وتفصيل", code="GAR-1", sector="garments", summary="القص"
    )


@pytest.fixture
def joinable(welding: ProgramPage, sewing: ProgramPage) -> None:
    """Welding may be joined in Tanta, sewing in Giza, in ten days."""
    for program, code, name in ((welding, "16", "مركز طنطا"), (sewing, "21", "مركز إمبابة")):
        center = CenterFactory(governorate=Governorate.objects.get(nid_code=code), name_ar=name)
        CohortFactory(program=program, center=center, starts_on=timezone.localdate() + dt.timedelta(days=10))
    index_all()


def shown(client: Client, **query: object) -> list[str]:
    return [program.title for program in client.get("/ar/programs/", query).context["page_obj"]]


@pytest.mark.parametrize(
    "query",
    [
        "لحام طنطا",
        "طنطا اللحام",
        "لحام بطنطا",
        "لحام الغربية",
        "لحّام في محافظة الغربية",
        "welding tanta",
        "لحم طنطا",
    ],
)
def test_a_trade_and_a_place_find_the_trade_in_that_place(client: Client, joinable: None, query: str):
    assert shown(client, q=query) == ["لحام القوس"]


def test_a_typing_error_is_corrected_and_asked_about(client: Client, joinable: None):
    answer = client.get("/ar/programs/", {"q": "خيااطه ملابص", "sector": "garments"})

    assert [program.title for program in answer.context["page_obj"]] == ["خياطة وتفصيل"]
    assert "هل تقصد" in answer.content.decode()
    assert "sector=garments" in answer.content.decode().partition("هل تقصد")[2].partition("</a>")[0]


def test_programs_with_some_of_the_words_are_shown_as_such(client: Client, joinable: None):
    answer = client.get("/ar/programs/", {"q": "لحام القص"})

    assert [program.title for program in answer.context["page_obj"]] == ["لحام القوس", "خياطة وتفصيل"]
    assert "لا يوجد برنامج فيه كل هذه الكلمات" in answer.content.decode()


def test_a_word_that_no_program_has_is_named(client: Client, joinable: None):
    page = client.get("/ar/programs/", {"q": "لحام قغظضذ"}).content.decode()

    assert "لا يوجد برنامج فيه «<bdi>قغظضذ</bdi>»" in page


def test_an_empty_list_leads_on(client: Client, joinable: None):
    answer = client.get("/ar/programs/", {"q": "قغظضذ"})
    page = answer.content.decode()

    assert answer.context["page_obj"].paginator.count == 0
    assert 'href="?sector=metal"' in page
    assert "تبدأ قريبًا" in page
    assert "لحام القوس" in page


def test_a_trade_that_is_taught_elsewhere_shows_where(client: Client, joinable: None):
    giza = Governorate.objects.get(nid_code="21")
    gharbia = Governorate.objects.get(nid_code="16")

    answer = client.get("/ar/programs/", {"q": "لحام", "governorate": giza.pk})

    assert answer.context["elsewhere"] == [gharbia]
    assert f"governorate={gharbia.pk}" in answer.content.decode()


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_is_typed_breaks_the_search(client: Client, joinable: None, typed: str):
    for url in ("/ar/programs/", SUGGEST):
        answer = client.get(url, {"q": typed})

        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ten thousand letters", "نص البحث طويل جدًّا"),
        ("signs", "ليس فيما كتبته كلمة نبحث عنها"),
        ("emoji", "ليس فيما كتبته كلمة نبحث عنها"),
        ("sql", "لا برنامج يطابق بحثك"),
    ],
)
def test_an_unsearchable_query_gets_a_page_with_a_message(
    client: Client, joinable: None, kind: str, said: str
):
    page = client.get("/ar/programs/", {"q": HOSTILE[kind]}).content.decode()

    assert said in page


def test_suggestions_name_programs_and_may_be_kept_by_caches(client: Client, joinable: None):
    answer = client.get(SUGGEST, {"q": "لح"})

    assert answer.json() == {
        "programs": [
            {"title": "لحام القوس", "url": "/ar/" + ProgramPage.objects.get(code="WEL-1").slug + "/"}
        ]
    }
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.get("Vary", "")


def test_suggestions_are_few(client: Client, catalog: CatalogPage):
    for _ in range(9):
        ProgramPageFactory(parent=catalog)
    index_all()

    assert len(client.get(SUGGEST, {"q": "تمديدات"}).json()["programs"]) == 6
    assert client.get(SUGGEST, {"q": ""}).json() == {"programs": []}


def test_suggestions_cost_the_same_number_of_queries_for_many_programs(client: Client, catalog: CatalogPage):
    def questions() -> int:
        index_all()
        client.get(SUGGEST, {"q": "تمديدات"})
        with CaptureQueriesContext(connection) as asked:
            client.get(SUGGEST, {"q": "تمديدات"})
        return len(asked)

    ProgramPageFactory(parent=catalog)
    with_one = questions()
    ProgramPageFactory(parent=catalog)
    ProgramPageFactory(parent=catalog)

    assert questions() == with_one


def test_the_status_is_no_heading_and_headings_skip_no_level(client: Client, joinable: None):
    for query in ("", "?q=لحام", "?q=قغظضذ"):
        page = client.get(f"/ar/programs/{query}").content.decode()
        levels = [int(rest[0]) for rest in page.split("<h")[1:] if rest[0].isdigit()]

        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert all(
            "role=" not in rest.partition(">")[0] for rest in page.split("<h")[1:] if rest[0].isdigit()
        )


def test_what_starts_soon_is_shown_for_the_governorate_that_was_chosen_last(client: Client, joinable: None):
    gharbia = Governorate.objects.get(nid_code="16")

    first = client.get("/ar/programs/", {"near": gharbia.pk}).context["soon"]
    again = client.get("/ar/programs/").context["soon"]
    everywhere = client.get("/ar/programs/", {"near": ""}).context["soon"]

    assert [start.program.title for start in first.starts] == ["لحام القوس"]
    assert again == first
    assert len(everywhere.starts) == 2
    assert len(client.get("/ar/programs/").context["soon"].starts) == 2


def test_what_starts_soon_is_shown_for_the_governorate_of_the_person(client: Client, joinable: None):
    trainee = TraineeFactory()
    trainee.person.residence_governorate = Governorate.objects.get(nid_code="21")
    trainee.person.save()
    client.force_login(trainee)

    assert [start.program.title for start in client.get("/ar/programs/").context["soon"].starts] == [
        "خياطة وتفصيل"
    ]


def test_the_governorates_to_choose_from_have_names(client: Client, joinable: None):
    page = BeautifulSoup(client.get("/ar/").content, "html.parser")

    offered = {str(option["value"]): option.text for option in page.select("select#near option")}

    names = {str(place.pk): place.name for place in Governorate.objects.filter(nid_code__in=["16", "21"])}
    assert names.items() <= offered.items()
    assert len(offered) == len(page.select("select#near option"))
    assert "" not in offered.values()


def test_where_nothing_starts_soon_other_places_are_shown(client: Client, joinable: None):
    aswan = Governorate.objects.get(nid_code="28")

    answer = client.get("/ar/programs/", {"near": aswan.pk})

    assert answer.context["soon"].is_elsewhere
    assert len(answer.context["soon"].starts) == 2
    assert "لا شيء يبدأ قريبًا في أسوان" in answer.content.decode()


def test_every_governorate_can_be_chosen_by_its_name(client: Client, joinable: None):
    page = client.get("/ar/").content.decode()

    for place in Governorate.objects.exclude(nid_code="88"):
        assert f'<option value="{place.pk}">{place.name_ar}</option>' in page


@pytest.mark.parametrize("near", ["²", "-1", "9" * 30, "x", "\x00", "88"])
def test_a_governorate_that_is_none_is_all_of_egypt(client: Client, joinable: None, near: str):
    answer = client.get("/ar/programs/", {"near": near})

    assert len(answer.context["soon"].starts) == 2
    client.cookies["near"] = near.strip("\x00")
    assert client.get("/ar/programs/").status_code == 200


def test_the_skills_of_a_program_are_listed_on_its_page(client: Client, welding: ProgramPage):
    welding.skills = "لحام المواسير\n\n قراءة الرسم "
    welding.save()

    page = client.get(welding.get_url()).content.decode()

    assert [page.count(f"<span>{skill}</span></li>") for skill in ("لحام المواسير", "قراءة الرسم")] == [1, 1]


@pytest.fixture
def two_languages(catalog: CatalogPage, english_catalog: CatalogPage) -> None:
    """Programs in both languages; tailoring may be joined in Tanta."""
    texts = {
        "electricity": ("تمديدات كهربائية منزلية", "Domestic electrical installation", "skilled"),
        "garments": ("خياطة وتفصيل الملابس", "Tailoring and dressmaking", "semi_skilled"),
        "networks": ("تمديد شبكات المعلومات", "Network cabling", "technician"),
    }
    for sector, (arabic, english, level) in texts.items():
        facts = {"sector": sector, "level": skill_level(level), "summary": "-"}
        program = ProgramPageFactory(parent=catalog, title=arabic, **facts)
        ProgramPageFactory(
            parent=english_catalog,
            locale=english_catalog.locale,
            translation_key=program.translation_key,
            title=english,
            **facts,
        )
        if sector == "garments":
            gharbia = Governorate.objects.get(nid_code="16")
            CohortFactory(
                program=program, center=CenterFactory(governorate=gharbia, name_ar="مركز تدريب طنطا المهني")
            )
    index_all()


@pytest.mark.parametrize(
    ("language", "query", "title"),
    [
        ("ar", "كهرباء", "تمديدات كهربائية منزلية"),
        ("ar", "كهرباء منازل", "تمديدات كهربائية منزلية"),
        ("ar", "تفصيل ملابس", "خياطة وتفصيل الملابس"),
        ("ar", "شبكه", "تمديد شبكات المعلومات"),
        ("ar", "فني", "تمديد شبكات المعلومات"),
        ("ar", "طنطا", "خياطة وتفصيل الملابس"),
        ("ar", "الغربية", "خياطة وتفصيل الملابس"),
        ("ar", "wiring", "تمديدات كهربائية منزلية"),
        ("en", "Sewing", "Tailoring and dressmaking"),
        ("en", "خياطه", "Tailoring and dressmaking"),
    ],
)
def test_a_trade_is_found_by_what_people_call_it(
    client: Client, two_languages: None, language: str, query: str, title: str
):
    found = client.get(f"/{language}/programs/", {"q": query}).context["page_obj"]

    assert [program.title for program in found] == [title]


def test_the_script_of_the_suggestions_is_small():
    script = Path(str(finders.find("js/catalog_search.js"))).read_bytes()

    assert len(gzip.compress(script)) < 2000
