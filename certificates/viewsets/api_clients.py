"""Integrations of other systems, for the ministry: API keys, webhooks and their deliveries."""

from typing import Any

from django import forms
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic

from accounts.models import User
from accounts.scoping.reauthentication import ConfirmedFormView, ConfirmedView
from accounts.scoping.viewsets import ActView, CenterViewSet
from certificates.enums import ClientScope, Status
from certificates.models import ApiClient, Webhook, WebhookDelivery
from certificates.services.clients import end_client, make_client
from certificates.services.webhooks import change_subscription, resend, subscribe
from jobs.enums import JobState


class ApiClientForm(WagtailAdminModelForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("allowed to"), choices=ClientScope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiClient
        fields = ("name", "scopes", "codes_per_minute")


class ShownOnceView(ConfirmedFormView, generic.CreateView):
    """Shows a new secret once, in the response itself, so that no cookie or session stores it."""

    def save_action(self) -> HttpResponse:
        context = {
            "title": self.object,
            "icon": self.header_icon,
            "sentence": self.sentence(),
            "secret": self.object.shown_once,
            "back": self.get_success_url(),
        }
        return render(self.request, "certificates/admin/shown_once.html", context)

    def sentence(self) -> str:
        raise NotImplementedError


class ApiClientCreateView(ShownOnceView):
    def sentence(self) -> str:
        return _("The key of %(client)s, shown this once:") % {"client": self.object}


class ApiClientEndView(ConfirmedView, generic.DeleteView):
    page_title = gettext_lazy("End key")
    success_message = gettext_lazy("The key of %(object)s was ended.")

    @property
    def confirmation_message(self) -> str:
        return _("The program that has this key can no longer ask. A key that was ended does not come back.")


class ApiClientViewSet(CenterViewSet):
    """A key is made and ended, never changed; the row stays for the audit."""

    model = ApiClient
    name = "api_clients"
    icon = "key"
    menu_label = gettext_lazy("API keys")
    form_class = ApiClientForm
    add_view_class = ApiClientCreateView
    delete_view_class = ApiClientEndView
    list_display = (
        "name",
        Column("key_hint", label=gettext_lazy("Key")),
        Column("scopes_in_words", label=gettext_lazy("Allowed to")),
        "codes_per_minute",
        "made_at",
        "ended_at",
    )

    def create_row(self, form: BaseForm, *, by: User) -> ApiClient:
        client, key = make_client(**form.cleaned_data, by=by)
        client.shown_once = key
        return client

    def delete_row(self, row: ApiClient, *, by: User) -> None:  # type: ignore[override]  # its own model
        end_client(client_id=row.pk, by=by)


class WebhookForm(WagtailAdminModelForm):
    about = forms.MultipleChoiceField(
        label=gettext_lazy("told about"),
        choices=Status.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Status.SUSPENDED, Status.REINSTATED, Status.REVOKED, Status.SUPERSEDED],
    )

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = ("name", "url", "about")


class WebhookEditForm(WebhookForm):
    class Meta(WebhookForm.Meta):
        fields = ("name", "url", "about", "is_active")


class WebhookCreateView(ShownOnceView):
    def sentence(self) -> str:
        return _("The secret of %(webhook)s, shown this once:") % {"webhook": self.object}


class WebhookViewSet(CenterViewSet):
    model = Webhook
    name = "webhooks"
    icon = "link-external"
    menu_label = gettext_lazy("Webhooks")
    form_class = WebhookForm
    edit_form_class = WebhookEditForm
    add_view_class = WebhookCreateView
    list_display = ("name", "url", BooleanColumn("is_active", label=gettext_lazy("Is told")))
    inspect_view_fields = ("name", "url", "about", "is_active", "made_by", "made_at")

    def create_row(self, form: BaseForm, *, by: User) -> Webhook:
        webhook, secret = subscribe(**form.cleaned_data, by=by)
        webhook.shown_once = secret
        return webhook

    def change_row(self, form: Any, *, by: User) -> Webhook:
        return change_subscription(webhook_id=form.instance.pk, **form.cleaned_data, by=by)


class DeliveryInspectView(generic.InspectView):
    template_name = "certificates/admin/delivery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_dead = self.object.state == JobState.FAILED
        return {**super().get_context_data(**kwargs), "delivery": self.object, "is_dead": is_dead}


class ResendView(ActView):
    model = WebhookDelivery

    def act_on(self, pk: int) -> str:
        resend(delivery_id=pk, by=self.request.user)
        return _("The message is sent again.")


class DeliveryViewSet(CenterViewSet):
    model = WebhookDelivery
    name = "webhook_deliveries"
    icon = "mail"
    menu_label = gettext_lazy("Messages of webhooks")
    list_display = (
        "number",
        Column("status", label=gettext_lazy("What happened"), accessor="event.get_status_display"),
        "webhook",
        Column("get_state_display", label=gettext_lazy("State")),
        "attempts",
        "due_at",
        "error",
    )
    list_filter = ("webhook", "state")
    list_select_related = ("webhook", "event__credential")
    inspect_view_class = DeliveryInspectView
    inspect_view_fields = (
        "webhook",
        "message_id",
        "state",
        "attempts",
        "due_at",
        "finished_at",
        "error",
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        resend_view = self.construct_view(ResendView, verb="resend")
        return [*super().get_urlpatterns(), path("resend/<int:pk>/", resend_view, name="resend")]
