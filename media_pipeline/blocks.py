"""Videos inside pages."""

import copy
from typing import Any

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

    def bulk_to_python(self, values: list[int | None]) -> list[Any]:
        """The videos with their published versions, which every page that shows one reads."""
        videos = self.model_class.objects.select_related("published").in_bulk([pk for pk in values if pk])
        # Two blocks with the same video hold two instances, as Wagtail's own method gives them.
        return [copy.copy(videos[pk]) if pk in videos else None for pk in values]

    @cached_property
    def widget(self) -> VideoChooser:
        return VideoChooser()
