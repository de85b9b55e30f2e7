"""Tables of the ministry: levels of skill, and holidays."""

from typing import Any

from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.forms.cohorts import DateInput
from courses.models import Holiday, SkillLevel


class SkillLevelForm(WagtailAdminModelForm):
    """The code is typed once: records and addresses name the level by it."""

    class Meta:
        model = SkillLevel
        fields = ("code", "order", "name_ar", "name_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class HolidayForm(WagtailAdminModelForm):
    class Meta:
        model = Holiday
        fields = ("day", "name_ar", "name_en", "governorate")
        widgets = {"day": DateInput}
