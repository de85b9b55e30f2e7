"""People who wait for a call."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_datetime
from accounts.services.phones import readable_phone
from courses.enums import CallBackState
from courses.models import CallBack
from courses.models.call_backs import MOST_TRIES


class CallsToMake(Work):
    """Of the own desk: an officer of the ministry has those of no center. One that a colleague took is the colleague's."""

    name = "calls"
    title = gettext_lazy("People who wait for a call")
    help = gettext_lazy("Call, then close the request with what came of it, or note that no one answered.")
    roles = frozenset({RoleName.REGISTRAR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.MANAGE_PEOPLE
    order = 12

    def rows(self, user: User) -> QuerySet[CallBack]:
        waiting = CallBack.objects.filter(Q(taken_by=None) | Q(taken_by=user), state=CallBackState.OPEN)
        reached = self.reach_or_own(waiting, user, own=Q(center=None), own_for=RoleName.MINISTRY_OFFICER)
        # The own request is a colleague's to answer.
        others = reached.exclude(person=user.person_id) if user.person_id else reached
        return others.select_related("center").order_by("asked_at", "pk")

    def line(self, row: CallBack) -> WorkItem:
        tried = (
            [_("no answer, %(tries)s of %(most)s") % {"tries": row.tries, "most": MOST_TRIES}]
            if row.tries
            else []
        )
        note = " · ".join([str(row.get_hours_display()), *tried])
        return WorkItem(
            readable_phone(row.phone),
            reverse("call_backs:inspect", args=[row.pk]),
            note,
            format_datetime(row.asked_at),
            is_code=True,
        )
