"""Where videos are taught, from Wagtail's reference index."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import get_language
from wagtail.models import Page, ReferenceIndex, Revision

from courses.models import Cohort, LessonPage, PinnedUnit
from courses.queries.content import pinned_now, videos_pinned_to
from media_pipeline.models import Video


@dataclass(frozen=True, slots=True)
class Place:
    """The course of a lesson that shows a video."""

    program: str
    course: str


def videos_taught_under(rows: QuerySet[Video], page: Page) -> QuerySet[Video]:
    """Those of `rows` that published lessons of a program or a course show, in any language."""
    lessons = LessonPage.objects.live().descendant_of(page)
    in_every_language = LessonPage.objects.live().filter(
        translation_key__in=lessons.values("translation_key")
    )
    return _shown_in(rows, in_every_language)


def videos_taught_to(rows: QuerySet[Video], cohort: Cohort) -> QuerySet[Video]:
    """Those of `rows` that the cohort's pinned content shows."""
    return rows.filter(pk__in=videos_pinned_to(cohort).values("pk"))


def places_of(videos: Iterable[Video]) -> dict[int, list[Place]]:
    """Where each video is taught, in the reader's language where that exists. Four queries for any number."""
    shown = _references().filter(to_object_id__in=[str(video.pk) for video in videos])
    pairs = {(int(video), int(page)) for video, page in shown.values_list("to_object_id", "object_id")}
    lessons = {page.pk: page for page in LessonPage.objects.live().filter(pk__in={page for _, page in pairs})}
    titles = _titles_above(lessons.values())
    places: dict[int, list[Place]] = {}
    for video, page in sorted(pairs):
        if page in lessons:
            place = titles[lessons[page].pk]
            known = places.setdefault(video, [])
            if place not in known:
                known.append(place)
    return places


def is_shown_somewhere(video: Video) -> bool:
    """Whether any page or cohort shows `video`, or a draft of a page wants to; rather once too often than not."""
    in_pages = _references().filter(to_object_id=str(video.pk)).exists()
    # The index has no drafts, whose body is JSON in a revision.
    drafts = Revision.objects.filter(
        Q(content__body__regex=rf'"value": {video.pk}[,}}]') | _in_questions(video, "content__questions")
    )
    pinned = PinnedUnit.objects.filter(
        Q(video=video) | _in_questions(video, "content__questions"), pk__in=pinned_now()
    )
    return in_pages or drafts.exists() or pinned.exists()


def _in_questions(video: Video, field: str) -> Q:
    """Questions of tests, too, are JSON in the content of their page."""
    return Q(**{f"{field}__regex": rf'"recording": {video.pk}[,}}]'})


def _references() -> QuerySet[ReferenceIndex]:
    """References from pages to videos."""
    pages, videos = (ContentType.objects.get_for_model(model) for model in (Page, Video))
    return ReferenceIndex.objects.filter(base_content_type=pages, to_content_type=videos)


def _shown_in(rows: QuerySet[Video], lessons: QuerySet[LessonPage]) -> QuerySet[Video]:
    # The index keeps keys of every kind of row, as text.
    written = lessons.annotate(written=Cast("pk", CharField())).values("written")
    shown = _references().filter(object_id__in=written)
    return rows.filter(pk__in=shown.annotate(video=Cast("to_object_id", BigIntegerField())).values("video"))


def _titles_above(lessons: Iterable[LessonPage]) -> dict[int, Place]:
    """The titles of the course and the program of each lesson."""
    step = Page.steplen
    paths = {lesson.pk: (lesson.path[: -2 * step], lesson.path[:-step]) for lesson in lessons}
    pages = {
        page.path: page
        for page in Page.objects.filter(path__in={path for pair in paths.values() for path in pair})
    }
    translated = dict(
        Page.objects.live()
        .filter(
            translation_key__in={page.translation_key for page in pages.values()},
            locale__language_code=get_language(),
        )
        .values_list("translation_key", "title")
    )
    titles = {path: translated.get(page.translation_key) or page.title for path, page in pages.items()}
    return {pk: Place(titles[program], titles[course]) for pk, (program, course) in paths.items()}
