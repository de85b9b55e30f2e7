"""Doubts of a certificate on its page, and the decision of a second person about a revocation or a suspension."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.reauthentication import ConfirmedActView
from certificates.enums import CredentialState, DoubtCause, ProceedingState, Status
from certificates.forms import ReinstatementForm
from certificates.models import Credential
from certificates.queries.doubts import Doubt, doubts_of
from certificates.services.doubts import lift_doubt
from certificates.services.proceedings import decide_revocation, drop_revocation
from certificates.services.statuses import confirm_suspension
from certificates.viewsets.changes import complete, followed


@dataclass(frozen=True)
class ShownDoubt:
    """`number` is that of the certificate that the doubt is about, empty for this one; `url` leads to where it is decided."""

    doubt: Doubt
    number: str
    url: str
    is_lifted_here: bool


def context_of_doubts(credential: Credential, *, user: User) -> dict[str, Any]:
    """For the page of a certificate: each cause of doubt with where it is decided, and what waits for a second person."""
    last = None
    if credential.state == CredentialState.SUSPENDED:
        last = credential.events.filter(status=Status.SUSPENDED).order_by("-at", "-pk").first()
    proceedings = credential.proceedings.select_related("opened_by")
    return {
        "doubts": [
            _shown(doubt, credential, user) for doubt in doubts_of([credential]).get(credential.pk, ())
        ],
        "proceeding": proceedings.filter(state=ProceedingState.OPEN).first(),
        "unconfirmed": last if last and last.until else None,
        "decision_form": ReinstatementForm(auto_id="decide_%s"),
    }


def _shown(doubt: Doubt, credential: Credential, user: User) -> ShownDoubt:
    about, is_own = doubt.credential, doubt.credential.pk == credential.pk
    url = ""
    if doubt.cause == DoubtCause.COMPLETION and about.enrollment:
        page = "confirm" if may(user, Act.APPROVE_CERTIFICATES, on=about.enrollment) else "inspect"
        url = reverse(f"enrollment:{page}", args=[about.enrollment_id])
    elif not is_own and may(user, Act.VIEW_CERTIFICATES, on=about):
        url = reverse("credentials:inspect", args=[about.pk])
    is_lifted_here = is_own and doubt.is_confirmed_here and may(user, Act.APPROVE_CERTIFICATES, on=credential)
    return ShownDoubt(doubt, "" if is_own else about.number, url, is_lifted_here)


class LiftDoubtView(ConfirmedActView):
    model = Credential
    is_final = False

    def act_on(self, pk: int) -> str:
        typed = self.request.POST
        lift_doubt(
            credential_id=pk,
            cause=typed.get("cause", ""),
            about=typed.get("about", ""),
            reason=complete(ReinstatementForm(typed)).cleaned_data["note"],
            by=self.request.user,
        )
        return _("The certificate stays in spite of this. Other doubts about it are still open.")


class DecideRevocationView(ConfirmedActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        note = complete(ReinstatementForm(self.request.POST)).cleaned_data["note"]
        change = decide_revocation(credential_id=pk, note=note, by=self.request.user)
        said = _("Certificate %(number)s was revoked. The public page says so from now on.")
        return " ".join([said % {"number": change.credential.number}, *followed(change)])


class DropRevocationView(ConfirmedActView):
    model = Credential
    is_final = False

    def act_on(self, pk: int) -> str:
        note = complete(ReinstatementForm(self.request.POST)).cleaned_data["note"]
        drop_revocation(credential_id=pk, note=note, by=self.request.user)
        return _("The certificate is not revoked. Its holder is told.")


class ConfirmSuspensionView(ConfirmedActView):
    model = Credential
    is_final = False

    def act_on(self, pk: int) -> str:
        note = complete(ReinstatementForm(self.request.POST)).cleaned_data["note"]
        confirm_suspension(credential_id=pk, note=note, by=self.request.user)
        return _("The suspension is confirmed. It lasts until the certificate is in force again or revoked.")
