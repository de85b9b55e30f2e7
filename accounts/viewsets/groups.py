"""Wagtail's pages of groups, without their way to its pages of users, which ours replace."""

from wagtail.admin.widgets.button import HeaderButton
from wagtail.users.views.groups import EditView, GroupViewSet


class GroupEditView(EditView):
    @property
    def header_buttons(self) -> list[HeaderButton]:
        return []


class GroupsViewSet(GroupViewSet):
    edit_view_class = GroupEditView
