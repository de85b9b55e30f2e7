"""Uploads of slides: what is accepted, what is refused, the result, and who sees it."""

import datetime as dt
import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from jobs.enums import JobState
from live.errors import RoomEnded, SlidesRefused, SlidesTooLarge, TooManySlides
from live.models import Slide, SlideDeck
from live.queries.admission import Reader
from live.queries.stage import slides_base
from live.services import decks as deck_services
from live.services.decks import purge_uploads, render_deck, upload_slides
from live.services.sessions import end_room
from live.slides.folders import incoming_folder, slides_folder
from media_pipeline.errors import QuotaReached
from media_pipeline.services.revocations import revoke_playback, sync_revocations, viewer_of
from tests.factories.jobs import put
from tests.live.stage.decks import pdf, picture, ready_deck

pytestmark = pytest.mark.django_db

A_SENTENCE = "Switch off the breaker first."


def upload(session, by, *files) -> SlideDeck:
    return upload_slides(session_id=session.pk, files=files, by=by)


def rendered(session, by, *files) -> SlideDeck:
    deck = upload(session, by, *files)
    render_deck(deck_id=deck.pk)
    deck.refresh_from_db()
    return deck


def width_of(path) -> int:
    with Image.open(path) as picture:
        return picture.width


def test_every_page_of_a_pdf_becomes_two_small_pictures_and_its_text(
    session, instructor, django_capture_on_commit_callbacks
):
    deck = upload(session, instructor, pdf(A_SENTENCE, "Then test."))
    with django_capture_on_commit_callbacks(execute=True):
        render_deck(deck_id=deck.pk)
    deck.refresh_from_db()

    folder = slides_folder(session.class_session.public_id)
    first, second = deck.slides.all()
    assert (deck.state, deck.title, first.text, second.text) == (
        "done",
        "lesson 1",
        A_SENTENCE,
        "Then test.",
    )
    assert (width_of(folder / first.small), width_of(folder / first.large)) == (480, 1280)
    assert (folder / first.small).stat().st_size == first.small_bytes < 12_000
    # The upload is gone, and nothing but pictures is where pictures are served from.
    assert not incoming_folder(deck.public_id).exists()
    assert {path.name for path in folder.iterdir()} >= {first.small, first.large, second.small, second.large}
    assert all(path.is_file() for path in folder.iterdir())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_pictures_become_slides_in_their_order(session, instructor, form):
    deck = rendered(session, instructor, picture(form), picture(form, (300, 400)))

    large, small = deck.slides.all()
    assert (large.width, large.height) == (1280, 720)
    # Never enlarged.
    assert (small.width, small.height) == (300, 400)


def test_a_very_long_page_is_made_to_fit(session, instructor):
    deck = rendered(session, instructor, pdf("Tall", size=(100, 3000)))

    slide = deck.slides.get()
    assert slide.height <= 2560


@pytest.mark.parametrize(
    "files",
    [
        [],
        [SimpleUploadedFile("slides.pdf", b"<html><script>alert(1)</script></html>")],
        [SimpleUploadedFile("empty.pdf", b"")],
        [SimpleUploadedFile("film.png", b"\x00\x00\x00\x18ftypmp42")],
        [SimpleUploadedFile("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")],
    ],
    ids=["nothing", "html", "empty", "film", "svg"],
)
def test_what_is_neither_a_pdf_nor_a_picture_is_refused_whatever_its_name(session, instructor, files):
    with pytest.raises(SlidesRefused):
        upload(session, instructor, *files)

    assert not SlideDeck.objects.exists()


def test_a_pdf_among_pictures_or_two_pdfs_are_refused(session, instructor):
    for files in ([pdf("a"), picture()], [pdf("a"), pdf("b")]):
        with pytest.raises(SlidesRefused):
            upload(session, instructor, *files)


def test_uploads_have_limits(session, instructor, monkeypatch):
    monkeypatch.setattr(deck_services, "UPLOAD_BYTES", 100)
    with pytest.raises(SlidesTooLarge):
        upload(session, instructor, pdf("a"))
    monkeypatch.undo()
    monkeypatch.setattr(deck_services, "DECKS_OF_A_CLASS", 1)
    upload(session, instructor, picture())
    with pytest.raises(TooManySlides):
        upload(session, instructor, picture())


def test_the_share_of_the_center_and_the_end_of_the_class_are_respected(session, instructor, settings):
    settings.MEDIA_QUOTA_GB = 0
    with pytest.raises(QuotaReached):
        upload(session, instructor, picture())
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    with pytest.raises(RoomEnded):
        upload(session, instructor, picture())


def bomb() -> SimpleUploadedFile:
    """A PNG of a few bytes whose header gives 30000 pixels of width and height."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return SimpleUploadedFile("bomb.png", b"\x89PNG\r\n\x1a\n" + body)


def half_a_picture() -> SimpleUploadedFile:
    whole = picture("JPEG").read()
    return SimpleUploadedFile("half.jpg", whole[: len(whole) // 3])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: SimpleUploadedFile("torn.pdf", b"%PDF-1.7\n" + bytes(500)), "broken"),
        (lambda: pdf("secret", password="open-sesame"), "locked"),
        (bomb, "pixels"),
        (half_a_picture, "broken"),
        (lambda: pdf(*"abcd"), "pages"),
    ],
    ids=["torn", "locked", "bomb", "half", "pages"],
)
def test_a_file_that_cannot_be_drawn_is_refused_with_a_reason(session, instructor, make, reason, monkeypatch):
    monkeypatch.setattr(deck_services, "PAGES_AT_ONCE", 3)

    deck = rendered(session, instructor, make())

    assert (deck.state, deck.refusal) == (JobState.REFUSED, reason)
    assert not Slide.objects.exists()


def test_a_deck_is_drawn_once_however_often_it_is_asked_for(session, instructor):
    deck = ready_deck(session, instructor)
    names = list(deck.slides.values_list("small", flat=True))

    render_deck(deck_id=deck.pk)

    assert list(deck.slides.values_list("small", flat=True)) == names


def test_a_deck_that_failed_says_so_and_keeps_its_upload_for_a_week(session, instructor):
    deck = upload(session, instructor, picture())
    put(SlideDeck.objects, JobState.FAILED)
    purge_uploads()
    kept = incoming_folder(deck.public_id).exists()
    SlideDeck.objects.update(finished_at=timezone.now() - dt.timedelta(days=8))
    purge_uploads()

    listed = client_of(instructor).get(address(session)).json()["decks"][0]
    assert (kept, incoming_folder(deck.public_id).exists()) == (True, False)
    assert listed["state"] == "refused"
    assert listed["why"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\slides\\الدرس_الأول.pdf", "الدرس الأول"),
        ("cod\u202egnp.pdf", "codgnp"),
        ("\u202e\u0000", "-"),
    ],
)
def test_the_name_of_a_file_becomes_a_plain_title(name, title):
    assert deck_services.shown_title(name) == title


# --- Pages ---------------------------------------------------------------------------------------------------------


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(session) -> str:
    with translation.override("ar"):
        return reverse("live:slides", args=[session.class_session.public_id])


def test_an_instructor_uploads_in_the_room_and_sees_the_result(session, instructor):
    client = client_of(instructor)

    answer = client.post(address(session), {"files": [pdf(A_SENTENCE)]})
    render_deck(deck_id=SlideDeck.objects.get().pk)
    listed = client.get(address(session)).json()

    assert answer.json()["decks"][0]["state"] == "waiting"
    assert listed["decks"][0]["slides"][0]["text"] == A_SENTENCE


def test_a_refused_upload_says_why_in_the_readers_language(session, instructor):
    answer = client_of(instructor).post(address(session), {"files": [SimpleUploadedFile("a.txt", b"hello")]})

    assert (answer.status_code, answer.json()["code"]) == (422, "slides_refused")
    assert "PDF" in answer.json()["message"]
    assert "اختر" in answer.json()["message"]


def test_trainees_neither_upload_nor_list_slides(session, trainee):
    client = client_of(trainee)

    assert client.get(address(session)).status_code == 404
    assert client.post(address(session), {"files": [picture()]}).status_code == 404


def test_a_picture_is_served_by_a_signed_address_only(session, trainee, instructor):
    slide = ready_deck(session, instructor).slides.first()
    base = slides_base(Reader(session, trainee, "trainee"))
    other = base.rsplit("/", 1)[0] + "/" + "0" * 32

    found = Client().get(f"{base}/{slide.small}")

    assert found.headers["Content-Type"] in {"image/webp", "image/png"}
    assert "immutable" in found.headers["Cache-Control"]
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert width_of(io.BytesIO(found.content)) == 480
    assert Client().get(f"{base}/{'0' * 32}-480.webp").status_code == 404
    assert Client().get(f"{other}/{slide.small}").status_code == 404
    assert (
        Client().get(f"/media/s/99999999999-{'0' * 16}/{'x' * 22}/{'0' * 32}/{slide.small}").status_code
        == 404
    )


def test_an_address_ends_with_its_time_and_with_the_right_to_be_there(
    session, trainee, instructor, monkeypatch
):
    slide = ready_deck(session, instructor).slides.first()
    base = slides_base(Reader(session, trainee, "trainee"))
    with monkeypatch.context() as later:
        later.setattr("live.views.decks.time.time", lambda: timezone.now().timestamp() + 9 * 3600)
        late = Client().get(f"{base}/{slide.small}")
    revoke_playback(viewer=viewer_of(trainee))
    sync_revocations()

    assert late.status_code == 410
    assert Client().get(f"{base}/{slide.small}").status_code == 410
