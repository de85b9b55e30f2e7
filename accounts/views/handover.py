"""The open work of one person, and its hand-over."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.forms.handover import HandOverForm
from accounts.models import Membership
from accounts.scoping import may
from accounts.scoping.handover import NamedLine, kinds_of_named_work, may_hand_over, named_lines
from accounts.scoping.requests import MemberRequest
from accounts.services.handing_over import hand_over

# So many of those that were left alone are named after the act.
MOST_NAMED = 20


class HandOverView(WagtailAdminTemplateMixin, FormView):
    """What is in the name of the holder of a role at a center: for the holder to see, for who manages the members to hand over.

    The first post shows what would happen, the second one does it. 404 for all others.
    """

    request: MemberRequest
    template_name = "accounts/admin/hand_over.html"
    form_class = HandOverForm
    page_title = gettext_lazy("Open work in one name")
    header_icon = "clipboard-list"

    @cached_property
    def held(self) -> Membership:
        rows = Membership.objects.current().own().select_related("user", "center")
        held = get_object_or_404(rows, pk=self.kwargs["pk"])
        user = self.request.user
        if held.user_id != user.pk and not may(user, Act.MANAGE_MEMBERS, on=held):
            raise Http404
        return held

    @cached_property
    def lines(self) -> list[NamedLine]:
        return named_lines(self.held)

    def get_page_subtitle(self) -> str:
        return f"{self.held.user} · {self.held}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "held": self.held, "lines": self.lines}

    def get_initial(self) -> dict[str, Any]:
        return {"lines": [line.key for line in self.lines]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = kinds_of_named_work(self.held.role)
        return super().get_context_data(
            held=self.held,
            lines=self.lines,
            may_hand_over=may_hand_over(self.request.user, self.held, kinds),
            **kwargs,
        )

    def form_valid(self, form: HandOverForm) -> HttpResponse:
        typed = form.cleaned_data
        if "confirm" not in self.request.POST:
            chosen = [line for line in self.lines if line.key in typed["lines"]]
            return self.render_to_response(self.get_context_data(form=form, chosen=chosen, to=typed["to"]))
        try:
            result = hand_over(
                membership_id=self.held.pk,
                keys=typed["lines"],
                to_id=typed["to"].pk,
                reason=typed["reason"],
                by=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        if result.left:
            named = _(", ").join(f"{name} ({refusal})" for name, refusal in result.left[:MOST_NAMED])
            messages.warning(self.request, _("Left as they were: %(named)s") % {"named": named})
        count = len(result.done)
        done = ngettext(
            "%(count)s piece of work was handed over.", "%(count)s pieces of work were handed over.", count
        )
        messages.success(self.request, done % {"count": count})
        return redirect("hand_over", self.held.pk)
