"""Notices to numbers that no longer belong to an account (`contacts.record_contact` and `end_contact` write them)."""

from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.models import EarlierNumberNotice
from accounts.services.mail_identity import name_of_site
from accounts.services.notices import Letter, send_due

# Characters of a name in the short message, which has three parts at the most.
SITE_CHARACTERS, CENTER_CHARACTERS = 30, 40


def deliver_earlier_number_notices(*, at_most: int = 500) -> int:
    """Send what is due. Returns how many numbers were written to."""
    return send_due(
        EarlierNumberNotice.objects.select_related("contact__person__registered_at").order_by("pk"),
        is_still_true=lambda _: True,
        letter=_letter,
        at_most=at_most,
    )


def _letter(notices: list[EarlierNumberNotice]) -> Letter:
    """As urgent as what is done to a login. It has no name: the phone may be another person's by now."""
    center = notices[0].contact.person.registered_at
    facts = {"site": Truncator(name_of_site()).chars(SITE_CHARACTERS)}
    if center and center.phone:
        facts |= {
            "where": Truncator(center.name).chars(CENTER_CHARACTERS),
            "phone": f"\u2068{center.phone}\u2069",
        }
        text = gettext(
            "This number no longer belongs to an account of %(site)s. If you did not want this, call %(where)s: %(phone)s"
        )
    else:
        facts["where"] = Truncator(center.name if center else gettext("the ministry")).chars(
            CENTER_CHARACTERS
        )
        text = gettext(
            "This number no longer belongs to an account of %(site)s. If you did not want this, tell %(where)s."
        )
    return Letter(gettext("An earlier number"), text % facts, text=text % facts, may_wake=True)
