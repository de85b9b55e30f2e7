"""Keeps what questions show and play, so that it stays as it was asked."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from wagtail.documents import get_document_model

from assessment.blocks.medium import PICTURE, RECORDING
from assessment.blocks.unread import Unread
from assessment.models import QuestionRecording
from assessment.recent import Recent
from assessment.services.pictures import keep_pictures
from media_pipeline.models import Video

# Of which a process remembers that they are kept.
MOST_KEPT = 5000
_kept: Recent[int, str] = Recent(MOST_KEPT)


class Kept(NamedTuple):
    """What contents say of pictures, by the keys of their documents, and of recordings, by the keys of their videos."""

    pictures: Mapping[int, Mapping[str, Any]]
    recordings: Mapping[int, Mapping[str, Any]]


def keep_media(documents: Iterable[Any], recordings: Iterable[Any]) -> Kept:
    """What was chosen for questions, rows or keys of them (`Unread`). One query for documents by their keys; a picture or a recording that
    this process did not meet before costs one or two more.
    """
    chosen = list(documents)
    unread = {one.pk for one in chosen if isinstance(one, Unread)}
    found = get_document_model().objects.filter(pk__in=unread) if unread else ()
    read = [one for one in chosen if not isinstance(one, Unread)]
    return Kept(keep_pictures([*read, *found]), keep_recordings({one.pk for one in recordings}))


def keep_recordings(videos: Collection[int]) -> dict[int, dict[str, Any]]:
    """What contents say of the recordings, by the keys of their videos. From now on none of them can be deleted."""
    known = _kept.among(videos)
    if missing := set(videos) - known.keys():
        sources = dict(Video.objects.filter(pk__in=missing).values_list("pk", "sha256"))
        rows = QuestionRecording.objects.filter(video__in=sources)
        kept = set(rows.values_list("video", flat=True))
        _kept.keep({key: sources[key] for key in kept})
        if new := sources.keys() - kept:
            QuestionRecording.objects.bulk_create(
                [QuestionRecording(video_id=key) for key in sorted(new)], ignore_conflicts=True
            )
        known |= sources
    return {key: {"video": key, "sha256": sha256} for key, sha256 in known.items()}


def with_media(content: Mapping[str, Any], kept: Kept, *, keeps_document: bool = False) -> dict[str, Any]:
    """The content of a question with what is kept in place of what was chosen.

    What is there no more is left out. With `keeps_document` it says the documents, too, by which the form of the bank opens it again.
    """
    found = dict(content)
    if isinstance(found.get("picture"), int):
        picture = _picture(found["picture"], kept, keeps_document=keeps_document)
        found |= {"picture": picture, "ratio": f"{picture['height']}/{picture['width']}"}
    match found.pop("medium", None):
        case {"kind": "picture", "document": document, "alt": alt} if document in kept.pictures:
            picture = _picture(document, kept, keeps_document=keeps_document)
            found["medium"] = {"kind": PICTURE, **picture, "alt": alt}
        case {"kind": "recording", "video": video} if video in kept.recordings:
            found["medium"] = {"kind": RECORDING, **kept.recordings[video]}
    return found


def _picture(document: int, kept: Kept, *, keeps_document: bool) -> dict[str, Any]:
    return {**kept.pictures[document], **({"document": document} if keeps_document else {})}
