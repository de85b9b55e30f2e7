"""Notices to people about their login."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import LoginNoticeKind
from accounts.models import Center, LoginNotice, User
from accounts.services.formatting import format_date, format_list
from accounts.services.notices import Letter, send_due

# Characters of the name of a center in a short message, which has three parts at the most.
CENTER_CHARACTERS = 40
SUBJECTS = {
    LoginNoticeKind.NEW_PASSWORD: _("Your login has a new password"),
    LoginNoticeKind.RECOVERED: _("Your login has a new password"),
    LoginNoticeKind.EMPTIED: _("Choose a new password for your login"),
    LoginNoticeKind.FACTOR_ADDED: _("Your login has a second factor"),
    LoginNoticeKind.FACTOR_REMOVED: _("A second factor of your login was removed"),
    LoginNoticeKind.PROVIDER_LINKED: _("Your login was linked with the identity provider"),
    LoginNoticeKind.SESSIONS_ENDED: _("The sessions of your login were ended"),
    LoginNoticeKind.ROLE_OFFER: _("A role is offered to you"),
    LoginNoticeKind.REQUEST_ANSWERED: _("Your request about your data was answered"),
    LoginNoticeKind.DEPUTY_BEGINS: _("You act for a colleague"),
    LoginNoticeKind.DEPUTY_ENDS: _("You no longer act for a colleague"),
    LoginNoticeKind.LENDING_BEGINS: _("A colleague acts for you"),
    LoginNoticeKind.LENDING_ENDS: _("A colleague no longer acts for you"),
    LoginNoticeKind.WORK_TAKEN: _("Work was handed over to you"),
    LoginNoticeKind.WORK_GIVEN: _("Work of yours was handed over"),
}
BODIES = {
    LoginNoticeKind.NEW_PASSWORD: _(
        "Staff of %(where)s gave your login a new password, and ended its sessions. If you did not ask for this, tell the ministry."
    ),
    LoginNoticeKind.RECOVERED: _(
        "Your login has a new password, chosen with a code to your mobile number, and its sessions ended. If that was not you, tell your center."
    ),
    LoginNoticeKind.EMPTIED: _(
        "Staff confirmed whose login this is, so its password and sessions ended. Choose a new password by “Forgotten password”. If you showed your "
        "identity card to no one, tell the ministry."
    ),
    LoginNoticeKind.FACTOR_ADDED: _(
        "A second factor was set up for your login. If that was not you, tell the ministry: your password is known to another person."
    ),
    LoginNoticeKind.FACTOR_REMOVED: _(
        "A second factor of your login was removed. If you did not do this or ask for it, tell the ministry."
    ),
    LoginNoticeKind.PROVIDER_LINKED: _(
        "An account of the identity provider opens your login from now on. If that is not yours, tell the ministry."
    ),
    LoginNoticeKind.ROLE_OFFER: _("%(where)s offers you a role. Accept or decline it."),
    LoginNoticeKind.REQUEST_ANSWERED: _("Your request about your data was answered."),
    LoginNoticeKind.DEPUTY_BEGINS: _(
        "You act for %(lender)s as %(role)s, %(where)s, until %(until)s. What you do by this role is recorded with both names."
    ),
    LoginNoticeKind.DEPUTY_ENDS: _("You no longer act for %(lender)s as %(role)s, %(where)s."),
    LoginNoticeKind.LENDING_BEGINS: _(
        "%(deputy)s acts for you as %(role)s, %(where)s, until %(until)s. You may end this."
    ),
    LoginNoticeKind.LENDING_ENDS: _("%(deputy)s no longer acts for you as %(role)s, %(where)s."),
    LoginNoticeKind.WORK_TAKEN: ngettext_lazy(
        "%(count)s line of work of %(colleague)s, %(where)s, is in your name from now on: %(work)s. Your home page shows it.",
        "%(count)s lines of work of %(colleague)s, %(where)s, are in your name from now on: %(work)s. Your home page shows them.",
        "count",
    ),
    LoginNoticeKind.WORK_GIVEN: ngettext_lazy(
        "%(count)s line of work in your name, %(where)s, was handed over to %(colleague)s: %(work)s. Your home page shows what is left.",
        "%(count)s lines of work in your name, %(where)s, were handed over to %(colleague)s: %(work)s. Your home page shows what is left.",
        "count",
    ),
    LoginNoticeKind.SESSIONS_ENDED: _(
        "Staff of %(where)s ended all sessions of your login. Log in again; if you did not ask for this, tell the ministry."
    ),
}
# A short message names no one: the phone may be another person's by now.
SHORT = {
    LoginNoticeKind.ROLE_OFFER: _("%(where)s offers you a role. Accept or decline it here: %(offers)s"),
    LoginNoticeKind.REQUEST_ANSWERED: _(
        "Your request about your data was answered. Read it here: %(account)s"
    ),
    LoginNoticeKind.DEPUTY_BEGINS: _("You act for a colleague until %(until)s: %(deputies)s"),
    LoginNoticeKind.DEPUTY_ENDS: _("You no longer act for a colleague: %(deputies)s"),
    LoginNoticeKind.LENDING_BEGINS: _("A colleague acts for you until %(until)s: %(deputies)s"),
    LoginNoticeKind.LENDING_ENDS: _("A colleague no longer acts for you: %(deputies)s"),
    LoginNoticeKind.WORK_TAKEN: _(
        "Work of a colleague, %(where)s, is in your name from now on. Your home page shows it."
    ),
    LoginNoticeKind.WORK_GIVEN: _(
        "Work in your name, %(where)s, was handed over. Your home page shows what is left."
    ),
}
WORK = {LoginNoticeKind.WORK_TAKEN, LoginNoticeKind.WORK_GIVEN}
# Where their readers act: a button on the site, an address below the words of a mail.
PAGES = {
    LoginNoticeKind.REQUEST_ANSWERED: "account",
    LoginNoticeKind.ROLE_OFFER: "offers",
    LoginNoticeKind.DEPUTY_BEGINS: "deputies",
    LoginNoticeKind.LENDING_BEGINS: "deputies",
    LoginNoticeKind.WORK_TAKEN: "wagtailadmin_home",
    LoginNoticeKind.WORK_GIVEN: "wagtailadmin_home",
}
# Cohorts that a notice names; the others are counted.
MOST_PLACES = 5


def notify_holder(*, user: User, kind: LoginNoticeKind, center: Center | None) -> None:
    """Write, inside the caller's transaction, what was done to the login; `center` is None for the ministry."""
    LoginNotice.objects.create(user=user, kind=kind, center=center)


def notify_of_work(
    *,
    user: User,
    kind: LoginNoticeKind,
    center: Center | None,
    colleague: User,
    lines: int,
    places: Sequence[str],
) -> None:
    """Write, inside the caller's transaction, that `lines` of work of some cohorts came from `colleague`, or went there."""
    LoginNotice.objects.create(
        user=user, kind=kind, center=center, colleague=colleague, lines=lines, places=list(places)
    )


def deliver_login_notices(*, at_most: int = 500) -> int:
    """Send what is due. Returns how many people were written to."""
    return send_due(
        LoginNotice.objects.select_related(
            "center", "colleague", "deputy__user", "deputy__lent_from__user"
        ).order_by("pk"),
        is_still_true=lambda _: True,
        letter=_letter,
        at_most=at_most,
    )


def _letter(notices: list[LoginNotice]) -> Letter:
    # The newest of a kind; of each deputy and each hand-over.
    newest = {
        (LoginNoticeKind(notice.kind), notice.deputy_id, notice.colleague_id and notice.pk): notice
        for notice in notices
    }
    pages = ("offers", "account", "deputies", "wagtailadmin_home")
    places = {name: f"{settings.SITE_URL}{reverse(name)}" for name in pages}
    mail, site, text, link = [], [], "", places["account"]
    for (kind, _deputy, _handed), notice in newest.items():
        where = str(notice.center) if notice.center else gettext("the ministry")
        named = {**places, **_names(notice), **_work(notice)}
        # A hand-over from before the colleague was noted is told without the name.
        is_told_shortly = notice.kind in WORK and notice.colleague is None
        said = (SHORT[kind] if is_told_shortly else BODIES[kind]) % {"where": where, **named}
        link = places[PAGES.get(kind, "account")]
        site.append(said)
        mail.append(f"{said}\n{link}" if kind in PAGES else said)
        # A short message does not name the login: the phone number was not verified.
        text = SHORT.get(kind, BODIES[kind]) % {
            "where": Truncator(where).chars(CENTER_CHARACTERS),
            **named,
        }
    kind = list(newest)[-1][0]
    return Letter(
        str(SUBJECTS[kind]),
        "\n\n".join(mail),
        text=text,
        may_wake=True,
        link=link,
        on_site="\n\n".join(site),
    )


def _work(notice: LoginNotice) -> dict[str, Any]:
    """What was handed over, and with whom; nothing where the notice is about no hand-over."""
    if notice.colleague is None:
        return {}
    named = [str(place) for place in notice.places[:MOST_PLACES]]
    left = len(notice.places) - len(named)
    if left > 0:
        named.append(ngettext("%(count)s more cohort", "%(count)s more cohorts", left) % {"count": left})
    return {"colleague": str(notice.colleague), "count": notice.lines, "work": format_list(named)}


def _names(notice: LoginNotice) -> dict[str, str]:
    """Who acts for whom; nothing where the notice is about no deputy."""
    deputy = notice.deputy
    if deputy is None:
        return {}
    return {
        "lender": str(deputy.lender),
        "deputy": str(deputy.user),
        "role": str(deputy.get_role_display()),
        "until": format_date(deputy.until) if deputy.until else "",
    }
