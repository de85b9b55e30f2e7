"""Pictures, sounds and videos of questions: how they are written, who sees them, and that they stay as they were asked."""

import re
from copy import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError

from accounts.enums import RoleName
from accounts.models import User
from assessment.bilingual import BankBlocks, draft_in
from assessment.blocks.medium import MediumBlock
from assessment.models import Attempt, QuestionRecording, QuestionVersion, QuizPage
from assessment.opening import in_the_form
from assessment.pictures import LARGEST
from assessment.queries.media import medium_for_staff
from assessment.queries.questions import stored_questions
from assessment.services.freezing import freeze_questions
from assessment.services.marking_tasks import claim_next
from assessment.services.pictures import keep_pictures
from courses.queries.pinning import files_shown_by
from courses.queries.videos import is_shown_somewhere
from media_pipeline.errors import VideoInUse
from media_pipeline.models import CaptionRevision, CaptionTrack, Rendition, Video
from media_pipeline.services.removing import remove_video
from tests.assessment.test_quiz_page import address, logged_in
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member
from tests.factories.assessment import QuizPageFactory, board, essay, multiple, quizzed_cohort, single
from tests.factories.bank import TYPED, both, typed
from tests.factories.courses import EnrollmentFactory
from tests.factories.marking import essay_cohort, essay_version, marker, quiz_taught, written
from tests.factories.media_pipeline import VideoFactory, published_video

pytestmark = pytest.mark.django_db

ALT = "لوحة بمستطيلين"


def medium(**parts: Any) -> dict[str, Any]:
    return {"picture": None, "alt": "", "recording": None, **parts}


def with_medium(question: tuple[str, dict[str, Any]], **parts: Any) -> tuple[str, dict[str, Any]]:
    kind, value = question
    return kind, {**value, "medium": medium(**parts)}


def sound(*, size: int = 90_000) -> Video:
    """A recording without a picture."""
    video = published_video(seconds=75, sound_bytes=size)
    Rendition.objects.filter(version=video.published, height__gt=0).delete()
    return video


def begun(*questions: Any, **facts: Any) -> tuple[Attempt, Client]:
    quiz = QuizPageFactory(questions=list(questions), **facts)
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    client = logged_in(TraineeFactory(person=enrollment.person))
    client.post(reverse("assessment:start", args=[quiz.translation_key]))
    return Attempt.objects.get(enrollment=enrollment), client


def part(attempt: Attempt, slot: int, name: str) -> str:
    return reverse("assessment:medium", args=[attempt.public_id, slot, name])


def test_a_picture_is_kept_as_it_was_asked_and_shown_without_a_jump():
    attempt, client = begun(with_medium(single(), picture=board(), alt=ALT))

    kept = stored_questions(attempt.versions)[0].content["medium"]
    page = client.get(address("attempt", attempt)).text
    shown = client.get(part(attempt, 0, "picture"))

    assert (kept["kind"], kept["width"], kept["height"], kept["alt"]) == ("picture", 960, 640, {"ar": ALT})
    assert f'src="{part(attempt, 0, "picture")}" width="960" height="640" alt="{ALT}" loading="lazy"' in page
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert len(shown.content) <= LARGEST
    assert "private" in shown["Cache-Control"]
    assert "Content-Disposition" not in shown
    assert "secret" not in page
    assert (
        client.get(part(attempt, 0, "picture"), headers={"if-none-match": shown["ETag"]}).status_code == 304
    )


def test_media_are_for_the_person_of_the_attempt_alone():
    attempt, client = begun(with_medium(single(), picture=board(), alt=ALT), single("ثان"))
    other = logged_in(TraineeFactory())

    assert other.get(part(attempt, 0, "picture")).status_code == 404
    assert Client().get(part(attempt, 0, "picture")).status_code == 302
    for slot, name in ((1, "picture"), (9, "picture"), (0, "240p"), (0, "words")):
        assert client.get(part(attempt, slot, name)).status_code == 404


def test_the_media_of_an_exam_are_shown_as_long_as_its_questions_are():
    attempt, client = begun(
        with_medium(single(), picture=board(), alt=ALT),
        with_medium(multiple(), recording=sound()),
        purpose="exam",
    )

    before = [
        client.get(part(attempt, slot, name)).status_code for slot, name in ((0, "picture"), (1, "audio"))
    ]
    client.post(address("submit", attempt), {"confirmed": "1"})
    after = [
        client.get(part(attempt, slot, name)).status_code for slot, name in ((0, "picture"), (1, "audio"))
    ]

    assert (before, after) == ([200, 302], [404, 404])


def test_the_result_of_practice_shows_them_again():
    attempt, client = begun(
        with_medium(single(), picture=board(), alt=ALT), with_medium(essay(), recording=sound())
    )

    client.post(address("submit", attempt), {"confirmed": "1"})
    page = client.get(address("attempt", attempt)).text

    assert part(attempt, 0, "picture") in page
    assert client.get(part(attempt, 0, "picture")).status_code == 200


def test_a_sound_loads_nothing_before_it_is_played_and_says_what_it_costs():
    attempt, client = begun(with_medium(single(), recording=sound(size=90_000)))

    page = client.get(address("attempt", attempt).replace("/ar/", "/en/")).text
    played = client.get(part(attempt, 0, "audio"))

    assert f'<audio controls preload="none" src="{part(attempt, 0, "audio")}"'.replace("/ar/", "/en/") in page
    assert "Sound of 1:15" in page
    assert "90" in page
    assert "/media/v/" not in page
    assert (played.status_code, played["Cache-Control"]) == (302, "private, no-store")
    assert played["Location"].startswith("/media/v/")
    assert played["Location"].endswith("/audio.mp4")


def test_a_video_offers_its_lightest_picture_first_then_a_sharper_one_and_the_sound():
    attempt, client = begun(with_medium(single(), recording=published_video()))

    page = client.get(address("attempt", attempt).replace("/ar/", "/en/")).text

    places = [page.index(f"/media/0/{name}/") for name in ("144p", "240p", "audio")]
    assert places == sorted(places)
    assert page.count('preload="none"') == 3
    assert 'width="256" height="144"' in page


def test_a_question_shows_a_picture_or_plays_a_recording_and_says_what_the_picture_shows():
    block, document = MediumBlock(), board()
    block.clean(block.to_python(medium(picture=document.pk, alt=ALT)))

    for wrong in (
        {"picture": document.pk},
        {"picture": document.pk, "alt": "  "},
        {"picture": document.pk, "alt": ALT, "recording": published_video().pk},
        {"recording": VideoFactory().pk},
    ):
        with pytest.raises(ValidationError):
            block.clean(block.to_python(medium(**wrong)))


def test_a_file_that_is_no_picture_is_refused_when_it_is_chosen():
    block, document = MediumBlock(), board()
    document.file.save("lies.png", ContentFile(b"GIF89a"))

    with pytest.raises(ValidationError):
        block.clean(block.to_python(medium(picture=document.pk, alt=ALT)))


def test_pages_in_two_languages_describe_one_picture():
    document = board()
    arabic = QuizPageFactory(questions=[with_medium(single(), picture=document, alt=ALT)])
    english = QuizPageFactory(questions=[with_medium(single(), picture=document, alt="A board")])

    [frozen] = freeze_questions({"ar": arabic, "en": english}, language="en")

    kept = QuestionVersion.objects.get(pk=frozen.version).content["medium"]
    assert kept["alt"] == {"ar": ALT, "en": "A board"}


def test_pages_with_different_pictures_are_different_questions():
    arabic = QuizPageFactory(questions=[with_medium(single(), picture=board(), alt=ALT)])
    english = QuizPageFactory(questions=[with_medium(single(), picture=board(), alt="A board")])

    [frozen] = freeze_questions({"ar": arabic, "en": english}, language="en")

    content = QuestionVersion.objects.get(pk=frozen.version).content
    assert (content["medium"]["alt"], list(content["text"])) == ({"en": "A board"}, ["en"])


def test_a_recording_that_was_asked_cannot_be_deleted():
    video = sound()
    begun(with_medium(single(), recording=video))

    with pytest.raises(VideoInUse):
        remove_video(video=video, by=None)

    assert Video.objects.filter(pk=video.pk, published__isnull=False).exists()
    assert is_shown_somewhere(video)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionRecording.objects.all()._raw_delete("default")


def test_a_recording_of_a_draft_of_a_page_is_shown_somewhere():
    video, quiz = sound(), QuizPageFactory()
    assert not is_shown_somewhere(video)

    quiz.questions = [with_medium(single(), recording=video)]
    quiz.save_revision()

    assert is_shown_somewhere(video)


def test_another_source_under_the_same_key_is_not_played_as_what_was_asked():
    video = sound()
    attempt, client = begun(with_medium(single(), recording=video))
    Video.objects.filter(pk=video.pk).update(sha256="f" * 64)

    page = client.get(address("attempt", attempt).replace("/ar/", "/en/")).text

    assert "cannot be played now" in page
    assert client.get(part(attempt, 0, "audio")).status_code == 404


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_every_kind_of_the_bank_has_a_medium_and_opens_again_with_it(kind: str):
    picture = board()
    value = typed(kind, medium=medium(picture=picture.pk, alt=both(ALT, "A board")))

    draft = draft_in(BankBlocks().clean(value))
    kept = {"kind": "picture", "source": "0" * 40, "width": 3, "height": 2}
    stored = {**kept, "document": picture.pk, "alt": draft.content["medium"]["alt"]}
    opened = in_the_form(draft._replace(content={**draft.content, "medium": stored}))

    assert draft.content["medium"] == {"kind": "picture", "document": picture.pk, "alt": both(ALT, "A board")}
    assert draft_in(BankBlocks().clean(BankBlocks().to_python(opened))) == draft


def test_a_picture_of_the_bank_is_described_in_each_language_in_which_the_question_is_whole():
    half = typed("single", medium=medium(picture=board().pk, alt=both(ALT)))

    with pytest.raises(StreamBlockValidationError):
        BankBlocks().clean(half)


@pytest.mark.parametrize("questions", [1, 3])
def test_pages_with_media_ask_few_statements_whatever_their_number(questions: int):
    """The limits of a start and of showing hold with media, too."""
    asked = [with_medium(single(str(place)), picture=board(), alt=ALT) for place in range(questions)]
    asked += [with_medium(single(f"r{place}"), recording=sound()) for place in range(questions)]
    quiz = QuizPageFactory(questions=asked, purpose="exam", limit_minutes=30)
    cohort = quizzed_cohort(quiz)
    for _person in range(3):
        enrollment = EnrollmentFactory(cohort=cohort)
        client = logged_in(TraineeFactory(person=enrollment.person))
        with CaptureQueriesContext(connection) as starting:
            client.post(reverse("assessment:start", args=[quiz.translation_key]))
        attempt = Attempt.objects.get(enrollment=enrollment)
        with CaptureQueriesContext(connection) as showing:
            client.get(address("attempt", attempt))

    counts = [len([one for one in those if "SAVEPOINT" not in one["sql"]]) for those in (starting, showing)]
    assert counts[0] <= 16, [one["sql"][:150] for one in starting]
    assert counts[1] <= 8, [one["sql"][:150] for one in showing]


def test_staff_open_a_medium_from_the_page_that_showed_it_and_no_one_else_does():
    attempt, _client = begun(with_medium(single(), picture=board(), alt=ALT))
    reader: User = staff_member(RoleName.ASSESSOR)
    shown = medium_for_staff(stored_questions(attempt.versions)[0].content, reader)
    colleague = logged_in(staff_member(RoleName.ASSESSOR))

    assert shown is not None
    assert logged_in(reader).get(shown.picture.address).status_code == 200
    assert colleague.get(shown.picture.address).status_code == 404
    assert logged_in(reader).get(shown.picture.address.replace("media/", "media/x")).status_code == 404


def test_who_marks_an_answer_sees_what_its_question_showed():
    center = CenterFactory()
    cohort = essay_cohort(center)
    kept = keep_pictures([picture := board()])[picture.pk]
    shown = {"kind": "picture", **kept, "alt": {"ar": ALT}}
    attempt = written(cohort, essay_version(quiz_taught(cohort), medium=shown))
    client = logged_in(reader := marker(center))
    task = claim_next(version_id=attempt.versions[0], by=reader)

    page = client.get(reverse("marking_answer", args=[task.code])).text

    [source] = re.findall(r'src="([^"]*/questions/media/[^"]+)"', page)
    assert client.get(source)["Content-Type"] == "image/webp"
    assert logged_in(marker(center)).get(source).status_code == 404


def test_the_words_of_a_recording_are_read_on_a_page_of_their_own():
    video = sound()
    track = CaptionTrack.objects.create(video=video, language="ar", kind="captions")
    text = "WEBVTT\n\nNOTE not said\n\n00:00.000 --> 00:01.500\n<b>افصل</b> القاطع &amp; انتظر\n"
    track.published = CaptionRevision.objects.create(track=track, number=1, text=text)
    track.save()
    attempt, client = begun(with_medium(single(), recording=video))

    page = client.get(part(attempt, 0, "words"))

    assert "افصل القاطع &amp; انتظر" in page.text
    assert "not said" not in page.text
    assert video.title not in page.text


def test_no_file_name_and_no_title_of_a_medium_is_told():
    video = sound()
    attempt, client = begun(
        with_medium(single(), picture=board(), alt=ALT), with_medium(multiple(), recording=video)
    )

    page = client.get(address("attempt", attempt)).text

    assert "secret-board" not in page
    assert video.title not in page


def test_what_was_chosen_is_read_when_it_is_looked_at_and_not_before(django_assert_num_queries: Any):
    document = board()
    quiz = QuizPageFactory(questions=[with_medium(single(), picture=document, alt=ALT)])
    stored = QuizPage.objects.get(pk=quiz.pk)

    with django_assert_num_queries(0):
        chosen = stored.questions[0].value["medium"]["picture"]
        assert chosen
        assert (chosen.pk, chosen == copy(chosen)) == (document.pk, True)
    with django_assert_num_queries(1):
        assert (chosen.title, str(chosen)) == (document.title, str(document))
    assert chosen == document
    document.delete()
    assert str(QuizPage.objects.get(pk=quiz.pk).questions[0].value["medium"]["picture"]) == "–"


def test_a_page_knows_the_files_that_its_questions_show():
    document = board()
    quiz = QuizPageFactory(questions=[with_medium(single(), picture=document, alt=ALT)])

    assert list(files_shown_by(QuizPage.objects.get(pk=quiz.pk))) == [(type(document), document.pk)]


def test_a_question_whose_picture_was_deleted_before_the_first_start_is_asked_without_it():
    document = board()
    quiz = QuizPageFactory(questions=[with_medium(single(), picture=document, alt=ALT)])
    document.delete()

    [frozen] = freeze_questions({"ar": QuizPage.objects.get(pk=quiz.pk)}, language="ar")

    assert "medium" not in QuestionVersion.objects.get(pk=frozen.version).content
