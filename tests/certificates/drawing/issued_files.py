"""Certificates that the site issued in its built-in designs, about somebody whose name has ligatures."""

from certificates.models import CertificateTemplate, Credential
from certificates.services.designs import install_designs
from certificates.services.proposing import propose
from tests.certificates.designs import SIGNATORY
from tests.factories.accounts import CenterFactory, MembershipFactory, PersonFactory
from tests.factories.certificates import approved, completed_enrollment, proposed_for, type_printed_by
from tests.factories.courses import closed, taught_cohort
from tests.factories.signing_keys import with_demo_keys

NAME = "لمياء عبد الله الشرنوبي"
LATIN = "Lamiaa Abdallah El-Sharnoubi"


def certificate_of(design: str, *, sex: str = "") -> Credential:
    """A certificate in force by the newest edition of a built-in design."""
    with_demo_keys()
    center = CenterFactory()
    by = MembershipFactory(role="center_manager", center=center).user
    install_designs(by=by)
    template = CertificateTemplate.objects.get(built_in__startswith=f"{design}-")
    for field, text in SIGNATORY.items():
        setattr(template, field, text)
    template.live = True
    template.save()
    # The rule is that of the day on which the cohort opens.
    type_ = type_printed_by(template)
    # A supplement lists more units than its first page holds.
    cohort = taught_cohort(center=center, lessons=30 if design == "supplement" else 2)
    person = PersonFactory(full_name_ar=NAME, full_name_en=LATIN, sex=sex)
    completed_enrollment(cohort, person=person)
    if design == "attendance":
        closed(cohort)
    if design == "supplement":
        # It belongs to a certificate.
        approved(proposed_for(cohort))
    proposal = propose(cohort_id=cohort.pk, type_id=type_.pk, template_id=template.pk, by=by)
    (credential,) = approved(proposal)
    return credential
