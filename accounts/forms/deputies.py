"""Forms of deputies: named for some days, ended before."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from accounts.enums import Act
from accounts.models import Membership, User
from accounts.scoping import may_everywhere
from accounts.services.deputies import LONGEST_DAYS, colleagues_for
from accounts.services.logins import normalize_login


class NameDeputyForm(forms.Form):
    """Who, from when to when, and why. The ministry may also name somebody who works elsewhere."""

    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        queryset=User.objects.none(),
        help_text=_("Colleagues who work at the same place and do not hold this role."),
    )
    login = forms.CharField(
        label=_("Or another login"),
        required=False,
        help_text=_("User name, mobile number or e-mail address of a member of staff who works elsewhere."),
    )
    since = forms.DateField(label=_("First day"), initial=timezone.localdate, widget=AdminDateInput)
    until = forms.DateField(
        label=_("Last day"),
        widget=AdminDateInput,
        help_text=_("It ends by itself after this day, and after 90 days at most."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_(
            "For example: annual leave. The deputy and those who give roles read it. Kept in the audit trail."
        ),
    )
    conflict_reason = forms.CharField(
        label=_("Reason for roles that conflict"),
        required=False,
        max_length=200,
        help_text=_(
            "Needed where the deputy has a role there that conflicts with this one. Kept in the audit trail."
        ),
    )

    def __init__(self, *args: Any, lent: Membership, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy: Any = self.fields["deputy"]
        deputy.queryset = colleagues_for(lent, by=by) if lent.center_id else User.objects.none()
        last = timezone.localdate() + dt.timedelta(days=LONGEST_DAYS)
        self.fields["until"].widget.attrs["max"] = last.isoformat()
        if may_everywhere(by, Act.MANAGE_MEMBERS):
            deputy.required = False
        else:
            del self.fields["login"]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, login = typed.get("deputy"), normalize_login(typed.get("login") or "")
        if "login" not in self.fields or "deputy" in self.errors:
            return typed
        if bool(chosen) == bool(login):
            raise ValidationError(_("Choose a colleague or type a login, one of the two."))
        if login:
            found = User.objects.filter(Q(username=login) | Q(phone=login) | Q(email=login)).first()
            if found is None:
                self.add_error("login", _("No login uses this."))
            typed["deputy"] = found
        return typed


class EndDeputyForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the audit trail."))
