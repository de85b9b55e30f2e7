"""The forms of pictures and files that authors upload."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from courses.queries.content import is_pinned


class PictureField(WagtailImageField):
    """Checks the header of a picture before it is decoded, and refuses truncated files.

    Wagtail decodes it first, which takes a gigabyte for some kilobytes that say they are 121 megapixels, and lets the
    decoder's own error through.
    """

    def to_python(self, data: Any) -> Any:
        if data and hasattr(data, "seek"):
            require_few_pixels(data)
        try:
            return super().to_python(data)
        except ValidationError:
            raise
        # Decoders fail in ways of their own: OSError, SyntaxError, struct.error, ZeroDivisionError ...
        except Exception as error:
            raise ValidationError(
                _("This picture is damaged or not complete. Save it again and upload that file."),
                code="damaged",
            ) from error


class KeepsPinnedFile:
    """A form that does not replace a file which cohorts see (`courses.queries.content.is_pinned`)."""

    instance: Any
    changed_data: list[str]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]  # type: ignore[attr-defined]
        if "file" in self.changed_data and is_pinned(self.instance):
            raise ValidationError(
                _(
                    "Cohorts learn with this file. Upload the new one as another, and choose it in the lesson."
                ),
                code="pinned",
            )
        return file


class PictureForm(KeepsPinnedFile, BaseImageForm):
    file = PictureField(label=_("Picture"))


class DocumentForm(KeepsPinnedFile, BaseDocumentForm):
    pass


def require_few_pixels(file: Any) -> None:
    """Raise ValidationError where the header announces more pixels than the settings allow. What has no header passes."""
    file.seek(0)
    try:
        with Image.open(file) as picture:
            pixels = picture.width * picture.height
    except Image.DecompressionBombError:
        pixels = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS + 1
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        # No picture, or a drawing of lines: Wagtail says which.
        pixels = 0
    file.seek(0)
    if pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise ValidationError(
            _(
                "This picture has too many pixels: at most %(millions)s million. Make it smaller and upload that file."
            ),
            code="too_many_pixels",
            params={"millions": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000},
        )
