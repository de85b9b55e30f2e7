"""Staff write, publish and restore captions of their own centers, with and without JavaScript."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Center
from media_pipeline.enums import CaptionKind, CaptionLanguage, VideoState
from media_pipeline.models import CaptionTrack
from media_pipeline.services.captions import publish_captions
from tests.factories.media_pipeline import WORDS, VideoFactory, caption_track, published_video

SRT = "1\n00:00:01,000 --> 00:00:02,000\nكلمة\n"
FAULTY = "WEBVTT\n\n00:02.000 --> 00:01.000\nعكس\n"


def unpublished(center: Center) -> CaptionTrack:
    """A draft of a video that has no files to publish again."""
    track = caption_track(center)
    track.video.published, track.video.state = None, VideoState.PROCESSING
    track.video.save()
    return track


def typed(track: CaptionTrack, text: str, **more: object) -> dict[str, object]:
    return {"text": text, "edits": track.edits, **more}


@pytest.mark.parametrize(("name", "content"), [("a.vtt", WORDS), ("a.srt", SRT)])
def test_a_file_becomes_a_draft(manager_client: Client, center: Center, name: str, content: str):
    video = VideoFactory(center=center)
    form = {
        "video": video.pk,
        "language": "am",
        "kind": "subtitles",
        "file": SimpleUploadedFile(name, content.encode()),
    }

    answer = manager_client.post(reverse("captions:add"), form)

    track = video.captions.get()
    assert answer.url == reverse("captions:editor", args=[track.pk])
    assert (track.published, track.draft.text[:6], track.language) == (
        None,
        "WEBVTT",
        CaptionLanguage.AMHARIC,
    )


def test_captions_begin_empty_for_the_video_they_were_asked_from(manager_client: Client, center: Center):
    video = VideoFactory(center=center, title="توصيل القاطع")
    address = reverse("captions:add")

    page = manager_client.get(f"{address}?video={video.pk}").content.decode()
    manager_client.post(address, {"video": video.pk, "language": "ar", "kind": "captions"})

    assert "توصيل القاطع" in page
    assert video.captions.get().draft.text == "WEBVTT\n"


def test_a_faulty_file_comes_back_with_its_line(manager_client: Client, center: Center):
    video = VideoFactory(center=center)
    form = {
        "video": video.pk,
        "language": "ar",
        "kind": "captions",
        "file": SimpleUploadedFile("a.vtt", FAULTY.encode()),
    }

    answer = manager_client.post(reverse("captions:add"), form)

    assert "السطر 3" in answer.content.decode()
    assert not video.captions.exists()


def test_captions_of_a_foreign_video_cannot_be_begun(manager_client: Client, other_center: Center):
    video = VideoFactory(center=other_center)

    answer = manager_client.post(
        reverse("captions:add"), {"video": video.pk, "language": "ar", "kind": "captions"}
    )

    assert answer.status_code == 200
    assert not CaptionTrack.objects.exists()


def test_begun_captions_cannot_be_begun_again(manager_client: Client, center: Center):
    track = caption_track(center)

    answer = manager_client.post(
        reverse("captions:add"), {"video": track.video_id, "language": "ar", "kind": "captions"}
    )

    assert "لهذا الفيديو نص مكتوب" in answer.content.decode()


def test_the_words_are_saved_and_published_without_javascript(manager_client: Client, center: Center):
    track = unpublished(center)
    editor = reverse("captions:editor", args=[track.pk])

    manager_client.post(editor, typed(track, WORDS.replace("تأكد", "تحقق")))
    track.refresh_from_db()
    drafted = (track.published, "تحقق" in track.draft.text)
    manager_client.post(editor, typed(track, track.draft.text, publish="1"))

    track.refresh_from_db()
    assert drafted == (None, True)
    assert track.published == track.draft


def test_a_file_replaces_the_draft(manager_client: Client, center: Center):
    track = caption_track(center)
    form = typed(track, "", file=SimpleUploadedFile("a.srt", SRT.encode()))

    manager_client.post(reverse("captions:editor", args=[track.pk]), form)

    track.refresh_from_db()
    assert (track.draft.number, "كلمة" in track.draft.text) == (2, True)


def test_faulty_words_are_saved_but_not_published(manager_client: Client, center: Center):
    track = unpublished(center)
    editor = reverse("captions:editor", args=[track.pk])

    answer = manager_client.post(editor, typed(track, FAULTY, publish="1"))

    track.refresh_from_db()
    page = answer.content.decode()
    assert (track.published, "عكس" in track.draft.text) == (None, True)
    assert "السطر 3" in page
    assert f'name="edits" value="{track.edits}"' in page


def test_the_second_to_save_keeps_the_text_and_sees_the_conflict(manager_client: Client, center: Center):
    track = caption_track(center)
    editor = reverse("captions:editor", args=[track.pk])
    manager_client.post(editor, typed(track, WORDS + "\nNOTE first\n"))

    answer = manager_client.post(editor, typed(track, WORDS + "\nNOTE second\n"))

    track.refresh_from_db()
    assert answer.status_code == 409
    assert "NOTE second" in answer.content.decode()
    assert "NOTE first" in track.draft.text


def autosave(client: Client, track: CaptionTrack, body: object) -> tuple[int, dict]:
    answer = client.post(
        reverse("captions:autosave", args=[track.pk]), json.dumps(body), content_type="application/json"
    )
    return answer.status_code, answer.json()


def test_autosave_returns_the_problems_of_the_text(manager_client: Client, center: Center):
    track = caption_track(center)

    status, said = autosave(manager_client, track, typed(track, FAULTY))

    track.refresh_from_db()
    assert (status, said["edits"]) == (200, track.edits)
    assert [problem["line"] for problem in said["problems"]] == [3]
    assert "عكس" in track.draft.text


def test_autosave_reports_a_conflict(manager_client: Client, center: Center):
    track = caption_track(center)
    autosave(manager_client, track, typed(track, WORDS + "\nNOTE first\n"))

    status, said = autosave(manager_client, track, typed(track, WORDS + "\nNOTE second\n"))

    track.refresh_from_db()
    assert (status, said["edits"]) == (409, track.edits)
    assert "لم يُكتب شيء" in said["message"]
    assert said["code"] == "media_pipeline.captions-changed"


@pytest.mark.parametrize("body", [[], "x", 1, None, {}, {"text": "x"}, {"edits": "x"}])
def test_malformed_autosaves_are_refused(manager_client: Client, center: Center, body: object):
    track = caption_track(center)

    status, _ = autosave(manager_client, track, body)

    assert status == 400


@pytest.mark.parametrize("page", ["editor", "autosave", "restore", "delete"])
def test_foreign_captions_cannot_be_written(manager_client: Client, other_center: Center, page: str):
    track = caption_track(other_center)
    address = reverse(f"captions:{page}", args=[track.pk])

    answer = manager_client.post(address, {**typed(track, "WEBVTT\n"), "number": 1})

    track.refresh_from_db()
    assert (answer.status_code, track.edits) == (404, 1)


def test_a_revision_is_read_and_brought_back(manager_client: Client, center: Center):
    track = caption_track(center)
    manager_client.post(reverse("captions:editor", args=[track.pk]), typed(track, "WEBVTT\n"))

    file = manager_client.get(reverse("captions:download", args=[track.pk]), {"revision": 1})
    manager_client.post(reverse("captions:restore", args=[track.pk]), {"number": 1})

    track.refresh_from_db()
    assert (file.content.decode(), file["Content-Type"]) == (WORDS, "text/vtt; charset=utf-8")
    assert (track.draft.number, track.draft.text) == (3, WORDS)


@pytest.mark.parametrize("number", ["", "9", "x", "-1", "1" * 30])
def test_a_revision_that_never_was_is_missing(manager_client: Client, center: Center, number: str):
    track = caption_track(center)

    answer = manager_client.post(reverse("captions:restore", args=[track.pk]), {"number": number})

    assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_and_the_list_cost_the_same_for_many(
    manager_client: Client, center: Center, rows: int, django_assert_num_queries: DjangoAssertNumQueries
):
    track = caption_track(center)
    for number in range(2, rows + 1):
        track.revisions.create(number=number, text="WEBVTT\n")
        caption_track(center)
    pages = (reverse("captions:revisions", args=[track.pk]), reverse("captions:index"))
    for page in pages:
        manager_client.get(page)

    for page, questions in zip(pages, (HISTORY_QUERIES, INDEX_QUERIES), strict=True):
        with django_assert_num_queries(questions):
            manager_client.get(page)


HISTORY_QUERIES = 13
INDEX_QUERIES = 12


@pytest.mark.parametrize("rows", [1, 3])
def test_videos_without_captions_are_listed_for_their_own_center(
    manager_client: Client,
    center: Center,
    other_center: Center,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    without = {published_video(center=center) for _ in range(rows)}
    drafted = caption_track(center).video
    published_video(center=other_center)
    VideoFactory(center=center)
    captioned = unpublished(center)
    publish_captions(track=captioned, edits=captioned.edits, by=None)
    captioned.video.state, captioned.video.published = VideoState.PUBLISHED, drafted.published
    captioned.video.save()
    address = reverse("captions:missing")
    manager_client.get(address)

    with django_assert_num_queries(MISSING_QUERIES):
        listed = manager_client.get(address)

    assert set(listed.context["object_list"]) == without | {drafted}


MISSING_QUERIES = 11


def test_a_title_in_the_list_of_missing_captions_is_never_a_formula(manager_client: Client, center: Center):
    published_video(center=center, title="=1+1")

    answer = manager_client.get(reverse("captions:missing"), {"export": "csv"})

    _head, line = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert line.startswith(f"'=1+1,{center.name_ar},")


def test_the_page_of_a_video_warns_and_leads_to_captions(manager_client: Client, center: Center):
    video = published_video(center=center)

    page = manager_client.get(reverse("video:inspect", args=[video.pk])).content.decode()

    assert f"{reverse('captions:add')}?video={video.pk}" in page
    assert "يشاهد المتدربون هذا الفيديو بلا نص مكتوب" in page


def test_every_language_names_itself_and_every_kind_is_translated(manager_client: Client, center: Center):
    page = manager_client.get(reverse("captions:add")).content.decode()

    assert all(language.label in page for language in CaptionLanguage)
    assert all(str(kind.label) in page for kind in CaptionKind)
    assert "chapters<" not in page
