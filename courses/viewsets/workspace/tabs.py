"""The tabs of a cohort's workspace."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.widgets import Button, HeaderButton
from wagtail.admin.widgets.button import ButtonWithDropdown

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held_in
from accounts.scoping.exports import SafeExport
from accounts.scoping.lists import StaffList
from accounts.scoping.requests import MemberRequest
from accounts.scoping.views import ReadsItsRow
from accounts.services.formatting import format_list
from courses.enums import CohortState
from courses.forms.workspace import RosterForm
from courses.models import Cohort
from courses.queries.announcements import may_write_to
from courses.queries.requirements import CLAUSE_WORDS
from courses.queries.workspace.matrices import (
    OF_SESSIONS,
    OF_UNITS,
    session_columns,
    session_lines,
    unit_columns,
    unit_lines,
)
from courses.queries.workspace.reaching import UNKNOWN, Reach, reach_of
from courses.queries.workspace.risks import IDLE_DAYS, OVERDUE_DAYS
from courses.queries.workspace.roster import ANY, RosterFilter, found
from courses.queries.workspace.trainees import Trainee
from courses.queries.workspace.workspace import Workspace, with_head, workspace_of

if TYPE_CHECKING:
    WagtailView = Any
else:
    WagtailView = object

# Its label, address and icon.
type CohortAct = tuple[str, str, str]

PEOPLE_ON_A_PAGE = 50
# A row of a matrix has up to a hundred cells, each a link.
PEOPLE_IN_A_MATRIX = 20


class CohortPage(WagtailView):
    """A page of one cohort: its header and its buttons."""

    # With its center.
    cohort: Cohort

    @cached_property
    def held(self) -> frozenset[Act]:
        """What the user may do in the center of the cohort; each page asks the fence again."""
        return acts_held_in(self.request.user, self.cohort.center)

    @cached_property
    def header_buttons(self) -> list[Button]:
        """What is done to the whole cohort. The header of a phone has room for one, next to the menu of the others."""
        acts, buttons = self.acts_on_the_cohort(), []
        if self._main_acts():
            label, url, icon = acts.pop(0)
            buttons.append(HeaderButton(label, url=url, icon_name=icon, priority=10))
        buttons.append(
            ButtonWithDropdown(
                label=_("Cohort"),
                buttons=[
                    Button(label, url=url, icon_name=icon, priority=place)
                    for place, (label, url, icon) in enumerate(acts)
                ],
                icon_name="group",
                classname="w-h-slim-header export-menu",
            )
        )
        return buttons

    def _main_acts(self) -> list[CohortAct]:
        """A seat for somebody and the start, which comes first once the cohort should have begun."""
        cohort, found = self.cohort, []
        if Act.ENROLL in self.held and cohort.takes_people_today:
            address = f"{reverse('enrollment:add')}?cohort={cohort.pk}"
            found.append((_("Add a trainee"), address, "plus"))
        if self.viewset.acts["start"] in self.held and cohort.may_be_started:
            address = reverse(self.viewset.get_url_name("start"), args=[cohort.pk])
            place = 0 if cohort.starts_on <= timezone.localdate() else len(found)
            found.insert(place, (_("Start the cohort"), address, "circle-check"))
        return found

    def acts_on_the_cohort(self) -> list[CohortAct]:
        """What is done with the whole cohort."""
        cohort, held, acts = self.cohort, self.held, self.viewset.acts

        def page(name: str) -> str:
            return reverse(self.viewset.get_url_name(name), args=[cohort.pk])

        found = self._main_acts()
        found += [
            (label, f"{reverse(name)}?cohort={cohort.pk}", icon)
            for name, label, icon in (
                ("enrollment:index", _("Enrollments of the cohort"), "user"),
                ("waitingentry:index", _("Waiting list"), "list-ol"),
                ("seathold:index", _("Kept seats"), "lock"),
                ("classsession:index", _("Sessions of the cohort"), "calendar-alt"),
            )
        ]
        if Act.MANAGE_COHORTS in held and cohort.state != CohortState.CLOSED:
            address = f"{reverse('classsession:series')}?cohort={cohort.pk}"
            found.append((_("Plan recurring sessions"), address, "calendar-check"))
        if may_write_to(self.request.user, cohort):
            address = f"{reverse('announcement:add')}?cohort={cohort.pk}"
            found.append((_("Write to the whole cohort"), address, "mail"))
        found.append((_("Print the roster"), page("print_roster"), "download"))
        if cohort.state != CohortState.CLOSED:
            found.append((_("Print an attendance sheet"), page("print_days"), "download"))
        found.append((_("Print labels"), page("print_labels"), "download"))
        found.append((_("When units open"), page("units"), "time"))
        found += [
            (label, page(name), icon)
            for verb, name, label, icon in (
                ("change", "edit", _("Edit"), "edit"),
                ("take_content", "content", _("Content of the cohort"), "doc-full"),
                ("correct_facts", "facts", _("What papers of the cohort print"), "doc-full-inverse"),
            )
            if acts[verb] in held
        ]
        if cohort.state == CohortState.CLOSED:
            if acts["reopen"] in held:
                found.append((_("Reopen the cohort"), page("reopen"), "lock-open"))
        elif acts["close"] in held:
            found.append((_("Close the cohort"), page("close"), "lock"))
        return found


class ReadsItsCohort(ReadsItsRow):
    """A page that shows the head of the workspace."""

    cohort: Cohort

    def read_row(self, rows: QuerySet[Cohort]) -> bool:
        cohort = with_head(rows).first()
        if cohort is None:
            return False
        self.cohort = cohort
        return True


class WorkspaceTabView(ReadsItsCohort, CohortPage, WagtailAdminTemplateMixin, TemplateView):
    """A tab: the head with the figures, and below it what the tab is about."""

    request: MemberRequest
    model = Cohort
    header_icon = "group"
    tab = ""
    # Set by the viewset.
    viewset: Any
    index_url_name = ""

    @cached_property
    def workspace(self) -> Workspace:
        return workspace_of(self.cohort, user=self.request.user)

    def get_page_title(self) -> str:
        return str(self.cohort.program)

    def get_page_subtitle(self) -> str:
        return self.cohort.code

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(Cohort._meta.verbose_name_plural)},
            {"url": "", "label": self.get_page_title(), "sublabel": self.cohort.code},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            view=self,
            cohort=self.cohort,
            workspace=self.workspace,
            figures=self.workspace.figures,
            tabs=self.workspace.links(self.tab),
            held={act.value: True for act in self.held},
            show_all_url=self.show_all_url,
            **kwargs,
        )

    @property
    def show_all_url(self) -> str:
        return self.request.path

    def page_of(self, rows: Sequence[Any] | QuerySet[Any], at_most: int) -> Page[Any]:
        return Paginator(rows, at_most).get_page(self.request.GET.get("p"))


class RegisteredTab(WorkspaceTabView):
    """A tab of an app above: its template, with its facts (`courses.queries.workspace.registry.WorkspaceTab`)."""

    facts: Callable[[User, Cohort], Mapping[str, Any]] | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = self.facts(self.request.user, self.cohort) if self.facts else {}
        return super().get_context_data(**told, **kwargs)


class FilteredTab(StaffList, WorkspaceTabView):
    """People under a filter. Its saved views are the same in every cohort."""

    # Of a matrix they are the units or the sessions of one cohort.
    column_choices: Any = ()

    @property
    def list_name(self) -> str:
        return f"cohort:{self.tab}"

    @property
    def list_path(self) -> str:
        return reverse(self.list_name, args=[self.cohort.pk])

    @property
    def show_all_url(self) -> str:
        """The plain address may open with a saved view."""
        return self.all_url

    def parameter_form(self, data: QueryDict) -> RosterForm:
        return RosterForm(data)

    @cached_property
    def form(self) -> RosterForm:
        return RosterForm(self.request.GET)


# What an export has besides the columns of the page.
WITH_THE_NAME = ("name", "risks")


class ListsPeople(SafeExport, SpreadsheetExportMixin, FilteredTab):
    """Those people to be chosen for an act, and as a file. Columns are the same in every cohort, too."""

    # The headings of the page, in its order.
    headings = {
        "phone": gettext_lazy("Phone"),
        "attendance": gettext_lazy("Attendance"),
        "progress": gettext_lazy("Progress"),
        "score": gettext_lazy("Score"),
        "practice": gettext_lazy("Practical"),
        "missing": gettext_lazy("Missing"),
        "last_seen": gettext_lazy("Last seen"),
        "state": gettext_lazy("State"),
    }
    export_headings = {
        "name": gettext_lazy("Trainee"),
        "risks": gettext_lazy("At risk"),
        "phone": gettext_lazy("Phone"),
        "attendance": gettext_lazy("Attendance, %"),
        "progress": gettext_lazy("Progress, %"),
        "score": gettext_lazy("Mean score, %"),
        "practice": gettext_lazy("Practical tasks passed"),
        "missing": gettext_lazy("Missing for the certificate"),
        "last_seen": gettext_lazy("Last seen"),
        "state": gettext_lazy("State"),
    }
    list_export = tuple(export_headings)

    @cached_property
    def column_choices(self) -> list[tuple[str, str]]:
        return [(name, str(self.export_headings[name])) for name in self.headings]

    @property
    def shown_columns(self) -> list[str]:
        return self.chosen_columns or list(self.headings)

    def asked(self) -> RosterFilter:
        return RosterFilter.read(self.request.GET)

    @cached_property
    def people(self) -> list[Trainee]:
        return found(self.workspace.trainees, self.asked())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export:
            exported = self.arranged_columns if self.exports_all_columns else self.shown_columns
            self.list_export = (*WITH_THE_NAME, *exported)
            rows = self._with_reach(self.people)
            return self.as_spreadsheet(rows, request.GET["export"])  # type: ignore[no-any-return]
        return super().get(request, *args, **kwargs)

    def get_filename(self) -> str:
        return f"{self.cohort.code}-people"

    def to_row_dict(self, item: tuple[Trainee, Reach]) -> dict[str, Any]:
        trainee, reach = item
        practice = trainee.evidence.practice
        cells = {
            "name": trainee.name,
            "phone": reach.phone,
            "state": trainee.enrollment.get_state_display(),
            "attendance": trainee.attendance_percent,
            "progress": trainee.progress_percent,
            "score": trainee.score,
            "practice": practice.passed if practice.tasks else None,
            "missing": format_list(str(CLAUSE_WORDS[kind]) for kind in trainee.missing),
            "risks": format_list(reason.sentence for reason in trainee.reasons),
            "last_seen": trainee.last_seen,
        }
        return {name: cells[name] for name in self.list_export}

    def _with_reach(self, people: Sequence[Trainee]) -> list[tuple[Trainee, Reach]]:
        reach = reach_of([trainee.enrollment.person for trainee in people], user=self.request.user)
        return [(trainee, reach.get(trainee.enrollment.person_id, UNKNOWN)) for trainee in people]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(self.people, PEOPLE_ON_A_PAGE)
        downloads = self.request.GET.copy()
        downloads.pop("p", None)
        return super().get_context_data(
            form=self.form,
            page=page,
            people=self._with_reach(list(page)),
            found=len(self.people),
            acts=[(act, act.url(self.cohort)) for act in self.workspace.acts],
            # What an act is told besides the ticks, for “everybody whom the filter finds”.
            asked=self.hidden_filter(),
            downloads=[(name, f"?{query.urlencode()}") for name, query in self._downloads(downloads).items()],
            roster_columns=[(name, self.headings[name]) for name in self.shown_columns],
            **kwargs,
        )

    def hidden_filter(self) -> list[tuple[str, str]]:
        asked = self.asked()
        fields = {"q": asked.q, "state": asked.state, "missing": asked.missing, "risk": asked.risk}
        return [(name, str(value)) for name, value in fields.items() if value]

    def _downloads(self, asked: Any) -> dict[str, Any]:
        files = {}
        for name in ("xlsx", "csv"):
            files[name] = asked.copy()
            files[name]["export"] = name
        return files


class PeopleTab(ListsPeople):
    template_name = "courses/admin/workspace/people.html"
    tab = "people"


class RisksTab(ListsPeople):
    """Who may not complete, with the reasons in words."""

    template_name = "courses/admin/workspace/risks.html"
    tab = "risks"

    def asked(self) -> RosterFilter:
        asked = RosterFilter.read(self.request.GET)
        return RosterFilter(q=asked.q, risk=asked.risk or ANY, sort=asked.sort)

    def get_filename(self) -> str:
        return f"{self.cohort.code}-at-risk"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(idle_days=IDLE_DAYS, overdue_days=OVERDUE_DAYS, **kwargs)


class MatrixTab(FilteredTab):
    """People by something: the people are paginated, the first column stays in view."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = found(self.workspace.trainees, RosterFilter.read(self.request.GET))
        return super().get_context_data(
            form=self.form,
            page=self.page_of(people, PEOPLE_IN_A_MATRIX),
            found=len(people),
            **kwargs,
        )


class ProgressTab(MatrixTab):
    template_name = "courses/admin/workspace/progress.html"
    tab = "progress"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(legend=OF_UNITS, **kwargs)
        columns = unit_columns(self.cohort)
        return context | {
            "columns": columns,
            "lines": unit_lines(context["page"].object_list, columns),
            "may_correct": Act.ASSESS in self.held,
        }


class SessionsTab(MatrixTab):
    template_name = "courses/admin/workspace/sessions.html"
    tab = "sessions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(legend=OF_SESSIONS, **kwargs)
        columns = session_columns(self.cohort)
        return context | {
            "columns": columns,
            "lines": session_lines(context["page"].object_list, columns),
        }
