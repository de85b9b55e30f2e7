"""A holder's share links: make, list, end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.models import Person
from accounts.scoping.requests import MemberRequest
from certificates.forms import ShareForm
from certificates.models import ShareLink
from certificates.queries.wallet import live_links_of
from certificates.services.sharing import end_link, make_link
from certificates.views.paging import paged

LINKS_PER_PAGE = 20


def holder_of(request: MemberRequest) -> Person:
    """The person of the login; 404 for logins without a person."""
    if request.user.person is None:
        raise Http404
    return request.user.person


@login_required
@require_safe
@never_cache
def links(request: MemberRequest) -> HttpResponse:
    """The live links with the number and time of their openings."""
    page = paged(request, live_links_of(holder_of(request)), size=LINKS_PER_PAGE)
    return render(request, "certificates/links.html", page)


@login_required
@never_cache
def new_link(request: MemberRequest) -> HttpResponse:
    """Choose certificates and days. The address is in the answer to the form and nowhere else."""
    holder = holder_of(request)
    chosen = {"credentials": request.GET.getlist("certificate")}
    form = ShareForm(request.POST or None, holder=holder, initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_link(
                holder=holder,
                credential_ids=[one.pk for one in form.cleaned_data["credentials"]],
                days=form.cleaned_data["days"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "certificates/link_made.html", {"made": made})
    return render(request, "certificates/new_link.html", {"form": form})


@login_required
@require_POST
def end(request: MemberRequest, link_id: str) -> HttpResponse:
    """End one link at once."""
    link = get_object_or_404(ShareLink, public_id=link_id, holder=holder_of(request))
    end_link(link_id=link.pk, by=request.user)
    messages.success(request, _("The link has ended. Anyone who opens it is told that you ended it."))
    return redirect("certificates:links")
