"""The front desk of a center: one form from the card on the desk to the slip in the hand."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import acts_held
from accounts.scoping.requests import MemberRequest
from accounts.services.mail_identity import name_of_site
from accounts.services.number_logins import ways_to_log_in
from accounts.services.number_misses import note_miss
from accounts.services.qr_codes import qr_svg
from courses.forms.desk import DeskForm
from courses.queries.people import own_seats
from courses.queries.programs import titles_in_language
from courses.queries.timetable import next_sessions
from courses.services.desk import Served, enroll_carrier, register_at_desk, serve_known_person

NEEDED = frozenset({Act.MANAGE_PEOPLE, Act.ENROLL})
PARTS = (
    (
        gettext_lazy("Person at the desk"),
        ("number", "number_is_exact", "country", "full_name_ar", "full_name_en", "who", "birth_date", "sex"),
    ),
    (
        gettext_lazy("Guardian of someone under 18"),
        ("guardian_name", "guardian_number", "guardian_phone", "guardian_agrees"),
    ),
    (
        gettext_lazy("How to reach them"),
        ("phone", "same_phone", "was_called", "residence_governorate", "education"),
    ),
    (gettext_lazy("Seat and login"), ("center", "cohort", "wants_login", "language", "agrees")),
)


class DeskView(WagtailAdminTemplateMixin, FormView):
    """Registers, enrolls and gives a login in one act. The slip is in the response itself, so that no cookie or session
    stores the password."""

    request: MemberRequest
    template_name = "courses/admin/desk.html"
    page_title = gettext_lazy("Front desk")
    header_icon = "user"
    form_class = DeskForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not acts_held(self.request.user) >= NEEDED:
            raise Http404

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_initial(self) -> dict[str, Any]:
        # A link from the home page chooses the cohort.
        return {**super().get_initial(), "cohort": self.request.GET.get("cohort", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context["parts"] = [
            (title, [form[name] for name in names if form.is_shown(name)]) for title, names in PARTS
        ]
        return context

    def form_valid(self, form: DeskForm) -> HttpResponse:
        try:
            served = self._serve(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        response = self.render_to_response(self._slip(served, form.cleaned_data["language"]))
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def form_invalid(self, form: DeskForm) -> HttpResponse:
        for missed in filter(None, (form.missed_number, form.missed_guardian)):
            note_miss(center=form.cleaned_data["center"], by=self.request.user, fingerprint=missed)
        form.focus_on_first_error()
        return super().form_invalid(form)

    def _serve(self, form: DeskForm) -> Served:
        by, cohort = self.request.user, form.cleaned_data["cohort"]
        if form.is_carrier_elsewhere:
            name = form.cleaned_data["full_name_ar"]
            return enroll_carrier(card=form.card, full_name_ar=name, cohort=cohort, by=by)
        wishes: dict[str, Any] = {
            "card": form.card,
            "phone": form.phone_answer,
            "guardian": form.guardian,
            "cohort": cohort,
            "wants_login": form.cleaned_data["wants_login"],
            "language": form.cleaned_data["language"],
            "by": by,
        }
        if known := form.known_person:
            facts = form.cleaned_data
            return serve_known_person(
                person=known, center=facts["center"], birth_date=facts["birth_date"], **wishes
            )
        return register_at_desk(facts=form.facts, **wishes)

    def _slip(self, served: Served, language: str) -> dict[str, Any]:
        self.template_name = "courses/admin/desk_slip.html"
        login = served.login
        with translation.override(language):
            address = f"{settings.SITE_URL}{reverse('account_login')}"
            site = name_of_site()
        # Who came for another thing has the seat on the slip as well.
        seat = served.enrollment or own_seats(served.person, by=self.request.user).first()
        cohort = seat and seat.cohort
        coming = next_sessions([cohort.pk]).get(cohort.pk, []) if cohort else []
        return {
            **super().get_context_data(form=None),
            "served": served,
            "language": language,
            "site": site,
            "address": address,
            "ways": ways_to_log_in(login) if login else [],
            "qr": mark_safe(qr_svg(address)),  # noqa: S308 - drawn from our own address
            "cohort": cohort,
            "program": titles_in_language([cohort.program], language)[cohort.program_id] if cohort else "",
            # Not one that goes on now.
            "session": next((one for one in coming if one.starts_at > timezone.now()), None),
        }


class DeskMenuItem(MenuItem):
    """Shown to those who register people and enroll them."""

    def is_shown(self, request: HttpRequest) -> bool:
        return acts_held(request.user) >= NEEDED
