"""Forms of messages to trainees in the staff workplace."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.enums import AnnouncementScope
from courses.forms.cohorts import programs_to_choose
from courses.models import Announcement
from courses.queries.announcements import centers_to_write_to, writes_everywhere

WORDS = ("subject_ar", "body_ar", "short_ar", "subject_en", "body_en", "short_en", "is_urgent")
HELP = {
    "short_ar": _(
        "For people without an e-mail address, without names. Leave it empty, and they are told that there is a message and where."
    ),
    "subject_en": _("For those who read English. Leave both empty, and they get the Arabic words."),
    "is_urgent": _(
        "It is sent at night, too, and cannot be switched off. For what cannot wait until the morning."
    ),
}


class WordsForm(WagtailAdminModelForm):
    """What is said."""

    class Meta:
        model = Announcement
        fields: tuple[str, ...] = WORDS
        help_texts = HELP
        widgets: dict[str, Any] = {
            "body_ar": forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
            "body_en": forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
            "short_ar": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "short_en": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        typed = self.cleaned_data
        if bool(typed.get("subject_en")) != bool(typed.get("body_en")):
            self.add_error("subject_en", _("Write both in English, the subject and the text, or neither."))
        return typed

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in WORDS if name != "is_urgent"}


class AnnouncementForm(WordsForm):
    """To whom, and what is said."""

    class Meta(WordsForm.Meta):
        fields = ("scope", "center", "program", "cohort", *WORDS)
        widgets = {**WordsForm.Meta.widgets, "scope": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [AnnouncementScope.COHORT]
        centers = list(centers_to_write_to(self.for_user)[:2]) if self.for_user else []
        if centers:
            offered = [AnnouncementScope.CENTER, AnnouncementScope.PROGRAM, *offered]
        if len(centers) == 1:
            self.fields["center"].initial = centers[0].pk
        if self.for_user and writes_everywhere(self.for_user):
            offered = [AnnouncementScope.MINISTRY, *offered]
        scope = self.fields["scope"]
        scope.choices = [(one.value, one.label) for one in offered]
        scope.initial = offered[-1] if len(offered) == 1 else None
        self.fields["program"].queryset = programs_to_choose()
        for name in ("center", "program", "cohort"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        needed = {
            AnnouncementScope.CENTER.value: "center",
            AnnouncementScope.PROGRAM.value: "program",
            AnnouncementScope.COHORT.value: "cohort",
        }.get(str(typed.get("scope")))
        if needed and not typed.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Choose it here, or other recipients above."))
        return typed

    @property
    def recipients(self) -> dict[str, Any]:
        """What the scope asks for, without what was chosen for another one."""
        typed = self.cleaned_data
        asked = {
            AnnouncementScope.CENTER: ("center",),
            AnnouncementScope.PROGRAM: ("program", "center"),
            AnnouncementScope.COHORT: ("cohort",),
        }.get(typed["scope"], ())
        return {f"{name}_id": typed[name].pk if typed[name] else None for name in asked}
