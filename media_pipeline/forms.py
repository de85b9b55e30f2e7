"""What people type about videos."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.models import Video

ACCEPTED = "video/*,audio/*,.mkv,.ts,.flv,.wmv"


class VideoUploadForm(WagtailAdminModelForm):
    file = forms.FileField(
        label=_("Video or sound file"),
        help_text=_(
            "As it comes from the phone, camera or screen recorder. It is prepared for weak lines by itself."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        max_length=None,
        # The service says more about an empty file than a form can.
        allow_empty_file=True,
    )

    class Meta:
        model = Video
        fields = ("center", "title")


class VideoEditForm(WagtailAdminModelForm):
    """The title, and captions to add or replace."""

    captions_file = forms.FileField(
        label=_("Captions file"),
        required=False,
        help_text=_("WebVTT (.vtt). It replaces earlier captions of the same language and kind."),
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    captions_language = forms.ChoiceField(label=_("Language of the captions"), choices=CaptionLanguage)
    captions_kind = forms.ChoiceField(label=_("Kind of captions"), choices=CaptionKind)

    class Meta:
        model = Video
        fields = ("title",)
