"""Pages of deputies for those whom it concerns: who acts for me, and for whom I act."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import RoleName
from accounts.errors import DomainError
from accounts.forms.deputies import EndDeputyForm, NameDeputyForm
from accounts.models import Deputy, Membership
from accounts.scoping.deputies import deputies_of_interest, own_roles, with_names
from accounts.scoping.requests import MemberRequest
from accounts.services.deputies import end_deputy, may_end, may_name, name_deputy


class DeputiesView(WagtailAdminTemplateMixin, TemplateView):
    """The own roles with their deputies, and the roles that colleagues lend to the reader."""

    request: MemberRequest
    template_name = "accounts/admin/deputies.html"
    page_title = gettext_lazy("My deputies")
    header_icon = "group"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        deputies = deputies_of_interest(user)
        roles = [(held, may_name(user, held.membership)) for held in own_roles(user, deputies)]
        acting = [deputy for deputy in deputies if deputy.user_id == user.pk]
        return super().get_context_data(roles=roles, acting=acting, **kwargs)


class _DeputyForm(WagtailAdminTemplateMixin, FormView):
    request: MemberRequest
    header_icon = "group"
    success = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def carry_out(self, typed: dict[str, Any]) -> str:
        """Do the act and say so. Raises `DomainError`."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            messages.success(self.request, self.carry_out(form.cleaned_data))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect("deputies")


class NameDeputyView(_DeputyForm):
    """Lends one role. 404 for who has no say in it."""

    template_name = "accounts/admin/name_deputy.html"
    form_class = NameDeputyForm
    page_title = gettext_lazy("Name a deputy")

    @cached_property
    def lent(self) -> Membership:
        own = Membership.objects.current().own().select_related("user", "center", "governorate")
        lent = get_object_or_404(own, pk=self.kwargs["pk"])
        if lent.role == RoleName.TRAINEE or not may_name(self.request.user, lent):
            raise Http404
        return lent

    def get_page_subtitle(self) -> str:
        return f"{self.lent.user} · {self.lent}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "lent": self.lent, "by": self.request.user}

    def carry_out(self, typed: dict[str, Any]) -> str:
        deputy = name_deputy(
            membership_id=self.lent.pk,
            user_id=typed["deputy"].pk,
            since=typed["since"],
            until=typed["until"],
            reason=typed["reason"],
            conflict_reason=typed["conflict_reason"],
            by=self.request.user,
        )
        return _("%(deputy)s is the deputy of %(lender)s on these days.") % {
            "deputy": deputy.user,
            "lender": self.lent.user,
        }


class EndDeputyView(_DeputyForm):
    """Ends one before the last day. 404 for whom it does not concern."""

    template_name = "accounts/admin/end_deputy.html"
    form_class = EndDeputyForm
    page_title = gettext_lazy("End a deputy")

    @cached_property
    def deputy(self) -> Deputy:
        deputy = get_object_or_404(with_names(Deputy.objects.all()), pk=self.kwargs["pk"])
        if not may_end(self.request.user, deputy):
            raise Http404
        return deputy

    def get_page_subtitle(self) -> str:
        return str(self.deputy)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(deputy=self.deputy, **kwargs)

    def carry_out(self, typed: dict[str, Any]) -> str:
        end_deputy(deputy_id=self.deputy.pk, reason=typed["reason"], by=self.request.user)
        return _("%(deputy)s no longer acts for %(lender)s.") % {
            "deputy": self.deputy.user,
            "lender": self.deputy.lender,
        }
