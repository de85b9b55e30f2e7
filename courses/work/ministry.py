"""What the ministry looks after: programs and centers."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import Center, User
from accounts.scoping import may_everywhere
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_list, format_since
from courses.enums import CohortState
from courses.models import CohortFacts, ProgramPage
from courses.queries.facts import corrections_to_decide
from courses.queries.first_cohort import missing_facts, without_what_the_ministry_enters
from courses.queries.waiting import idle_centers, programs_without_rule


class ProgramsWithoutRule(Work):
    name = "programs-without-rule"
    title = gettext_lazy("Programs without a completion rule")
    help = gettext_lazy("No one can complete them, and no certificate can be proposed.")
    roles = frozenset({RoleName.MINISTRY_OFFICER})
    act = Act.MANAGE_CENTERS
    order = 35

    def rows(self, user: User) -> QuerySet[ProgramPage]:
        # Programs belong to no center.
        programs = programs_without_rule()
        return programs if may_everywhere(user, Act.MANAGE_CENTERS) else programs.none()

    def line(self, row: ProgramPage) -> WorkItem:
        address = f"{reverse('completionrule:add')}?program={row.pk}"
        published = format_since(row.first_published_at) if row.first_published_at else ""
        return WorkItem(row.title, address, row.code, published)


class FactsToDecide(Work):
    """Of every officer of the ministry but who asked for it."""

    name = "facts-to-decide"
    title = gettext_lazy("Corrections of what papers print waiting for your decision")
    help = gettext_lazy("A colleague asked for them. Read what would change, and why.")
    roles = frozenset({RoleName.MINISTRY_OFFICER})
    act = Act.SET_RULES
    order = 29

    def rows(self, user: User) -> QuerySet[CohortFacts]:
        return corrections_to_decide(user).select_related("cohort__program", "by")

    def line(self, row: CohortFacts) -> WorkItem:
        address = reverse("cohort:facts", args=[row.cohort_id])
        asked = f"{row.cohort.program.title} · {row.by}"
        return WorkItem(row.cohort.code, address, asked, format_since(row.at), is_code=True)


class NewCenters(Work):
    """Of the whole ministry: it opens centers, enters what only it may, and gives the first role there."""

    name = "new-centers"
    title = gettext_lazy("New centers that wait for the ministry")
    help = gettext_lazy(
        "They lack the telephone, the address, the license or a manager, and have not taught yet."
    )
    roles = frozenset({RoleName.MINISTRY_OFFICER})
    act = Act.MANAGE_CENTERS
    order = 36

    def rows(self, user: User) -> QuerySet[Center]:
        centers = without_what_the_ministry_enters()
        return centers if may_everywhere(user, self.act) else centers.none()

    def line(self, row: Any) -> WorkItem:
        address, missing = reverse("center:edit", args=[row.pk]), missing_facts(row)
        if not missing:
            asked = urlencode({"role": RoleName.CENTER_MANAGER.value, "center": row.pk})
            address = f"{reverse('user:add')}?{asked}"
        if not row.has_manager:
            missing.append(_("center manager"))
        lacks = _("lacks: %(facts)s") % {"facts": format_list(missing)}
        steps = (_("All steps"), reverse("first_cohort", args=[row.pk]))
        return WorkItem(str(row), address, lacks, also=[steps])


class IdleCenters(Work):
    name = "idle-centers"
    title = gettext_lazy("Centers without a session this week")
    help = gettext_lazy("They have running cohorts. Ask the center why it does not teach.")
    roles = frozenset({RoleName.MINISTRY_OFFICER})
    act = Act.VIEW_COHORTS
    order = 85

    def rows(self, user: User) -> QuerySet[Center]:
        return self.reach(idle_centers(), user).select_related("governorate")

    def line(self, row: Center) -> WorkItem:
        address = f"{reverse('cohort:index')}?center={row.pk}&state={CohortState.RUNNING}"
        # Isolated: a number that begins with a plus sign is read from left to right.
        phone = f"\u2066{row.phone}\u2069" if row.phone else ""
        note = " · ".join(part for part in (str(row.governorate), phone) if part)
        return WorkItem(str(row), address, note)
