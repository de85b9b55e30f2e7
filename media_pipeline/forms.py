"""Forms of videos and captions."""

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
            "As it comes from the phone, camera or screen recorder. It is prepared for slow connections automatically."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        max_length=None,
        # The service explains an empty file better than a form does.
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
    """The language and kind of new captions, and an optional file."""

    file = forms.FileField(
        label=_("Captions file"),
        required=False,
        help_text=_(
            "WebVTT (.vtt) or SubRip (.srt), at most 2 MB. Without a file you begin with an empty page."
        ),
        widget=forms.FileInput(attrs={"accept": CAPTIONS_ACCEPTED}),
    )

    class Meta:
        model = CaptionTrack
        fields = ("video", "language", "kind")
        widgets = {"video": VideoChooser}
        error_messages = {NON_FIELD_ERRORS: {"unique_together": CaptionsExist.message}}


class TranscriptionForm(WagtailAdminModelForm):
    """The video and the language of a machine transcription."""

    class Meta:
        model = Transcription
        fields = ("video", "language")
        widgets = {"video": VideoChooser}


class CaptionTextForm(forms.Form):
    """Captions as WebVTT text, or a file that replaces them. `edits` is the state that the editor loaded."""

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
        help_text=_("WebVTT (.vtt) or SubRip (.srt), at most 2 MB."),
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
