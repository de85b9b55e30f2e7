"""What people type about videos."""

from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from accounts.models import Center
from media_pipeline.blocks import VideoChooser
from media_pipeline.errors import CaptionsExist
from media_pipeline.models import CaptionTrack, Transcription, Video
from media_pipeline.queries.uploader import ACCEPTED

CAPTIONS_ACCEPTED = ".vtt,.srt,text/vtt,application/x-subrip"


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
    """The title. Captions have pages of their own."""

    class Meta:
        model = Video
        fields = ("title",)


class CaptionsAddForm(WagtailAdminModelForm):
    """Which captions to begin, and from which file, if any."""

    file = forms.FileField(
        label=_("Captions file"),
        required=False,
        help_text=_("WebVTT (.vtt) or SubRip (.srt). Without a file you begin with an empty page."),
        widget=forms.FileInput(attrs={"accept": CAPTIONS_ACCEPTED}),
    )

    class Meta:
        model = CaptionTrack
        fields = ("video", "language", "kind")
        widgets = {"video": VideoChooser}
        error_messages = {NON_FIELD_ERRORS: {"unique_together": CaptionsExist.message}}


class TranscriptionForm(WagtailAdminModelForm):
    """Which video a machine listens to, and in which language."""

    class Meta:
        model = Transcription
        fields = ("video", "language")
        widgets = {"video": VideoChooser}


class CaptionTextForm(forms.Form):
    """The words as a WebVTT file, or a file in their place. `edits` says which state the editor has seen."""

    text = forms.CharField(
        label=_("Words and times as a WebVTT file"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "dir": "auto", "spellcheck": "true", "wrap": "off"}),
    )
    edits = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("Replace the draft by a file"),
        required=False,
        help_text=_("WebVTT (.vtt) or SubRip (.srt)."),
        widget=forms.FileInput(attrs={"accept": CAPTIONS_ACCEPTED}),
    )


class PlainUploadForm(forms.Form):
    """One file in one piece: for browsers without JavaScript."""

    center = forms.ModelChoiceField(Center.objects.none(), label=_("Center"), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=200)
    file = forms.FileField(
        label=_("Video or sound file"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, centers: QuerySet[Center], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["center"]).queryset = centers
