"""The forms of messages to trainees, from the list of messages and from lists of people."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.digits import is_decimal, read_key
from accounts.errors import DomainError
from accounts.models import Person
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_list
from courses.enums import AnnouncementScope
from courses.forms.announcements import WordsForm
from courses.models import Announcement, Cohort, Enrollment
from courses.queries.announcements import (
    cohorts_to_write_to,
    may_write_to,
    people_to_write_to,
)
from courses.queries.workspace.selection import chosen_in, selection_in
from courses.queries.workspace.workspace import OF_A_COHORT
from courses.services.announcements import (
    write_announcement,
)

NAMES_SHOWN = 20


class WriteView(generic.CreateView):
    page_title = gettext_lazy("Write to trainees")
    submit_button_label = gettext_lazy("Go on to the preview")
    submit_button_active_label = gettext_lazy("Saving…")
    success_message = gettext_lazy("Nothing is sent yet. Look at whom it reaches, then send it.")
    template_name = "courses/admin/announcement_form.html"

    def get_initial(self) -> dict[str, Any]:
        """A page of a cohort leads here with it."""
        cohort = self.request.GET.get("cohort", "")
        chosen = {"scope": AnnouncementScope.COHORT, "cohort": cohort} if is_decimal(cohort) else {}
        return {**super().get_initial(), **chosen}

    def get_success_url(self) -> str:
        return reverse("announcement:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class ChangeView(generic.EditView):
    success_message = gettext_lazy("The message is changed. Look at whom it reaches, then send it.")

    def get_success_url(self) -> str:
        return reverse("announcement:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class WriteToView(WagtailAdminTemplateMixin, FormView):
    """A message to chosen enrollments (`enrollment`, many times) or to one person (`person`), by GET or POST.

    The first POST of a list of trainees brings the enrollments alone; that of the form brings the words, too.
    """

    # The fence looks for a row of it where the address names one.
    model: type[Model] = Announcement
    request: MemberRequest
    viewset: CenterViewSet
    template_name = "courses/admin/announcement_to.html"
    page_title = gettext_lazy("Write a message")
    header_icon = "mail"
    form_class = WordsForm
    _show_breadcrumbs = True

    @cached_property
    def asked(self) -> dict[str, list[str]]:
        source = self.request.POST if self.request.method == "POST" else self.request.GET
        return {name: source.getlist(name) for name in ("enrollment", "person")}

    @cached_property
    def enrollments(self) -> list[Enrollment]:
        """Those that were chosen, all within reach. Raises `Http404` for any other."""
        keys = {key for text in self.asked["enrollment"] if (key := read_key(text)) is not None}
        rows = Enrollment.objects.filter(
            pk__in=keys, cohort__in=cohorts_to_write_to(self.request.user).values("pk")
        )
        found = list(rows.select_related("person", "cohort").order_by("person__folded_name", "pk"))
        if len(found) != len(set(self.asked["enrollment"])):
            raise Http404
        return found

    @cached_property
    def person(self) -> Person | None:
        key = (self.asked["person"] or [""])[0]
        if not key:
            return None
        within = people_to_write_to(self.request.user)
        return get_object_or_404(within, pk=read_key(key))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in {"GET", "HEAD", "POST"} and self.person is None and not self.enrollments:
            messages.warning(request, _("Choose at least one trainee to write to."))
            return redirect(self.where_to_choose())
        return super().dispatch(request, *args, **kwargs)

    def where_to_choose(self) -> str:
        return reverse("announcement:index")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "subject_ar" not in request.POST:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        known = super().get_form_kwargs()
        if "subject_ar" not in self.request.POST:
            known.pop("data", None)
            known.pop("files", None)
        return {**known, "for_user": self.request.user}

    def form_valid(self, form: WordsForm) -> HttpResponse:
        person = self.person
        try:
            announcement = write_announcement(
                scope=AnnouncementScope.PERSON if person else AnnouncementScope.SELECTION,
                texts=form.texts,
                is_urgent=form.cleaned_data["is_urgent"],
                person_id=person.pk if person else None,
                enrollments=() if person else [enrollment.pk for enrollment in self.enrollments],
                by=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, str(WriteView.success_message))
        return redirect("announcement:inspect", announcement.pk)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {
            "url": reverse("announcement:index"),
            "label": capfirst(Announcement._meta.verbose_name_plural),
        }
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = [self.person] if self.person else [one.person for one in self.enrollments]
        names = list(dict.fromkeys(str(person) for person in people))
        return super().get_context_data(
            names=format_list(names[:NAMES_SHOWN]),
            others=max(0, len(names) - NAMES_SHOWN),
            person=self.person,
            enrollments=() if self.person else self.enrollments,
            **kwargs,
        )


class WriteToChosenView(WriteToView):
    """Those who were chosen in the workspace of a cohort. The form is sent to `WriteToView`."""

    model = Cohort
    person = None

    @cached_property
    def cohort(self) -> Cohort:
        cohort = get_object_or_404(Cohort.objects.select_related(*OF_A_COHORT), pk=self.kwargs["pk"])
        if not may_write_to(self.request.user, cohort):
            raise Http404
        return cohort

    @cached_property
    def enrollments(self) -> list[Enrollment]:
        return list(chosen_in(self.cohort, selection_in(self.request.GET)))

    def where_to_choose(self) -> str:
        return reverse("cohort:people", args=[self.cohort.pk])
