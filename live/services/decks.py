"""Uploads of slides: an upload is stored, a worker renders its pages, the upload is deleted."""

import datetime as dt
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Center, User
from jobs.enums import JobState
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import finish, refuse
from jobs.services.working import work_on
from live.enums import DeckRefusal, LiveState
from live.errors import RoomEnded, SlidesRefused, SlidesTooLarge, TooManySlides
from live.models import Slide, SlideDeck
from live.services.events import locked_session
from live.slides import PDF, PICTURES, Kind, Page, Unreadable, draw_pages, kind_of
from live.slides.folders import incoming_folder, slides_folder
from live.slides.sniff import HEAD_BYTES
from media_pipeline.services.names import last_name
from media_pipeline.services.sandbox import Killed, SandboxFailed
from media_pipeline.services.storage_quota import guard_storage

MEGABYTE = 1_000_000
UPLOAD_BYTES = 30 * MEGABYTE
PAGES_AT_ONCE = 120
DECKS_OF_A_CLASS = 12
# How long the upload of a failed deck is kept for another try.
UPLOAD_KEPT = dt.timedelta(days=7)


@transaction.atomic
def upload_slides(*, session_id: int, files: Sequence[File], by: User) -> SlideDeck:
    """Store one PDF, or pictures in order, and queue the rendering of their pages.

    Raises `SlidesRefused` and its subclasses, `RoomEnded`, `media_pipeline.errors.QuotaReached`, `DiskFull`.
    """
    kinds = _kinds_of(files)
    size = sum(file.size or 0 for file in files)
    if size > UPLOAD_BYTES:
        raise SlidesTooLarge(limit=UPLOAD_BYTES // MEGABYTE)
    session = locked_session(session_id)
    if session.state == LiveState.ENDED:
        raise RoomEnded
    if (
        len(files) > PAGES_AT_ONCE
        or session.decks.exclude(state__in=(JobState.REFUSED, JobState.FAILED)).count() >= DECKS_OF_A_CLASS
    ):
        raise TooManySlides(limit=PAGES_AT_ONCE, decks=DECKS_OF_A_CLASS)
    center = Center.objects.select_for_update(no_key=True).get(pk=session.class_session.cohort.center_id)
    guard_storage(center=center, size=size)
    deck = SlideDeck(
        session=session,
        title=shown_title(files[0].name or ""),
        sources=[kind.value for kind in kinds],
        source_bytes=size,
        uploaded_by=by,
    )
    _keep(files, _source_paths(deck))
    deck.save()
    log(session, "live.slides.upload", user=by, data={"deck": deck.pk, "title": deck.title})
    dispatch_jobs(SlideDeck, [deck.pk])
    return deck


def _kinds_of(files: Sequence[File]) -> list[Kind]:
    kinds = []
    for file in files:
        file.seek(0)
        kind = kind_of(file.read(HEAD_BYTES))
        file.seek(0)
        if kind is None:
            raise SlidesRefused
        kinds.append(kind)
    if kinds == [PDF] or (kinds and PICTURES.issuperset(kinds)):
        return kinds
    raise SlidesRefused


def shown_title(name: str) -> str:
    """A file's name as a title: without folders, extension, control characters and direction overrides. Never a path."""
    return re.sub(r"[\s_]+", " ", Path(last_name(name)).stem).strip()[:120] or "-"


def _source_paths(deck: SlideDeck) -> list[Path]:
    folder = incoming_folder(deck.public_id)
    return [folder / f"{number}.{Kind(ending)}" for number, ending in enumerate(deck.sources, 1)]


def _keep(files: Sequence[File], paths: Sequence[Path]) -> None:
    paths[0].parent.mkdir(parents=True)
    for file, path in zip(files, paths, strict=True):
        with path.open("xb") as target:
            for chunk in file.chunks():
                target.write(chunk)
            target.flush()
            # The upload is on disk before it is acknowledged.
            os.fsync(target.fileno())


def render_deck(*, deck_id: int) -> None:
    """Render the pages of a queued deck. Idempotent, also when run concurrently."""
    expected = (SandboxFailed, Killed, OSError)
    work_on(SlideDeck, deck_id, _draw, related=("session__class_session",), expected=expected)


def _draw(deck: SlideDeck) -> None:
    folder = slides_folder(deck.session.class_session.public_id) / f"work-{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    try:
        pages = draw_pages(_source_paths(deck), folder=folder, most_pages=PAGES_AT_ONCE)
        _finish(deck, pages, folder)
    except Unreadable as unreadable:
        _refuse(deck, DeckRefusal(unreadable.reason))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@transaction.atomic
def _finish(deck: SlideDeck, pages: Sequence[Page], folder: Path) -> None:
    """Move the pictures to the served folder, under names that cannot be guessed, and create the slides."""
    finish(deck)
    served = folder.parent
    slides = []
    for number, page in enumerate(pages, 1):
        names = []
        for name in (page.small, page.large):
            width_and_ending = name.split("-", 1)[1]
            names.append(f"{secrets.token_hex(16)}-{width_and_ending}")
            (folder / name).rename(served / names[-1])
        slides.append(
            Slide(
                deck=deck,
                number=number,
                small=names[0],
                large=names[1],
                small_bytes=page.small_bytes,
                large_bytes=page.large_bytes,
                width=page.width,
                height=page.height,
                text=clean_description(page.text),
            )
        )
    Slide.objects.bulk_create(slides)
    _delete_upload(deck)


@transaction.atomic
def _refuse(deck: SlideDeck, reason: DeckRefusal) -> None:
    refuse(deck, refusal=reason)
    _delete_upload(deck)


def _delete_upload(deck: SlideDeck) -> None:
    transaction.on_commit(lambda: shutil.rmtree(incoming_folder(deck.public_id), ignore_errors=True))


def clean_description(text: str) -> str:
    """The text of a slide without control characters and direction overrides; line breaks are kept."""
    kept = (
        letter
        for letter in text
        if letter == "\n"
        or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Cn"}
        or letter in "\u200c\u200d\u200e\u200f"
    )
    return "".join(kept).strip()


def purge_uploads() -> None:
    """Delete the uploads of decks that failed `UPLOAD_KEPT` ago."""
    failed = SlideDeck.objects.filter(state=JobState.FAILED, finished_at__lt=timezone.now() - UPLOAD_KEPT)
    for public_id in failed.values_list("public_id", flat=True):
        shutil.rmtree(incoming_folder(public_id), ignore_errors=True)
