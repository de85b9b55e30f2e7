"""The form of lessons."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamValue

from accounts.enums import Act
from accounts.scoping import fenced
from media_pipeline.models import Video


def _videos_in(body: StreamValue | None) -> set[int]:
    return {block.value.pk for block in body or () if block.block_type == "video" and block.value}


class LessonForm(WagtailAdminPageForm):
    """Accepts only videos within the author's reach; one that is already in the lesson may stay.

    The chooser lists no others, but a block knows no user, so a number typed into the request would pass it.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        before = (
            _videos_in(type(self.instance).objects.get(pk=self.instance.pk).body)
            if self.instance.pk
            else set()
        )
        added = _videos_in(cleaned.get("body")) - before
        within_reach = fenced(Video.objects.filter(pk__in=added), user=self.for_user, act=Act.MANAGE_MEDIA)
        if added - set(within_reach.values_list("pk", flat=True)):
            self.add_error("body", _("Choose a video of a center where you work with videos."))
        return cleaned
