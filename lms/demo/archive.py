"""A box of the paper archive: typed, one line wrong, one compared already."""

import io

from django.db import transaction

from accounts.enums import RoleName
from certificates.models import CredentialType, LegacyBatch
from certificates.services import check_paper, import_index
from lms.demo.people import Cast
from lms.demo.slides import INK, MUTED, PAPER, box, encoded, render, write
from typesetting import NASKH, NASKH_BOLD, Align, Page, Style

CENTER = "GHR-01"
SIZE = (842.0, 595.0)
HEADERS = "رقم الشهادة,الاسم,البرنامج,عدد الساعات,تاريخ الإصدار,اسم الملف"
# As the papers say it; the typist of the last one misread the day.
PAPERS = (
    ("١١٢/٩٨", "عبد الحميد صالح الجوهري", "لحام بالقوس الكهربائي", "٢٤٠", "١٣/٥/١٩٩٨", "112.jpg"),
    ("١١٣/٩٨", "كريمة عبد العظيم شلبي", "تفصيل وحياكة", "٣٠٠", "١٣/٥/١٩٩٨", "113.jpg"),
    ("١١٤/٩٨", "شنودة ميخائيل جرجس", "لحام بالقوس الكهربائي", "٢٤٠", "٣٠/٦/١٩٩٨", "114.jpg"),
)


@transaction.atomic
def build_archive(cast: Cast) -> None:
    """Find or upload the index of the demo's archive with its scans."""
    center = cast.centers[CENTER]
    if LegacyBatch.objects.filter(center=center).exists():
        return
    rows = [HEADERS, *(",".join(paper) for paper in PAPERS)]
    rows[-1] = rows[-1].replace("٣٠/٦/", "٣١/٦/")
    batch = import_index(
        center_id=center.pk,
        type_id=CredentialType.objects.get(code="completion").pk,
        name="أرشيف طنطا 1998.csv",
        data="\n".join(rows).encode(),
        files=[(paper[-1], io.BytesIO(_scan(*paper[:-1]))) for paper in PAPERS],
        by=cast.working_at(RoleName.CENTER_MANAGER, CENTER),
    )
    first = batch.papers.earliest("line")
    check_paper(paper_id=first.pk, version=first.version, by=cast.officer)


def _scan(number: str, name: str, program: str, hours: str, issued: str) -> bytes:
    """A paper of 1998 as a scanner sees it."""

    def paint(page: Page) -> None:
        box(page, 0, 0, *SIZE, PAPER)
        for inset, color in ((24, MUTED), (28, PAPER)):
            box(page, inset, inset, SIZE[0] - 2 * inset, SIZE[1] - 2 * inset, color)
        for text, style, top in (
            ("شهادة تدريب مهني", Style(NASKH_BOLD, 38, INK), 520.0),
            ("يشهد مركز تدريب طنطا المهني بأن", Style(NASKH, 20, INK), 430.0),
            (name, Style(NASKH_BOLD, 32, INK), 380.0),
            (f"قد أتم برنامج {program} ({hours} ساعة)", Style(NASKH, 20, INK), 300.0),
            (f"رقم {number}", Style(NASKH, 18, INK), 200.0),
            (f"حرر في {issued}", Style(NASKH, 18, INK), 160.0),
        ):
            write(page, text, style, (80, top), (SIZE[0] - 160, 60), Align.CENTER)

    return encoded(render(SIZE, paint).convert("RGB"), "JPEG")
