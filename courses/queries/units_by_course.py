"""The units of a cohort by the course pages on which they are taught today."""

from dataclasses import dataclass
from uuid import UUID

from wagtail.models import Page

from courses.models import Cohort, CoursePage
from courses.queries.content import units_of


@dataclass(frozen=True)
class CourseUnits:
    """`units` are keys, in teaching order. `key` is the page's translation_key; None for units whose pages are gone."""

    key: UUID | None
    title: str
    units: list[str]


def units_by_course(cohort: Cohort) -> list[CourseUnits]:
    """The courses in teaching order, those units last whose pages are gone. Two queries."""
    keys = [unit["unit"] for unit in units_of(cohort)]
    pages = Page.objects.filter(translation_key__in=keys, locale=cohort.program.locale_id)
    parents = {str(key): path[: -Page.steplen] for key, path in pages.values_list("translation_key", "path")}
    courses: dict[str, CourseUnits] = {}
    for course in CoursePage.objects.filter(path__in=set(parents.values())).only(
        "path", "title", "translation_key"
    ):
        courses[course.path] = CourseUnits(course.translation_key, course.title, [])
    gone = CourseUnits(None, "", [])
    for key in keys:
        courses.get(parents.get(key, ""), gone).units.append(key)
    ordered = sorted((course for course in courses.values()), key=lambda course: keys.index(course.units[0]))
    return [*ordered, gone] if gone.units else ordered
