"""Lessons made of recordings: requested by the instructor, cut by a worker, published by another person."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from courses.errors import CourseNotYours
from courses.models import CoursePage
from jobs.enums import JobState
from live.broadcast.concatenation import parts_of_recording, timeline_of
from live.enums import LiveState
from live.errors import InvalidCut, NothingRecorded
from live.models import RecordedLesson
from live.queries.recordings import broadcast_of, courses_for, is_recorded
from live.queries.replay import whole_recording
from live.services.drafting import draft_lessons_of
from live.services.events import locked_session
from live.services.recordings import record_part

LESSON_TITLE_CHARACTERS = 120
# A cut this near to an end of the recording is ignored.
NEAR_END_MS = 1_000
SHORTEST_MS = 1_000


@transaction.atomic
def ask_for_lesson(
    *,
    session_id: int,
    by: User,
    title: str,
    course: CoursePage,
    start_ms: int = 0,
    end_ms: int | None = None,
    has_chat: bool = False,
) -> RecordedLesson:
    """Request a draft lesson of a class, or of its part between two positions in the recording.

    The draft exists at once where that part was cut before. Raises `NothingRecorded`, `InvalidCut`,
    `courses.errors.CourseNotYours`.
    """
    session = locked_session(session_id)
    if session.state != LiveState.ENDED:
        raise NothingRecorded
    if course not in courses_for(session, by):
        raise CourseNotYours
    whole = whole_recording(session)
    if is_recorded(session):
        listing = broadcast_of(session)
        length = timeline_of(parts_of_recording(listing)).length
        start_ms = 0 if start_ms < NEAR_END_MS else start_ms
        end_ms = None if end_ms is None or end_ms > length - NEAR_END_MS else end_ms
        cut = timeline_of(parts_of_recording(listing, start=start_ms, end=end_ms))
        if (end_ms is not None and end_ms <= start_ms) or cut.length < SHORTEST_MS:
            raise InvalidCut
    elif whole is None or whole.video is None or start_ms or end_ms is not None:
        # The broadcast has been deleted; only the video of the whole class may be left.
        raise NothingRecorded
    recording = record_part(session=session, start_ms=start_ms, end_ms=end_ms)
    lesson = RecordedLesson.objects.create(
        recording=recording,
        title=" ".join(title.split())[:LESSON_TITLE_CHARACTERS],
        course=course,
        has_chat=has_chat,
        made_by=by,
    )
    log(
        session,
        "live.recording.lesson",
        user=by,
        data={"lesson": lesson.pk, "start": start_ms, "end": end_ms},
    )
    if recording.state == JobState.DONE and recording.video:
        draft_lessons_of(recording)
        lesson.refresh_from_db()
    return lesson
