"""What pages of the site are called, for staff who read where a trainee was: by the names of their views."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAGE_NAMES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "account_login": _("Log in"),
        "account_notices": _("Notices"),
        "account_reset_password": _("Lost password"),
        "assessment:attempt": _("Test"),
        "assessment:submit": _("Test"),
        "certificates:mine": _("My certificates"),
        "certificates:verify": _("Check a certificate"),
        "courses:catalog": _("Programs"),
        "courses:centers": _("Training centers"),
        "courses:check_in": _("Code of a session"),
        "courses:complain": _("Complaints"),
        "courses:enroll": _("Taking a seat"),
        "courses:my_learning": _("My learning"),
        "courses:question": _("Question under a unit"),
        "courses:unit": _("Unit"),
        "courses:unit_questions": _("Questions under a unit"),
        "courses:wait": _("Waiting list"),
        "live:index": _("Live classes"),
        "live:room": _("Live class"),
    }
)


def page_name(view_name: str) -> str:
    """Empty for pages that have no name here: the log has them by the number of the error."""
    return str(PAGE_NAMES.get(view_name, ""))
