"""Videos inside pages."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import ChooserBlock


class VideoChooser(BaseChooser):
    """Chooses a video of the centers whose media the person manages."""

    model = "media_pipeline.Video"
    icon = "media"
    choose_one_text = _("Choose a video")
    choose_another_text = _("Choose another video")
    link_to_chosen_text = _("Edit this video")
    chooser_modal_url_name = "video_chooser:choose"


class VideoChooserBlock(ChooserBlock):
    """A video in a StreamField. The value is a `media_pipeline.models.Video`.

    The page that shows it signs the addresses (`services.sign_playback`) after asking whether the visitor may watch.
    """

    target_model = "media_pipeline.Video"

    class Meta:
        icon = "media"
        label = _("Video")

    @cached_property
    def widget(self) -> VideoChooser:
        return VideoChooser()
