"""The live classes of the evening cohort: one that was held, with all that a class leaves behind, and one within the hour."""

import datetime as dt
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses.enums import SessionKind
from courses.models import ClassSession, Cohort, CoursePage, Enrollment, LessonPage
from courses.services.reviews import submit_for_review
from jobs.enums import JobState
from live.broadcast.timeline import Span, Timeline
from live.enums import PlaybackState, QuestionState
from live.models import LiveSession, PresenceMinute, Recording, SlideDeck
from live.queries.replay import shown_during_recording
from live.services.board import write_notes
from live.services.chat import send_message
from live.services.decks import render_deck, upload_slides
from live.services.drawing import draw_stroke
from live.services.hands import call_hand, lower_hand, raise_hand
from live.services.lessons import ask_for_lesson
from live.services.lobby import note_entry
from live.services.polls import PollDraft, ask_poll, close_poll, prepare_poll
from live.services.presence_checks import switch_checks
from live.services.questions import ask_question, resolve_question
from live.services.scheduling import schedule_live_session
from live.services.sessions import end_room, open_room
from live.services.stage import show_slide
from live.services.votes import cast_vote
from lms.demo.clock import at, moment
from lms.demo.people import DemoPeople
from lms.demo.slides import Slide, slides_pdf
from media_pipeline.models import Video

AN_HOUR = dt.timedelta(hours=1)
# A class begins on a quarter of an hour, with time enough to find its page.
QUARTER = 15 * 60
AT_LEAST = dt.timedelta(minutes=20)

HELD = "لقاء مباشر: قراءة لوحة التوزيع"
HELD_DAY, HELD_HOUR = -7, 19
BOARD_SLIDES = (
    Slide("مكونات لوحة التوزيع", ("قاطع رئيسي", "قاطع تسرب أرضي 30 مللي أمبير", "قاطع لكل دائرة")),
    Slide("أي قاطع لأي دائرة؟", ("10 أمبير للإنارة", "16 أمبير للمقابس", "32 أمبير للسخان والتكييف")),
    Slide("قبل الفتح", ("افصل القاطع الرئيسي", "علّق لافتة ممنوع التشغيل", "اختبر ثم المس")),
)
NEXT = "لقاء مباشر: أسئلة قبل الاختبار"
NEXT_SLIDES = (
    Slide(
        "ما الذي يسأل عنه الاختبار؟", ("السلامة قبل العمل", "ألوان الأسلاك ومقاطعها", "قراءة لوحة التوزيع")
    ),
    Slide("كيف تجيب؟", ("اقرأ السؤال كله", "قد يصح أكثر من اختيار", "راجع قبل التسليم")),
)
NOTES = "ملخص اللقاء:\n- القاطع الرئيسي أولا، ثم قاطع التسرب.\n- 16 أمبير للمقابس بسلك 2.5 مم².\n- للمراجعة قبل الورشة: درس ألوان الأسلاك."
POLL = PollDraft("أي قاطع تختار لدائرة المقابس؟", ("10 أمبير", "16 أمبير", "32 أمبير"))
READY_POLL = PollDraft("هل أنت مستعد للاختبار؟", ("نعم", "أحتاج إلى مراجعة"), is_anonymous=True)


def build_classes(cast: DemoPeople, cohort: Cohort, videos: Mapping[str, Video]) -> None:
    """Hold the past class once, and plan the next one where none is to come or on the air."""
    if not ClassSession.objects.filter(cohort=cohort, title=HELD).exists():
        _hold(cast, cohort, videos.get("camera"))
    coming = cohort.sessions.filter(kind=SessionKind.LIVE, ends_at__gt=timezone.now())
    if not coming.exists():
        _plan(cast, cohort)


@transaction.atomic
def _plan(cast: DemoPeople, cohort: Cohort) -> None:
    now = timezone.now()
    begins = dt.datetime.fromtimestamp(-(-(now + AT_LEAST).timestamp() // QUARTER) * QUARTER, tz=dt.UTC)
    with at(now - 20 * AN_HOUR):
        session = _schedule(cast, cohort, NEXT, begins)
        _deck(session, NEXT_SLIDES, "مراجعة قبل الاختبار", by=cast.instructor)
        prepare_poll(session_id=session.pk, by=cast.instructor, draft=READY_POLL)


def _schedule(cast: DemoPeople, cohort: Cohort, title: str, begins: dt.datetime) -> LiveSession:
    return schedule_live_session(
        cohort=cohort,
        title=title,
        starts_at=begins,
        ends_at=begins + AN_HOUR,
        by=cast.manager,
        instructor=cast.instructor,
    )


def _deck(session: LiveSession, slides: tuple[Slide, ...], title: str, *, by: User) -> SlideDeck:
    file = SimpleUploadedFile(f"{title}.pdf", slides_pdf(slides, title=title))
    deck = upload_slides(session_id=session.pk, files=[file], by=by)
    render_deck(deck_id=deck.pk)
    deck.refresh_from_db()
    return deck


@transaction.atomic
def _hold(cast: DemoPeople, cohort: Cohort, film: Video | None) -> None:
    """An hour with slides, a drawing, messages, hands, a question, a poll, notes; those with a login stayed to the end."""
    begins, teacher = moment(HELD_DAY, HELD_HOUR), cast.instructor
    seated = Enrollment.objects.filter(cohort=cohort).select_related("person").order_by("pk")
    people = [user for row in seated if (user := cast.login_of(row.person))]
    first, second, *_others = people
    with at(begins - 48 * AN_HOUR):
        session = _schedule(cast, cohort, HELD, begins)
        switch_checks(session_id=session.pk, is_on=False, by=teacher)
        deck = _deck(session, BOARD_SLIDES, "قراءة لوحة التوزيع", by=teacher)
    room = _PastClass(session, begins)
    with room.minute(0):
        open_room(session_id=session.pk, by=teacher)
        for user in people:
            note_entry(session_id=session.pk, user=user)
    with room.minute(1):
        room.post_message(first, "مساء الخير يا باشمهندس، الصوت واضح")
        show_slide(session_id=session.pk, by=teacher, deck=deck.public_id, page=1)
    with room.minute(5):
        slide = show_slide(session_id=session.pk, by=teacher, deck=deck.public_id, page=2)
        # A ring around the second line.
        ring = [620, 420, 700, 380, 860, 380, 940, 430, 860, 480, 700, 480, 620, 420]
        draw_stroke(session_id=session.pk, by=teacher, shown=slide.seq, points=ring, ink=1)
    with room.minute(14):
        hand = raise_hand(session_id=session.pk, by=second)
        call_hand(session_id=session.pk, by=teacher, seq=hand.seq)
        room.post_message(second, "لماذا لا نضع 32 أمبير للمقابس؟")
        room.post_message(teacher, "لأن سلك 2.5 مم² يسخن قبل أن يفصل القاطع.")
        lower_hand(session_id=session.pk, by=teacher, seq=hand.seq)
    with room.minute(25):
        asked = ask_question(session_id=session.pk, by=first, text="هل يأتي رسم اللوحة في الاختبار؟")
    with room.minute(30):
        resolve_question(session_id=session.pk, by=teacher, seq=asked.seq, state=QuestionState.ANSWERED)
    with room.minute(40):
        poll = ask_poll(session_id=session.pk, by=teacher, draft=POLL).payload["poll"]
        for place, user in enumerate(people):
            chosen = 0 if place == 2 else 1
            cast_vote(session_id=session.pk, by=user, poll_id=poll, options=[chosen], client_id=uuid.uuid4())
    with room.minute(43):
        close_poll(session_id=session.pk, by=teacher, poll_id=poll)
    with room.minute(52):
        show_slide(session_id=session.pk, by=teacher, deck=deck.public_id, page=3)
        write_notes(session_id=session.pk, by=teacher, text=NOTES, revision=0)
    room.write_heartbeats(people)
    with room.minute(60):
        end_room(session_id=session.pk, by=teacher)
    if film:
        with room.minute(75):
            _record(session, begins, film, by=teacher)


class _PastClass:
    """A class that was held, by the minutes since its beginning."""

    def __init__(self, session: LiveSession, begins: dt.datetime) -> None:
        self.session = session
        self.begins = begins

    def minute(self, number: int) -> AbstractContextManager[None]:
        return at(self.begins + dt.timedelta(minutes=number))

    def post_message(self, user: User, text: str) -> None:
        send_message(session_id=self.session.pk, by=user, text=text, client_id=uuid.uuid4())

    def write_heartbeats(self, people: list[User]) -> None:
        """Every heartbeat of the hour: written, because no demo can wait for them."""
        letter = PlaybackState.LOW.letter
        PresenceMinute.objects.bulk_create(
            PresenceMinute(
                session=self.session,
                person_id=user.person_id,
                device=f"demo-{user.pk}",
                minute=minute,
                beats=0b1111,
                states=letter * 4,
                last_at=self.begins + dt.timedelta(minutes=minute, seconds=50),
            )
            for user in people
            if user.person_id is not None
            for minute in range(60)
        )


def _record(session: LiveSession, begins: dt.datetime, film: Video, *, by: User) -> None:
    """The recording, for which a video of the lessons is used. Its lesson waits for review."""
    seconds = film.published.seconds if film.published else 20
    since = int((begins + dt.timedelta(minutes=4, seconds=56)).timestamp() * 1000)
    line = Timeline((Span(since, int(seconds * 1000)),))
    Recording.objects.create(
        session=session,
        state=JobState.DONE,
        finished_at=timezone.now(),
        video=film,
        spans=line.as_json(),
        shown=shown_during_recording(session.pk, line),
    )
    # Read again, with the roles that were given since.
    author = User.objects.get(pk=by.pk)
    course = CoursePage.objects.child_of(session.class_session.cohort.program).earliest("path")
    lesson = ask_for_lesson(session_id=session.pk, by=author, title=HELD, course=course)
    draft = LessonPage.objects.get(translation_key=lesson.unit_key)
    submit_for_review(page_id=draft.pk, by=author)
