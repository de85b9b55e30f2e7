"""Writes lessons that come from elsewhere than an editor."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from courses.errors import CourseNotYours
from courses.models import CoursePage, LessonPage
from media_pipeline.models import Video


@transaction.atomic
def draft_lesson(*, course_id: int, title: str, video: Video, by: User) -> LessonPage:
    """Write a lesson with one video as a draft at the end of a course, as its author would. Raises `CourseNotYours`.

    It is visible after a user with the right to publish there has published it.
    """
    course = CoursePage.objects.select_for_update(of=("self",)).get(pk=course_id)
    if not course.permissions_for_user(by).can_add_subpage():
        raise CourseNotYours
    lesson = LessonPage(
        title=title, live=False, has_unpublished_changes=True, owner=by, body=[("video", video)]
    )
    course.add_child(instance=lesson)
    log(lesson, "wagtail.create", user=by)
    lesson.save_revision(user=by)
    return lesson
