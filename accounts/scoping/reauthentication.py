"""Reauthentication before acts that cannot be undone."""

from collections.abc import Collection
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View

from accounts.errors import DomainError
from accounts.scoping.posted_forms import store_posted_form
from accounts.scoping.requests import is_confirmed
from accounts.scoping.viewsets import ActView


class ConfirmedView(View):
    """Mixed into a view of a `CenterViewSet`: it acts for those who proved within `REAUTHENTICATION_SECONDS` who they are.

    Others are asked for the password or the second factor, and come back to the page. What they had posted was not done: the
    page may show it again (`pop_posted_form`), and such an act is asked for by its user, after the proof.
    """

    # What may be looked at without it.
    free_methods: Collection[str] = frozenset({"GET", "HEAD", "OPTIONS"})
    # Whether what is posted cannot be taken back.
    is_final = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in self.free_methods or is_confirmed(request):
            return super().dispatch(request, *args, **kwargs)
        page = self.return_page(request, **kwargs)
        try:
            self.check_before_proof(**kwargs)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(page)
        if request.method == "POST":
            store_posted_form(request, page=page, is_final=self.is_final)
        return require_reauthentication(request, back=page)

    def check_before_proof(self, **kwargs: Any) -> None:
        """Raises what makes the proof useless, such as that a colleague did it meanwhile: no one types a password to read that."""

    def return_page(self, request: HttpRequest, **_kwargs: Any) -> str:
        """Where the user goes on after the proof."""
        return request.path


class ConfirmedFormView(ConfirmedView):
    """A form of this kind: it asks before anything is typed, so that nothing typed is lost."""

    free_methods = frozenset()


class ConfirmedActView(ConfirmedView, ActView):
    """An `ActView` of this kind: the page behind it is that of the row. What is refused is kept for that page, too."""

    def refused(self, pk: int) -> None:
        store_posted_form(self.request, page=self.return_page(self.request, pk=pk), is_final=self.is_final)

    def return_page(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse(self.viewset.get_url_name("inspect"), args=[kwargs["pk"]])


def require_reauthentication(request: HttpRequest, *, back: str) -> HttpResponseRedirect:
    """Lead to the page that asks who it is, and from there to `back`."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    if methods:
        page = methods[0]["url"]
    else:
        # A login without a password, which came by the identity provider: what proves it is set up first.
        messages.warning(request, _("Set up a second factor: with it you confirm that it is you."))
        page = reverse("mfa_index")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}")
