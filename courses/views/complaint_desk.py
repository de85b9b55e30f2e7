"""Entering a complaint for somebody at the desk."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.digits import read_key
from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Person, User
from accounts.scoping import acts_held, fenced
from accounts.scoping.requests import MemberRequest
from courses.enums import ComplaintChannel
from courses.forms.complaints import DeskComplaintForm
from courses.queries.complaints import Subjects, known_number
from courses.services.complaints import file_complaint


class ComplaintDeskView(WagtailAdminTemplateMixin, FormView):
    """For a person on record (`?person=`), whose page leads here, or for anybody. Afterwards it is no longer shown to who entered it."""

    request: MemberRequest
    template_name = "courses/admin/complaint_desk.html"
    page_title = gettext_lazy("Enter a complaint")
    header_icon = "warning"
    form_class = DeskComplaintForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if Act.MANAGE_PEOPLE not in acts_held(self.request.user):
            raise Http404

    @cached_property
    def person(self) -> Person | None:
        key = self.request.GET.get("person", "")
        if not key:
            return None
        people = fenced(Person.objects.all(), user=self.request.user, act=Act.MANAGE_PEOPLE)
        return get_object_or_404(people, pk=read_key(key))

    def get_initial(self) -> dict[str, Any]:
        if self.person is None:
            return {}
        login = User.objects.filter(person=self.person).first()
        return {"phone": known_number(self.person, login), "language": self.person.language}

    def get_form_kwargs(self) -> dict[str, Any]:
        subjects = Subjects(self.person, self.request.user)
        return {**super().get_form_kwargs(), "subjects": subjects}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)

    def form_valid(self, form: DeskComplaintForm) -> HttpResponse:
        typed = form.cleaned_data
        try:
            complaint = file_complaint(
                kind=typed["kind"],
                channel=ComplaintChannel.DESK,
                text=typed["text"],
                name=self.person.name if self.person else typed["name"],
                phone=typed["phone"],
                language=typed["language"],
                person=self.person,
                cohort=typed["cohort"],
                staff=typed["staff"],
                center=typed["center"],
                by=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        response = self.render_to_response(self.get_context_data(form=None, complaint=complaint))
        response.headers["Cache-Control"] = "private, no-store"
        return response


class ComplaintDeskItem(MenuItem):
    """Shown to those who register people."""

    def is_shown(self, request: HttpRequest) -> bool:
        return Act.MANAGE_PEOPLE in acts_held(request.user)
