"""Writes the draft lessons that were requested of a recording."""

from django.db import transaction

from courses.errors import CourseNotYours
from courses.services.lessons import draft_lesson
from live.models import RecordedLesson, Recording


@transaction.atomic
def draft_lessons_of(recording: Recording) -> int:
    """Write the drafts that wait for the video of this recording. Return how many."""
    drafted = 0
    waiting = recording.lessons.select_for_update(of=("self",)).filter(unit_key=None, course__isnull=False)
    for lesson in waiting.select_related("made_by"):
        drafted += _draft(lesson, recording)
    return drafted


def _draft(lesson: RecordedLesson, recording: Recording) -> bool:
    assert recording.video is not None and lesson.course_id is not None  # noqa: S101 - asked for by the caller
    try:
        page = draft_lesson(
            course_id=lesson.course_id, title=lesson.title, video=recording.video, by=lesson.made_by
        )
    except CourseNotYours:
        # The permission was lost since the request: the request stays without a draft, and the page shows it.
        return False
    lesson.unit_key = page.translation_key
    lesson.save(update_fields=["unit_key"])
    return True
