"""Drafts: a certificate as it would be printed, for the officer who decides about it."""

from django.conf import settings
from django.utils import timezone

from certificates.codes import LENGTH
from certificates.drawing import (
    CertificateData,
    compose,
    design_digest,
    placeholder_offline_url,
    read_design,
    stacked_as_png,
)
from certificates.models import ProposalRow
from certificates.services.designs import design_for_person, placeholder_number
from certificates.services.issuing import Conditions
from certificates.services.sealed_pdfs import verify_url

# Across every page: a picture of it is no certificate.
DRAFT_WORDS = "مسودة – DRAFT"
_CODE = "0" * LENGTH


def draft_as_png(row: ProposalRow, *, width: int) -> bytes:
    """The sheets of the certificate that a row would get, in the design of today, one under the other.

    Raises TypesettingError.
    """
    paper = draft_of(row)
    cards = [True] if read_design(paper.design).has_card_beside_page else []
    return stacked_as_png(*(compose(paper, card=card).finish() for card in [False, *cards]), width=width)


def draft_of(row: ProposalRow) -> CertificateData:
    """The data of the certificate that a row would get, with the wording for its person."""
    frozen = row.proposal.template.frozen()
    number = placeholder_number(row.proposal.center, row.proposal.type)
    today = timezone.localdate()
    conditions = Conditions(row.proposal.type, [row], today).of(row)
    return CertificateData(
        number=number,
        code=_CODE,
        issued_on=today,
        claims=row.claims,
        design=design_for_person(frozen.design, row.person),
        verify_url=verify_url(_CODE),
        valid_from=conditions["valid_from"],
        valid_until=conditions["valid_until"],
        offline_url=placeholder_offline_url(row.claims, code=_CODE, number=number, site=settings.SITE_URL),
        watermark=DRAFT_WORDS,
        assets=frozen.assets,
    )


def design_shown(row: ProposalRow) -> str:
    """The digest of the design in which a draft of the row is drawn now."""
    return design_digest(row.proposal.template.design())
