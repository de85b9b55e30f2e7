"""Lost passwords of trainees in the staff workplace."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import CreateView, InspectView

from accounts.forms.logins import AskForPasswordForm
from accounts.models import PasswordRecovery, User
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.identity_documents import fingerprint_of
from accounts.services.number_misses import MISSED_TRAINEE, note_miss
from accounts.services.recoveries import (
    TraineeNotHere,
    ask_for_password,
    give_password,
    is_open,
    refuse_password,
)
from accounts.viewsets.logins import ByLoginIndexView, password_message


class AskForPasswordView(CreateView):
    def form_valid(self, form: AskForPasswordForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except TraineeNotHere:
            # Here the transaction that was refused has ended.
            typed = form.cleaned_data
            note_miss(
                center=typed["center"],
                by=self.request.user,
                fingerprint=fingerprint_of(number=typed["number"], country=typed["country"]),
                action=MISSED_TRAINEE,
            )
            raise


class GivePasswordView(ActView):
    model = PasswordRecovery

    def act_on(self, pk: int) -> str:
        password = give_password(recovery_id=pk, by=self.request.user)
        return password_message(gettext("The new password, shown this once: %(password)s"), password)


class RefusePasswordView(ActView):
    model = PasswordRecovery

    def act_on(self, pk: int) -> str:
        refuse_password(recovery_id=pk, by=self.request.user)
        return str(_("The password stays as it was."))


class PasswordRecoveryInspectView(InspectView):
    template_name = "accounts/admin/recovery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "recovery": self.object,
            "is_own": self.object.asked_by == self.request.user,
            "is_open": is_open(self.object),
        }


class PasswordRecoveryViewSet(CenterViewSet):
    """Lost passwords of trainees: one member of staff asks, another one gives the new password."""

    model = PasswordRecovery
    name = "lost_passwords"
    icon = "key"
    menu_label = _("Lost passwords")
    index_view_class = ByLoginIndexView
    search_fields = ("user",)
    add_view_class = AskForPasswordView
    inspect_view_class = PasswordRecoveryInspectView
    list_display = ("user", "center", "state", "asked_by", "asked_at", "decided_by")
    list_filter = ("state", "center")
    list_select_related = ("user", "center", "asked_by", "decided_by")
    form_class = AskForPasswordForm

    def get_urlpatterns(self) -> list[URLPattern]:
        give = self.construct_view(GivePasswordView, verb="give")
        refuse = self.construct_view(RefusePasswordView, verb="refuse")
        return [
            *super().get_urlpatterns(),
            path("give/<int:pk>/", give, name="give"),
            path("refuse/<int:pk>/", refuse, name="refuse"),
        ]

    def create_row(self, form: AskForPasswordForm, *, by: User) -> PasswordRecovery:
        return ask_for_password(**form.cleaned_data, by=by)
