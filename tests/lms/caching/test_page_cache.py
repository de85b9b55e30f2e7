"""The page cache: unchanged pages, for visitors only, and only while they are current."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from pytest_django.fixtures import Settings
from wagtail.models import PageViewRestriction

from courses.models import CatalogPage, ProgramPage
from lms import page_cache
from lms.generations import Generations, invalidate, invalidate_after_commit
from lms.page_cache import PageCacheMiddleware, Pages
from tests.factories.accounts import (
    GovernorateFactory,
    TraineeFactory,
)
from tests.lms.visitors import LIST, asked_of_the_database, english_locale, shown

pytestmark = pytest.mark.usefixtures("pages")


# --- What is kept -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/ar/", LIST, "/ar/programs/?page=2", "/ar/centers/"])
def test_the_second_visitor_gets_the_page_without_the_database(
    client: Client, program: ProgramPage, path: str
):
    first = client.get(path)

    with CaptureQueriesContext(connection) as asked:
        second = client.get(path)

    assert len(asked) == 0
    assert second.content == first.content
    assert second.headers == first.headers


def test_a_kept_page_is_the_page_that_is_made_without_a_cache(
    client: Client, program: ProgramPage, settings: Settings
):
    kept = [client.get(program.url) for _visit in range(2)][-1]
    settings.PAGE_CACHE_SECONDS = 0
    made = client.get(program.url)

    assert kept.content == made.content
    added = {"ETag", "Cache-Control", "Content-Length", "Vary"}
    assert {k: v for k, v in kept.headers.items() if k not in added} == {
        k: v for k, v in made.headers.items() if k not in added
    }
    assert set(made.headers["Vary"].split(", ")) < set(kept.headers["Vary"].split(", "))


def test_a_page_that_is_asked_for_by_its_tag_is_not_sent_again(client: Client, program: ProgramPage):
    for accepted in ("gzip", "identity"):
        tag = client.get(program.url, headers={"Accept-Encoding": accepted}).headers["ETag"]
        again = client.get(program.url, headers={"Accept-Encoding": accepted, "If-None-Match": tag})
        other = client.get(program.url, headers={"Accept-Encoding": accepted, "If-None-Match": '"other"'})

        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert other.status_code == 200


def test_who_reads_gzip_gets_the_same_page_compressed_under_another_tag(client: Client, program: ProgramPage):
    plain = client.get(program.url)
    packed = client.get(program.url, headers={"Accept-Encoding": "gzip, br"})

    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert {"Cookie", "Accept-Encoding"} <= set(packed.headers["Vary"].split(", "))


def test_a_browser_has_to_ask_each_time(client: Client, program: ProgramPage):
    assert client.get(program.url).headers["Cache-Control"] == "no-cache"


def test_a_head_is_answered_from_what_a_get_left_and_leaves_nothing(client: Client, program: ProgramPage):
    client.head(LIST)
    assert asked_of_the_database(client) > 0

    with CaptureQueriesContext(connection) as asked:
        answer = client.head(LIST)

    assert (answer.status_code, len(asked)) == (200, 0)


def test_the_other_language_and_saved_data_have_pages_of_their_own(client: Client, catalog: CatalogPage):
    english = catalog.copy_for_translation(english_locale(), copy_parents=True)
    english.title = "Programs"
    english.save_revision().publish()

    assert 'lang="ar"' in shown(client, LIST)
    assert 'lang="en"' in shown(client, "/en/programs/")
    assert "data-save-data" not in shown(client, LIST)
    assert "data-save-data" in client.get(LIST, headers={"Save-Data": "on"}).content.decode()


# --- For whom nothing is kept -------------------------------------------------------------------------------------


def test_who_is_logged_in_gets_a_page_of_their_own_and_leaves_none(client: Client, program: ProgramPage):
    trainee = TraineeFactory(person__full_name_ar="محمود سالم")
    reader = Client()
    reader.force_login(trainee)
    client.get(LIST)

    own = shown(reader)
    after = shown(client)

    assert "account__who" in own
    assert "account__who" not in after


def test_a_visitor_with_a_session_or_a_message_gets_no_kept_page(client: Client, program: ProgramPage):
    client.get(LIST)

    for cookie in ("sessionid", "messages"):
        client.cookies[cookie] = "anything"
        assert asked_of_the_database(client) > 0
        del client.cookies[cookie]


def test_the_place_that_a_visitor_chose_is_theirs(client: Client, program: ProgramPage):
    client.get("/ar/")
    near = Client()
    chosen = str(GovernorateFactory().pk)
    near.get(f"/ar/?near={chosen}")

    assert near.cookies["near"].value == chosen
    assert asked_of_the_database(near, "/ar/") > 0
    assert asked_of_the_database(client, "/ar/") == 0


@pytest.mark.parametrize(
    "query", ["q=x", "near=1", "page=100", "page=1&page=2", "sector=made-up", "utm=1", "level=helper"]
)
def test_questions_without_end_are_not_kept(client: Client, program: ProgramPage, query: str):
    client.get(f"{LIST}?{query}")

    assert asked_of_the_database(client, f"{LIST}?{query}") > 0


@pytest.mark.parametrize("path", ["/ar/verify/", "/ar/accounts/login/"])
def test_pages_with_forms_are_not_kept(client: Client, catalog: CatalogPage, path: str):
    client.get(path)

    assert "ETag" not in client.get(path).headers


def test_a_catalog_for_who_knows_a_password_is_not_kept(
    client: Client, catalog: CatalogPage, program: ProgramPage, commit: Any
):
    client.get(LIST)

    with commit():
        PageViewRestriction.objects.create(page=catalog, restriction_type="password", password="word")

    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize(
    "header", [("Set-Cookie", ""), ("Content-Security-Policy", "script-src 'nonce-1'"), ("Cache-Control", "private"),
               ("Cache-Control", "no-store"), ("Vary", "Accept-Language")]
)  # fmt: skip
def test_a_response_that_speaks_to_one_reader_is_not_kept(header: tuple[str, str]):
    made = []

    def view(request: HttpRequest) -> HttpResponse:
        request.resolver_match = resolve(LIST)
        response = HttpResponse(f"{len(made)}")
        made.append(response)
        if header[0] == "Set-Cookie":
            response.set_cookie("csrftoken", "secret")
        else:
            response.headers[header[0]] = header[1]
        return response

    cached = PageCacheMiddleware(view)
    answers = [cached(RequestFactory().get(LIST)).content for _visit in range(2)]

    assert answers == [b"0", b"1"]


# --- The cache ----------------------------------------------------------------------------------------------------


def test_two_processes_agree(settings: Settings, tmp_path: Path):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path},
    }
    one, other = (Generations(), Pages()), (Generations(), Pages())
    page = page_cache.page_of(HttpResponse("page"))
    key = f"{one[0].current()}.address"

    one[1].keep(key, page)
    assert other[1].find(f"{other[0].current()}.address") == page
    invalidate()

    assert one[0].current() == other[0].current()
    assert one[1].find(f"{one[0].current()}.address") is None


@pytest.mark.parametrize(
    "cache",
    [
        {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "/proc/nowhere"},
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"},
    ],
    ids=["files", "redis"],
)
def test_a_cache_that_is_away_costs_no_page(
    client: Client, program: ProgramPage, settings: Settings, cache: dict[str, str], commit: Any
):
    settings.CACHES = {**settings.CACHES, "pages": cache}

    with commit():
        invalidate_after_commit()

    assert [program.title in shown(client) for _visit in range(2)] == [True, True]


def test_a_page_is_over_after_its_time(client: Client, program: ProgramPage, monkeypatch: pytest.MonkeyPatch):
    client.get(LIST)
    now = page_cache.time.time()

    monkeypatch.setattr(page_cache.time, "time", lambda: now + 61)

    assert asked_of_the_database(client) > 0


# --- How many are kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["governorate=2&page=3", "page=3&governorate=2", "p%61ge=%33&&governorate=2&"]
)
def test_a_query_is_one_however_it_is_written(rf: RequestFactory, query: str):
    request = rf.get(f"{LIST}?{query}")

    address = page_cache.address_of(request)

    assert address == page_cache.address_of(rf.get(f"{LIST}?page=3&governorate=2"))
    assert request.META["QUERY_STRING"] == "page=3&governorate=2"


def test_many_ways_to_write_an_address_are_one_page_or_none(rf: RequestFactory, settings: Settings):
    settings.ALLOWED_HOSTS = ["*"]
    asked = [rf.get(f"{LIST}?page=1{'&' * number}") for number in range(1, 101)]
    asked += [rf.get(LIST, headers={"Host": f"testserver:{port}"}) for port in range(1, 101)]
    asked += [rf.get(f"{LIST}?page=1&page={number}") for number in range(100)]
    asked += [rf.get(f"{LIST}?x={number}") for number in range(100)]

    assert len({page_cache.address_of(request) for request in asked} - {None}) == 1
