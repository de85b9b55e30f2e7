"""Errors of groups."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class NoSuchGroup(LiveError):
    code = "no_such_group"
    message = _("There is no such group or list any more. Choose another one.")


class NotInGroup(LiveError):
    code = "not_in_group"
    message = _("You are in no group. Ask the instructor to put you into one.")


class GroupsNotOpen(LiveError):
    code = "groups_not_open"
    message = _("The groups are closed. Write to the whole class instead.")


class GroupsAlreadyOpen(LiveError):
    code = "groups_open"
    message = _("Groups are at work already. Close them first.")


class GroupsEmpty(LiveError):
    code = "groups_empty"
    message = _("No one is in a group of this list yet. Put people into groups first.")


class TooManyGroupLists(LiveError):
    code = "too_many_lists"
    message = _("The cohort has many lists of groups already. Delete one you no longer use.")
