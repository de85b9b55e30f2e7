"""A site with one program, as visitors see it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from pytest_django.fixtures import Settings

from courses.models import CatalogPage, Cohort, ProgramPage
from lms import page_cache
from lms.generations import Generations
from lms.page_cache import Pages
from tests.factories.courses import CatalogPageFactory, CohortFactory, ProgramPageFactory
from tests.factories.pages import site_of

type Commit = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def pages(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """This process's pages, with nothing kept."""
    settings.PAGE_CACHE_SECONDS = 60
    settings.SITE_URL = "http://testserver"
    caches["pages"].clear()
    pages = Pages()
    monkeypatch.setattr(page_cache, "PAGES", pages)
    monkeypatch.setattr(page_cache, "GENERATIONS", Generations())
    return pages


@pytest.fixture
def catalog(db: None) -> CatalogPage:
    page: CatalogPage = CatalogPageFactory(title="البرامج", slug="front")
    site_of(page)
    return page


@pytest.fixture
def program(catalog: CatalogPage) -> ProgramPage:
    page: ProgramPage = ProgramPageFactory(parent=catalog, title="تمديدات الكهرباء", slug="wiring")
    return page


@pytest.fixture
def cohort(program: ProgramPage) -> Cohort:
    cohort: Cohort = CohortFactory(program=program, seats=1)
    return cohort


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Commit) -> Callable[[], AbstractContextManager[list[Any]]]:
    """What is done inside is committed, as everything before it was."""

    @contextmanager
    def committed() -> Iterator[list[Any]]:
        connection.run_on_commit.clear()
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            yield callbacks

    return committed
