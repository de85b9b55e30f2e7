"""Paper certificates that are entered into the register."""

import csv
import io
from collections.abc import Sequence

from django.utils import timezone
from PIL import Image

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.models import Credential, LegacyBatch, LegacyPaper
from certificates.services.legacy import import_index
from certificates.services.legacy_checking import check_paper, enter_papers
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import credential_type
from tests.factories.rows import row_of

# What a row says unless a test says otherwise.
USUAL = {
    "number": "123/98",
    "name_ar": "محمود حسن عبد الله السيد",
    "name_en": "",
    "national_number": "",
    "program_ar": "لحام القوس الكهربائي",
    "program_en": "",
    "level": "",
    "hours": "240",
    "completed_on": "1/5/1998",
    "issued_on": "13/5/1998",
    "valid_until": "",
    "scan": "a.png",
}


def index_of(*rows: dict[str, str], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """An index whose rows are usual but for what is given."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(USUAL), delimiter=delimiter)
    writer.writeheader()
    writer.writerows({**USUAL, **row} for row in rows)
    return file.getvalue().encode(encoding)


def picture(color: str = "white", *, kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def document(pages: int = 1) -> bytes:
    """A scan as a PDF."""
    file = io.BytesIO()
    first, *others = [Image.new("RGB", (60, 40), "white") for _number in range(pages)]
    first.save(file, "PDF", save_all=True, append_images=others)
    return file.getvalue()


def files(*named: tuple[str, bytes]) -> list[tuple[str, io.BytesIO]]:
    return [(name, io.BytesIO(data)) for name, data in named]


def typist(center: Center) -> User:
    return MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user


def checker(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def batch_in(
    center: Center,
    *rows: dict[str, str],
    by: User | None = None,
    scans: Sequence[tuple[str, bytes]] | None = None,
    type_code: str = "completion",
) -> LegacyBatch:
    """A batch of the given rows, each usual but for what is given; with a scan each, unless told otherwise."""
    rows = rows or ({},)
    if scans is None:
        names = dict.fromkeys(row.get("scan", USUAL["scan"]) for row in rows)
        scans = [(name, picture()) for name in names if name]
    return import_index(
        center_id=center.pk,
        type_id=credential_type(type_code).pk,
        name="index.csv",
        data=index_of(*rows),
        by=by or typist(center),
        files=files(*scans),
    )


def compared(paper: LegacyPaper, *, by: User) -> LegacyPaper:
    """The row after `by` found that it agrees with its scan."""
    return check_paper(paper_id=paper.pk, version=paper.version, by=by)


def entered(batch: LegacyBatch, *, by: User | None = None) -> list[Credential]:
    """The certificates of a batch that an officer of its center compares and enters now."""
    by = by or checker(batch.center)
    for paper in batch.papers.all():
        compared(paper, by=by)
    return enter_papers(batch_id=batch.pk, by=by, confirmed_at=timezone.now())


@row_of(LegacyBatch)
def legacy_batch_in(center: Center) -> LegacyBatch:
    return batch_in(center)


@row_of(LegacyPaper)
def legacy_paper_in(center: Center) -> LegacyPaper:
    return batch_in(center).papers.get()
