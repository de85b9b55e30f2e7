"""Every file of every built-in design conforms, worded for a woman, a man, and a person whose sex is not known."""

from pathlib import Path

import pytest

from accounts.enums import RoleName, Sex
from certificates.designs import NAMES
from certificates.enums import FileKind, Reason
from certificates.models import Artifact, Credential
from certificates.services.archiving import archive_certificates
from certificates.services.file_storage import private_path
from certificates.services.rendering import render_certificates
from certificates.services.statuses import issue_copy
from tests.certificates.drawing.issued_files import certificate_of
from tests.certificates.seal_readers import output_of_pdfsig, validated_by_pyhanko
from tests.factories.accounts import MembershipFactory
from tests.typesetting.validators import outloud_findings, preflight, qpdf
from typesetting.lint import lint

# outloud counts the field of the time stamp, too. It has no area, and ISO 14289-1, 7.18.1 asks nothing of what is outside the crop box;
# the seal before it lets nothing be added to the structure.
STAMP = "FRM-003: 1 form field widget(s) are not inside a /Form structure element"
pytestmark = pytest.mark.engines("judges of other houses over some fifty files", nightly=True)


@pytest.mark.usefixtures("no_drawn_files")
@pytest.mark.parametrize("sex", [*Sex.values, ""])
@pytest.mark.parametrize("design", NAMES)
def test_pages_copies_cards_and_archives_conform(design: str, sex: str, tmp_path: Path):
    files = issued_files(certificate_of(design, sex=sex))

    # Of the original and of a copy, as it is and as it is archived.
    assert len(files) == (8 if design == "skill_level" else 4)
    for file in files:
        pdf = private_path(file.path).read_bytes()
        assert lint(pdf) == []
        assert outloud_findings(pdf) == ([STAMP] if file.kind == FileKind.ARCHIVE else [])
        assert qpdf(pdf) == ""
        assert preflight(pdf) == []
        assert validated_by_pyhanko(pdf).bottom_line
        assert "Signature is Valid." in output_of_pdfsig(pdf, tmp_path)


def issued_files(credential: Credential) -> list[Artifact]:
    """All that may be made of a certificate: paper and card, of the original and of a copy, each archived."""
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user
    issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    render_certificates(job_ids=list(credential.render_jobs.values_list("pk", flat=True)))
    archive_certificates(limit=20)
    return list(credential.artifacts.order_by("pk"))
