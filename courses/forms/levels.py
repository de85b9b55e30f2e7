"""The ministry's levels of skill."""

from typing import Any

from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.models import SkillLevel


class SkillLevelForm(WagtailAdminModelForm):
    """The code is typed once: records and addresses name the level by it."""

    class Meta:
        model = SkillLevel
        fields = ("code", "order", "name_ar", "name_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
