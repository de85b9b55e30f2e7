"""Two boxes of the paper archive: one waits, one is in the register, and a license is based on a certificate of it."""

import io
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.enums import RoleName
from certificates.models import CredentialType, LegacyBatch
from certificates.services.legacy import import_index
from certificates.services.legacy_checking import check_paper, enter_papers
from lms.demo.certificates import license_holders
from lms.demo.clock import at, moment
from lms.demo.people import DemoPeople
from lms.demo.slides import INK, MUTED, PAPER, box, encoded, render, write
from typesetting import NASKH, NASKH_BOLD, Align, Page, Style

CENTER = "GHR-01"
SIZE = (842.0, 595.0)
HEADERS = "رقم الشهادة,الاسم,البرنامج,عدد الساعات,تاريخ الإصدار,اسم الملف"
# As on the paper certificates; the day of the last one was typed wrongly.
PAPERS = (
    ("١١٢/٩٨", "عبد الحميد صالح الجوهري", "لحام بالقوس الكهربائي", "٢٤٠", "١٣/٥/١٩٩٨", "112.jpg"),
    ("١١٣/٩٨", "كريمة عبد العظيم شلبي", "تفصيل وحياكة", "٣٠٠", "١٣/٥/١٩٩٨", "113.jpg"),
    ("١١٤/٩٨", "شنودة ميخائيل جرجس", "لحام بالقوس الكهربائي", "٢٤٠", "٣٠/٦/١٩٩٨", "114.jpg"),
)
# Of a level of skill; in the register since.
LEVEL = ("٤٠/٠٣", "بدرية عوض الله الصعيدي", "لحام بالقوس الكهربائي", "٣٢٠", "٢٠/١٠/٢٠٠٣", "040.jpg")
# What a license takes from it, too: level, name in Latin letters, day of completion.
LEVEL_HEADERS = "المستوى,الاسم بالإنجليزية,تاريخ الإتمام"
LEVEL_MORE = "عامل ماهر,Badria Awadallah Elsaidy,١٦/١٠/٢٠٠٣"


@transaction.atomic
def build_archive(cast: DemoPeople) -> None:
    """Find or upload the indexes of the demo's archive with their scans."""
    if LegacyBatch.objects.filter(center=cast.centers[CENTER]).exists():
        return
    with at(moment(-25, 10)):
        entered = _upload(
            cast,
            "skill-level",
            "أرشيف طنطا 2003.csv",
            [f"{HEADERS},{LEVEL_HEADERS}", f"{','.join(LEVEL)},{LEVEL_MORE}"],
            [LEVEL],
        )
    with at(moment(-24, 12)):
        _check_first(cast, entered)
        prerequisite = enter_papers(batch_id=entered.pk, by=cast.officer, confirmed_at=timezone.now())
    license_holders(cast, prerequisite, day=-20)
    rows = [HEADERS, *(",".join(paper) for paper in PAPERS)]
    rows[-1] = rows[-1].replace("٣٠/٦/", "٣١/٦/")
    with at(moment(-3, 10)):
        waiting = _upload(cast, "completion", "أرشيف طنطا 1998.csv", rows, PAPERS)
    with at(moment(-2, 12)):
        _check_first(cast, waiting)


def _upload(
    cast: DemoPeople, kind: str, name: str, rows: Sequence[str], papers: Sequence[tuple[str, ...]]
) -> LegacyBatch:
    return import_index(
        center_id=cast.centers[CENTER].pk,
        type_id=CredentialType.objects.get(code=kind).pk,
        name=name,
        data="\n".join(rows).encode(),
        files=[(paper[-1], io.BytesIO(_scan(*paper[:-1]))) for paper in papers],
        by=cast.working_at(RoleName.CENTER_MANAGER, CENTER),
    )


def _check_first(cast: DemoPeople, batch: LegacyBatch) -> None:
    first = batch.papers.earliest("line")
    check_paper(paper_id=first.pk, version=first.version, by=cast.officer)


def _scan(number: str, name: str, program: str, hours: str, issued: str) -> bytes:
    """A scan of a paper certificate of 1998."""

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
