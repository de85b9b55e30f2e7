"""The tab of what was written to the people of a cohort."""

from typing import Any

from django.urls import reverse

from courses.queries.announcements import announcements_to, may_write_to
from courses.viewsets.workspace.tabs import WorkspaceTabView

MESSAGES_ON_A_PAGE = 20


class MessagesTab(WorkspaceTabView):
    """Messages to the whole cohort and to some of it. Those to the center, a program or one person are not among them."""

    template_name = "courses/admin/workspace/messages.html"
    tab = "messages"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = announcements_to(self.cohort, self.request.user).select_related("written_by")
        write = may_write_to(self.request.user, self.cohort)
        return super().get_context_data(
            page=self.page_of(sent, MESSAGES_ON_A_PAGE),
            write_url=f"{reverse('announcement:add')}?cohort={self.cohort.pk}" if write else "",
            **kwargs,
        )
