"""The last screen of `make demo`: the logins, what each of them finds, and where to begin."""

from collections.abc import Iterator

from django.utils import translation

from accounts.enums import RoleName
from lms.demo.people import PASSWORD, DemoPeople

# What a login finds, in the order a visitor meets them. One line each, no wider than a terminal.
FINDS: dict[RoleName, str] = {
    RoleName.TRAINEE: "half a program, a class soon, a certificate",
    RoleName.INSTRUCTOR: "a class prepared, a register, a recording",
    RoleName.ASSESSOR: "answers to mark, results, registrar's work",
    RoleName.REGISTRAR: "trainees, a seat given back, lost passwords",
    RoleName.CENTER_MANAGER: "cohorts, a lesson to review, certificates",
    RoleName.CERTIFYING_OFFICER: "a proposal to decide, papers, a suspension",
    RoleName.MINISTRY_OFFICER: "programs, rules, fees, visual identity",
    RoleName.AUDITOR: "the trail of everything, all certificates",
    RoleName.INSPECTOR: "live classes and their attendance, unseen",
}


def last_screen(cast: DemoPeople, *, site: str, certificate: str) -> Iterator[str]:
    """The lines, of which none is wider than 100 columns. `certificate`: the address at which one is verified."""
    yield ""
    yield f"Mihna is ready. Every login has the password {PASSWORD}"
    yield ""
    for role, user in cast.logins():
        with translation.override("en"):
            english = str(role.label)
        with translation.override("ar"):
            arabic = str(role.label)
        # The Arabic name last: no column is counted behind it, whatever the terminal does with its letters.
        yield f"  {user.get_username():<10} {english:<18} {FINDS[role]:<44} {arabic}"
    yield ""
    yield f"  Site         {site}/ar/"
    yield f"  Workplace    {site}/admin/"
    yield f"  Certificate  {certificate}"
    yield ""
