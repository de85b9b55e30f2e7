"""Beginning to see the pages of a trainee as the trainee sees them, from the staff page of the person."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language_from_path, gettext_lazy, override
from django.utils.translation import gettext as _
from wagtail.admin.widgets import HeaderButton

from accounts.models import Person
from accounts.models.view_as import LONGEST_REASON
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.requests import MemberRequest
from accounts.services.view_as import begin_view_as, may_be_seen
from accounts.view_as import SESSION_KEY, is_shown


class ViewAsForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy(
            "The trainee reads it, with your name. For example: “You said on the phone that a lesson does not open.”"
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class ViewAsView(ActFormView):
    """Asks for the reason. `?page=` is the page of the trainee that is shown first, where it is one that staff may see."""

    model = Person
    select_related = ("registered_at",)
    header_icon = "view"
    template_name = "accounts/admin/view_as.html"
    page_title = gettext_lazy("See what the trainee sees")
    form_class = ViewAsForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not may_be_seen(self.row, by=self.request.user):
            raise Http404

    def carry_out(self, form: ViewAsForm) -> str:
        begun = begin_view_as(person_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        self.request.session[SESSION_KEY] = begun.pk
        return _("The trainee was told. Each page that you see is in the audit trail.")

    def next_url(self) -> str:
        page = self.request.GET.get("page", "")
        return page if leads_to_shown(page) else reverse("courses:my_learning")


def leads_to_shown(address: str) -> bool:
    """Whether it is the path of a page that staff may see as a trainee does."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return False
    with override(get_language_from_path(address)):
        try:
            match = resolve(address)
        except Resolver404:
            return False
    return is_shown("GET", match.view_name)


def view_as_button(request: MemberRequest, person: Person) -> HeaderButton | None:
    """On the page of a person whose pages the reader may see."""
    if not may_be_seen(person, by=request.user):
        return None
    return HeaderButton(
        ViewAsView.page_title, url=reverse("person:view_as", args=[person.pk]), icon_name="view"
    )
