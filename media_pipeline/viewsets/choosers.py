"""Choosing a video for a page."""

from wagtail.admin.viewsets.chooser import ChooserViewSet

from accounts.enums import Act
from accounts.scoping.choosers import CenterChooserViewSet
from media_pipeline.blocks import VideoChooser


class VideoChooserViewSet(CenterChooserViewSet):
    """Offers the videos of the centers whose media the person manages."""

    model = "media_pipeline.Video"
    act = Act.MANAGE_MEDIA
    icon = VideoChooser.icon
    base_widget_class = VideoChooser
    choose_one_text = VideoChooser.choose_one_text
    choose_another_text = VideoChooser.choose_another_text
    edit_item_text = VideoChooser.link_to_chosen_text
    per_page = 20


video_chooser: ChooserViewSet = VideoChooserViewSet("video_chooser")
