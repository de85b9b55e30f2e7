"""Queries of a program page: contents, sizes of videos, instructors, rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet, Sum
from django.utils.functional import Promise
from wagtail.models import Page

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held, fenced
from courses.enums import CohortState
from courses.models import Cohort, CompletionRule, CoursePage, LessonPage, ProgramPage, UnitPage
from courses.queries.outline import OutlineUnit
from courses.queries.releases import Openness
from media_pipeline.models import Rendition

# The two ways of watching that a trainee on a data plan asks about first.
SHOWN_QUALITIES = ("audio", "240p")


@dataclass(frozen=True)
class ListedUnit:
    """`url` is empty where the reader may not open the unit; `openness` says when they may."""

    title: str
    kind: str
    kind_label: str | Promise
    url: str
    openness: Openness | None


@dataclass(frozen=True)
class ListedCourse:
    title: str
    units: list[ListedUnit]


def contents_of(program: ProgramPage, own_units: Mapping[UUID, OutlineUnit]) -> list[ListedCourse]:
    """The published courses of a program and the titles of their units, in teaching order. Two queries at most.

    `own_units`: the units of the reader's enrollment, by their keys.
    """
    courses: dict[str, ListedCourse] = {}
    pages = Page.objects.descendant_of(program).live().order_by("path")
    # The kind of a page is found by its key, which Django remembers.
    for page in pages.only("path", "title", "translation_key", "content_type_id"):
        kind = page.specific_class
        if kind is CoursePage:
            courses[page.path] = ListedCourse(page.title, [])
        elif kind and issubclass(kind, UnitPage) and page.path[: -page.steplen] in courses:
            name = kind._meta.model_name.removesuffix("page")
            own = own_units.get(page.translation_key)
            courses[page.path[: -page.steplen]].units.append(
                ListedUnit(
                    page.title,
                    name,
                    kind._meta.verbose_name,
                    own.url if own else "",
                    own.openness if own else None,
                )
            )
    return list(courses.values())


def weights_of(program: ProgramPage) -> dict[str, int]:
    """Bytes of all videos of a program by quality (`SHOWN_QUALITIES`); empty while no video is ready."""
    lessons = LessonPage.objects.descendant_of(program).live().only("body")
    chosen = {
        block["value"] for lesson in lessons for block in lesson.body.raw_data if block["type"] == "video"
    }
    sizes = (
        Rendition.objects.filter(
            version__video__in=chosen - {None},
            version=F("version__video__published"),
            name__in=SHOWN_QUALITIES,
        )
        .order_by()
        .values_list("name")
        .annotate(Sum("bytes"))
    )
    return dict(sizes)


def instructors_of(cohort: Cohort) -> list[str]:
    """The names of the instructors of a cohort. A login without a name is left out: it would disclose its phone number."""
    logins = cohort.instructors.filter(is_active=True).exclude(display_name="")
    return list(logins.order_by("display_name").values_list("display_name", flat=True))


def rule_of(program: ProgramPage, cohort: Cohort | None) -> CompletionRule | None:
    """What completing the program takes: in this cohort, else by the newest rule. One query."""
    rules = CompletionRule.objects.filter(program__translation_key=program.translation_key)
    if cohort and cohort.completion_rule_id:
        rules = rules.filter(pk=cohort.completion_rule_id)
    return rules.order_by("-version").first()


def titles_in_language(programs: Iterable[ProgramPage], language: str) -> dict[int, str]:
    """The title of each program (a source-language page, by its pk) in `language`, else in the source. One query, none in the
    language of the source.
    """
    programs = list(programs)
    if language == settings.LANGUAGE_CODE:
        return {program.pk: program.title for program in programs}
    translated = dict(
        ProgramPage.objects.live()
        .filter(
            translation_key__in=[program.translation_key for program in programs],
            locale__language_code=language,
        )
        .values_list("translation_key", "title")
    )
    return {program.pk: translated.get(program.translation_key) or program.title for program in programs}


def program_in_language(program: ProgramPage) -> ProgramPage | None:
    """The published page of a program in the reader's language, else the source's; None where it is not online."""
    page = program.localized
    page = page if page.live else program
    return page if page.live else None


def cohorts_learning_from(page: Page) -> QuerySet[Cohort]:
    """Cohorts that are open or running and study this page: a unit of theirs, or their program or a course of it."""
    programs = ProgramPage.objects.ancestor_of(page, inclusive=True).values("translation_key")
    cohorts = Cohort.objects.filter(
        state__in=[CohortState.OPEN, CohortState.RUNNING], program__translation_key__in=programs
    )
    if isinstance(page.specific, UnitPage):
        cohorts = cohorts.filter(content_version__units__contains=[{"unit": str(page.translation_key)}])
    return cohorts


def is_studied_where(user: User, unit: UnitPage) -> bool:
    """Whether a cohort that `user` may see, as staff, studies the unit."""
    cohorts = Cohort.objects.filter(content_version__units__contains=[{"unit": str(unit.translation_key)}])
    return Act.VIEW_COHORTS in acts_held(user) and fenced(cohorts, user=user, act=Act.VIEW_COHORTS).exists()
