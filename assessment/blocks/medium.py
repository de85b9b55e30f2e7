"""What a question shows or plays besides its words: a picture, a sound or a video. Every kind has the same block."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.widgets import AdminDocumentChooser

from accounts.errors import DomainError
from assessment.blocks.compared import PartsBlock
from assessment.blocks.unread import ReadsLater
from assessment.pictures import small_picture
from media_pipeline.blocks import VideoChooserBlock

# Kinds of media, as contents name them.
PICTURE: Final = "picture"
RECORDING: Final = "recording"


class QuestionPictureChooser(AdminDocumentChooser):
    """Chooses a picture that is kept as a document: pictures of the library have public addresses."""

    icon = "image"
    choose_one_text = _("Choose a picture")
    choose_another_text = _("Choose another picture")
    link_to_chosen_text = _("Edit this picture")
    chooser_modal_url_name = "question_picture_chooser:choose"


class PictureChooserBlock(ReadsLater, DocumentChooserBlock):
    @cached_property
    def widget(self) -> QuestionPictureChooser:
        return QuestionPictureChooser()


class RecordingChooserBlock(ReadsLater, VideoChooserBlock):
    pass


class MediumBlock(PartsBlock):
    by_language = ("alt",)

    picture = PictureChooserBlock(
        label=_("Picture"),
        required=False,
        help_text=_(
            "A JPEG, PNG or WebP file, uploaded here and not to the library of pictures, whose pictures have public addresses. It is made "
            "small enough for a slow line."
        ),
    )
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=300,
        required=False,
        help_text=_("For those who cannot see it. Neither this nor the picture may give the answer away."),
    )
    recording = RecordingChooserBlock(
        label=_("Sound or video"),
        required=False,
        help_text=_(
            "One of the videos of your center, or a sound recording that was uploaded there. Nothing of it is fetched before it is played. "
            "It cannot be deleted once a question asks it."
        ),
    )

    class Meta:
        icon = "media"
        label = _("Picture, sound or video")
        collapsed = True

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        picture, recording = cleaned["picture"], cleaned["recording"]
        if picture and recording:
            raise _refused("recording", _("A question has a picture, or a sound or video: take one away."))
        if recording and recording.published_id is None:
            raise _refused(
                "recording", _("This is still being prepared. Choose it once its page says that it is ready.")
            )
        if picture and not cleaned["alt"].strip():
            raise _refused("alt", _("Say what the picture shows, for those who cannot see it."))
        if picture:
            try:
                with picture.file.open() as file:
                    small_picture(file)
            except (DomainError, OSError) as error:
                raise _refused("picture", str(error)) from error
        return cleaned


def _refused(field: str, sentence: Any) -> blocks.StructBlockValidationError:
    return blocks.StructBlockValidationError(block_errors={field: ValidationError(sentence)})


def medium_shape(value: Any) -> tuple[int | None, int | None]:
    """What has to be the same in all languages: the keys of the picture and of the recording. None: a question without either."""
    picture, recording = (value["picture"], value["recording"]) if value else (None, None)
    return picture and picture.pk, recording and recording.pk


def written_medium(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the content says of a medium, from its values by language: by the keys of what was chosen.

    What is kept takes the place of the keys (`assessment.services.media`).
    """
    first = next(iter(values.values()))
    picture, recording = medium_shape(first)
    if picture:
        alt = {language: value["alt"] for language, value in values.items() if value["alt"]}
        return {"kind": PICTURE, "document": picture, "alt": alt}
    return {"kind": RECORDING, "video": recording} if recording else None
