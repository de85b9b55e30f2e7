"""Share links and skills passports."""

from accounts.models import Center, User
from certificates.enums import Reason
from certificates.models import Credential
from certificates.services.passports import CreatedPassport, make_passport
from certificates.services.rendering import render_certificate, render_certificates
from certificates.services.sharing import CreatedLink, make_link
from certificates.services.statuses import issue_copy
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.certificates import issued, with_card
from tests.factories.courses import CohortFactory
from tests.factories.rows import Visit, public, visit
from tests.factories.signing_keys import with_demo_keys


def holder_of(credential: Credential) -> User:
    """The login of the holder of a certificate."""
    user = User.objects.filter(person=credential.holder).first()
    return user or TraineeFactory(person=credential.holder)


def linked(*credentials: Credential, days: int = 7) -> CreatedLink:
    """A link to certificates of one person, made by that person."""
    user = holder_of(credentials[0])
    return make_link(
        holder=credentials[0].holder, credential_ids=[one.pk for one in credentials], days=days, by=user
    )


def passported(*credentials: Credential, days: int = 90) -> CreatedPassport:
    """A passport of certificates of one person, made by that person."""
    with_demo_keys()
    return make_passport(
        holder=credentials[0].holder,
        credential_ids=[one.pk for one in credentials],
        days=days,
        is_agreed=True,
        by=holder_of(credentials[0]),
    )


def token_of(made: CreatedLink) -> str:
    return made.address.rpartition("/")[2]


# --- For the walking tests ---------------------------------------------------------------------------------------


@visit("certificates:download_copy")
def own_copy(center: Center) -> Visit:
    credential = issued(CohortFactory(center=center))
    officer = MembershipFactory(role="certifying_officer", center=center).user
    copy = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    render_certificate(job_id=credential.render_jobs.get(copy=copy).pk)
    return Visit(
        user=holder_of(credential), kwargs={"public_id": credential.public_id, "number": copy.number}
    )


@visit("certificates:download_card")
def own_card(center: Center) -> Visit:
    credential = with_card(center)
    return Visit(user=holder_of(credential), kwargs={"public_id": credential.public_id})


@visit("certificates:download_copied_card")
def own_copied_card(center: Center) -> Visit:
    credential = with_card(center)
    officer = MembershipFactory(role="certifying_officer", center=center).user
    copy = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    render_certificates(job_ids=list(credential.render_jobs.filter(copy=copy).values_list("pk", flat=True)))
    return Visit(
        user=holder_of(credential), kwargs={"public_id": credential.public_id, "number": copy.number}
    )


@visit("certificates:end_link")
def own_link(center: Center) -> Visit:
    credential = issued(CohortFactory(center=center))
    link = linked(credential).link
    return Visit(user=holder_of(credential), kwargs={"link_id": link.public_id}, method="post", status=302)


def own_passport(center: Center, **how: object) -> Visit:
    credential = issued(CohortFactory(center=center))
    passport = passported(credential).passport
    return Visit(user=holder_of(credential), kwargs={"passport_id": passport.public_id}, **how)


visit("certificates:passport_pdf")(own_passport)
visit("certificates:passport_data")(own_passport)


@visit("certificates:new_passport_link")
def link_to_own_passport(center: Center) -> Visit:
    return own_passport(center, method="post", data={"days": 7})


@visit("certificates:withdraw_passport")
def withdrawal_of_own_passport(center: Center) -> Visit:
    return own_passport(center, method="post", status=302)


for page in (
    "certificates:shared",
    "certificates:shared_certificate",
    "certificates:shared_passport",
    "share_link",
):
    public(page, "Anyone with the secret of a link sees what its holder shows.")
