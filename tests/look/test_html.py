"""Rules of the Nu Html Checker, as far as fast tests can check them."""

import datetime as dt
import itertools
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from lms.templatetags.mihna import headings_in_order, moment
from tests.factories.accounts import TraineeFactory

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def levels(html: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])[\s>]", html)]


@pytest.mark.parametrize(
    "written, shown",
    [
        ([3, 4, 4, 3], [2, 3, 3, 2]),
        ([4, 3, 4], [2, 2, 3]),
        ([2, 2, 3], [2, 2, 3]),
        ([2, 4, 3], [2, 3, 3]),
        ([], []),
    ],
)
def test_headings_of_editors_begin_under_the_title_and_skip_none(written: list[int], shown: list[int]):
    html = "".join(f'<h{level} id="a">أمان</h{level}><p>1 &lt; h3</p>' for level in written)

    found = headings_in_order(html)

    assert levels(found) == shown
    assert found.count("</h2>") == shown.count(2)


def test_a_moment_has_no_more_than_seconds():
    at = dt.datetime(2026, 11, 29, 1, 6, 47, 139241, tzinfo=dt.UTC)

    shown = Template("{% load mihna %}{{ at|moment }}").render(Context({"at": at}))

    assert moment(at) == "2026-11-29T01:06:47+00:00"
    # As people see it: in the time of the place.
    assert shown == "2026-11-29T03:06:47+02:00"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_times_for_machines_are_written_by_one_filter(template: Path):
    written = re.findall(r"datetime=\"{{ (.*?) }}", template.read_text(encoding="utf-8"))

    assert [value for value in written if not value.endswith(("|moment", "|date:'Y-m-d'"))] == []


@pytest.mark.parametrize(
    "place", ["courses:my_learning", "live:index", "certificates:mine", "account_sessions"]
)
def test_a_page_with_nothing_on_it_has_its_headings_in_order(client: Client, db: None, place: str):
    client.force_login(TraineeFactory())

    found = levels(client.get(reverse(place)).text)

    assert found[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(found))


def test_a_status_is_no_heading_and_no_id_is_there_twice(client: Client, superuser: object):
    client.force_login(superuser)
    page = BeautifulSoup(client.get("/ar/styleguide/", headers={"host": "localhost"}).content, "html.parser")

    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert page.select("h1[role], h2[role], h3[role], h4[role]") == []
    assert sorted(ids) == sorted(set(ids))
