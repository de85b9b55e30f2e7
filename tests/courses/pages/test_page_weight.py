"""The bytes of a page, for trainees with prepaid data. The browser test asserts the same over the wire."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.bundles import bundle
from tests.courses.pages.conftest import School

ASSET = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js|woff2|svg))"')


def compressed(path: str) -> int:
    """The bytes of a static file as servers send it; fonts are compressed already."""
    bundle()
    found = finders.find(path)
    assert found, path
    content = Path(found).read_bytes()
    return len(content) if path.endswith(".woff2") else len(gzip.compress(content))


@pytest.mark.parametrize("place", ["front", "catalog", "centers", "program", "lesson", "learning"])
def test_a_page_stays_within_its_budget_of_bytes(trainee_client: Client, school: School, place: str):
    url = {
        "front": "/ar/",
        "catalog": "/ar/programs/",
        "centers": "/ar/centers/",
        "program": school.program.get_url(),
        "lesson": school.watched.get_url(),
        "learning": "/ar/learning/",
    }[place]

    page = trainee_client.get(url).content

    assets = sorted(set(ASSET.findall(page.decode())))
    text = len(gzip.compress(page)) + sum(compressed(path) for path in assets if path.endswith(("css", "js")))
    assert text <= 60_000
    assert text + sum(compressed(path) for path in assets if not path.endswith(("css", "js"))) <= 150_000
    assert len(assets) + 1 <= 12
