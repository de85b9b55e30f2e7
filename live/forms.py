"""Forms of the staff workplace."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from accounts.models import User
from courses.enums import CohortState
from courses.models import Cohort
from live.models import LiveSession


class ScheduleForm(WagtailAdminModelForm):
    """A live class in a cohort's timetable."""

    cohort = forms.ModelChoiceField(Cohort.objects.exclude(state=CohortState.CLOSED), label=_("cohort"))
    title = forms.CharField(label=_("title"), max_length=120)
    starts_at = forms.DateTimeField(label=_("starts at"), widget=AdminDateTimeInput)
    ends_at = forms.DateTimeField(label=_("ends at"), widget=AdminDateTimeInput)
    trainer = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("trainer"),
        required=False,
        help_text=_("Whoever teaches in the center may run the class; name the one who is expected to."),
    )

    class Meta:
        model = LiveSession
        fields = ()
