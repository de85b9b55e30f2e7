"""The broadcast of a class as its recording, and the lessons made of it."""

from dataclasses import dataclass

from accounts.models import User
from courses.models import CoursePage, LessonPage, ProgramPage
from live.broadcast.playlists import PICTURES, Listing
from live.media_servers import media_backend
from live.models import JointMeeting, LiveSession, RecordedLesson
from live.queries.video import stream_path
from media_pipeline.services.live_streams import live_stream_folders


def keeps_recordings() -> bool:
    """Whether the media backend of this installation records classes."""
    return media_backend().records


def broadcast_of(session: LiveSession) -> Listing:
    """The segments of a class on our disk."""
    return Listing.of(live_stream_folders(stream_path(session))[0])


def is_recorded(session: LiveSession) -> bool:
    """Whether the broadcast is complete and still stored: its playlist has an end."""
    playlist = live_stream_folders(stream_path(session))[0] / f"{PICTURES[0]}.m3u8"
    try:
        return playlist.read_text().endswith("#EXT-X-ENDLIST\n")
    except FileNotFoundError:
        return False


def courses_for(session: LiveSession, user: User) -> list[CoursePage]:
    """The courses of the class's programs, in every language, in which `user` may write lessons."""
    programs = {session.class_session.cohort.program.translation_key}
    joint = JointMeeting.objects.filter(session=session)
    programs |= set(joint.values_list("class_session__cohort__program__translation_key", flat=True))
    found: list[CoursePage] = []
    for program in ProgramPage.objects.filter(translation_key__in=programs).order_by("path"):
        courses = CoursePage.objects.child_of(program).order_by("path")
        found += [course for course in courses if course.permissions_for_user(user).can_add_subpage()]
    return found


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A requested lesson, and its page once it exists."""

    lesson: RecordedLesson
    page: LessonPage | None


def recorded_lessons_of(session: LiveSession) -> list[LessonRow]:
    """The newest first; two queries."""
    lessons = list(RecordedLesson.objects.filter(recording__session=session).select_related("recording"))
    keys = [lesson.unit_key for lesson in lessons if lesson.unit_key]
    pages = {page.translation_key: page for page in LessonPage.objects.filter(translation_key__in=keys)}
    return [LessonRow(lesson, pages.get(lesson.unit_key)) for lesson in lessons]
