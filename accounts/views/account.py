"""Everything about oneself: what is on record, photo, messages, preferences, data, and the answer to an offered role."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.devices import remember_language
from accounts.errors import DomainError
from accounts.forms.preferences import NoticesForm, PhotoForm, PreferencesForm
from accounts.forms.sign_in import DataRequestForm
from accounts.models import PersonPhoto, RoleOffer
from accounts.photo_responses import photo_response
from accounts.scoping import acts_held
from accounts.scoping.people import own_facts
from accounts.scoping.requests import MemberRequest
from accounts.services.consents import PRIVACY
from accounts.services.contacts import written
from accounts.services.courtesies import choose_notices, declined_by, needed, needed_by_every_login
from accounts.services.data_requests import ask_about_data
from accounts.services.gateway import sends_codes
from accounts.services.gathering import choose_digest, digest_of, gathered_topics
from accounts.services.number_logins import ways_to_log_in
from accounts.services.number_proofs import own_number
from accounts.services.offers import accept_offer, decline_offer, offers_for
from accounts.services.personal_data import personal_data
from accounts.services.photos import add_photo, remove_photo
from accounts.services.preferences import choose_language_and_digits
from accounts.services.view_as import who_looked

# The newest requests of a person; all of them are in the file.
SHOWN_REQUESTS = 10
SHOWN_VIEWS = 10


@login_required
@never_cache
def account(request: MemberRequest) -> HttpResponse:
    """Everything about oneself in one place: what is on record, how to change it, requests and their answers."""
    person = request.user.person
    form = DataRequestForm(request.POST if request.method == "POST" else None)
    if person and form.is_valid():
        try:
            ask_about_data(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your request was sent. The answer will be shown here."))
            return redirect("account")
    known = {
        "person": person,
        "documents": person.documents.all() if person else (),
        "contacts": [(one, written(one)) for one in person.contacts.current()] if person else (),
        "facts": own_facts(person) if person else (),
        "number": own_number(request.user),
        "ways": ways_to_log_in(request.user),
        "sends_codes": sends_codes(),
        "consents": person.consents.filter(purpose=PRIVACY, withdrawn_at=None) if person else (),
        "requests": person.data_requests.all()[:SHOWN_REQUESTS] if person else (),
        "views": [
            (view, who_looked(view))
            for view in person.views_by_staff.select_related("by", "center")[:SHOWN_VIEWS]
        ]
        if person
        else (),
    }
    return render(request, "account/account.html", {"form": form, **known})


@login_required
@never_cache
def preferences(request: MemberRequest) -> HttpResponse:
    """Language and digits; the answer is in the language that was chosen."""
    user = request.user
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial={"language": user.language, "digits": user.digits},
    )
    if not form.is_valid():
        return render(request, "account/preferences.html", {"form": form})
    user = choose_language_and_digits(**form.cleaned_data, by=user)
    with override(user.language):
        messages.success(request, _("Your choice is saved."))
        response = redirect("account")
    remember_language(response, user.language)
    return response


@login_required
@never_cache
def messages_to_you(request: MemberRequest) -> HttpResponse:
    """Which messages are wanted, and by which channel; without a record of a person nothing may be switched off."""
    person = request.user.person
    if person is None:
        return render(request, "account/messages_to_you.html", {"needed": needed_by_every_login()})
    is_staff = bool(acts_held(request.user))
    form = NoticesForm(
        request.POST if request.method == "POST" else None,
        declined=declined_by(person),
        gathered=gathered_topics(person),
        digest=digest_of(person),
        is_staff=is_staff,
    )
    if form.is_valid():
        with transaction.atomic():
            choose_notices(person_id=person.pk, declined=form.declined, by=request.user)
            choose_digest(
                person_id=person.pk,
                topics=form.gathered,
                hour=form.cleaned_data["hour"],
                is_sent_short=form.cleaned_data["is_sent_short"],
                by=request.user,
            )
        messages.success(request, _("Your choice is saved."))
        return redirect("account")
    return render(
        request, "account/messages_to_you.html", {"form": form, "needed": needed(is_staff=is_staff)}
    )


@login_required
@never_cache
def photo(request: MemberRequest) -> HttpResponse:
    """One's own photo. Raises `Http404` for a login without a person."""
    if request.user.person_id is None:
        raise Http404
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_valid():
        try:
            add_photo(person_id=request.user.person_id, file=form.cleaned_data["file"], by=request.user)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Your photo is saved."))
            return redirect("account_photo")
    kept = PersonPhoto.objects.filter(person=request.user.person_id).only("digest").first()
    return render(request, "account/photo.html", {"form": form, "photo": kept})


@require_POST
@login_required
@never_cache
def remove_own_photo(request: MemberRequest) -> HttpResponse:
    if request.user.person_id is None:
        raise Http404
    remove_photo(person_id=request.user.person_id, by=request.user)
    messages.success(request, _("Your photo is removed."))
    return redirect("account_photo")


@require_safe
@login_required
def own_photo(request: MemberRequest) -> HttpResponse:
    return photo_response(request, get_object_or_404(PersonPhoto, person=request.user.person_id))


@require_POST
@login_required
@never_cache
def own_data(request: MemberRequest) -> StreamingHttpResponse:
    """One's own data as a file. Raises `Http404` for a login without a person."""
    if request.user.person is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    pieces = personal_data(request.user.person)
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)


@login_required
@require_safe
def offers(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/offers.html", {"offers": offers_for(request.user)})


@login_required
@require_POST
def answer_offer(request: MemberRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(RoleOffer, pk=pk, user=request.user)
    try:
        if request.POST.get("answer") == "accept":
            accept_offer(offer_id=offer.pk, by=request.user)
            messages.success(request, _("You have the role now."))
        else:
            decline_offer(offer_id=offer.pk, by=request.user)
            messages.success(request, _("You declined the role."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("offers")


def no_such_page(_request: HttpRequest) -> HttpResponse:
    raise Http404
