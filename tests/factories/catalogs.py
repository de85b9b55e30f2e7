"""Catalogs of many programs, written in a few statements: a page each would take milliseconds."""

from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models.sql import InsertQuery
from django.utils import timezone
from wagtail.models import Page

from courses.models import CatalogPage, ProgramPage


def add_programs(catalog: CatalogPage, programs: Sequence[ProgramPage]) -> list[ProgramPage]:
    """Write unsaved programs, with a title, a slug and a translation key, as published children of a catalog."""
    kind = ContentType.objects.get_for_model(ProgramPage)
    first = catalog.numchild + 1
    for number, program in enumerate(programs, start=first):
        program.path = Page._get_path(catalog.path, catalog.depth + 1, number)
        program.depth = catalog.depth + 1
        program.url_path = f"{catalog.url_path}{program.slug}/"
        program.locale, program.content_type, program.live = catalog.locale, kind, True
        program.draft_title = program.title
        program.first_published_at = program.last_published_at = timezone.now()
    pages = Page.objects.bulk_create(_page_of(program) for program in programs)
    for page, program in zip(pages, programs, strict=True):
        program.pk = program.page_ptr_id = page.pk
    _insert(programs)
    Page.objects.filter(pk=catalog.pk).update(numchild=first - 1 + len(programs))
    return list(programs)


def _page_of(program: ProgramPage) -> Page:
    names = [field.attname for field in Page._meta.concrete_fields if field.attname != "id"]
    return Page(**{name: getattr(program, name) for name in names})


def _insert(programs: Iterable[ProgramPage]) -> None:
    """The rows of the child table alone, which Django's own bulk_create does not write."""
    query = InsertQuery(ProgramPage)
    query.insert_values(ProgramPage._meta.local_concrete_fields, list(programs), raw=True)
    query.get_compiler(connection=connection).execute_sql()
