"""The pictures of the manual: what each shows, to whom, of which part of the page. Their people are those of the demo.
Each is taken in both languages, next to the page that it is on.

`take` makes one. Pictures have two pixels for each one of the page, so that they are sharp on a phone and in print.
"""

import datetime as dt
import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageStat
from playwright.sync_api import Browser, Page
from wagtail.users.models import UserProfile

from accounts.models import Person, User
from accounts.services.saved_views import save_view
from assessment.models import Question as BankQuestion
from certificates.enums import ProposalState
from certificates.models import Proposal
from certificates.queries.fees import unpaid_rows
from courses.enums import AnnouncementScope, CohortState, ImportKind, SessionKind
from courses.models import CallBack, ClassSession, Cohort, Complaint, Question
from courses.services.announcements import write_announcement
from courses.services.attendance_codes import open_code_page
from courses.services.imports import upload_list, work_on_import
from lms.demo.messages import ANNOUNCEMENT
from lms.demo.people import DemoPeople
from manual.queries import LANGUAGES, PIXEL_RATIO
from tests.browser_pages import entered
from tests.courses.imports.lists import csv_of

# A page of the workplace without its menu, which is as wide as this. The menu is left out of the picture.
DESK = {"width": 1240, "height": 1900}
PHONE = {"width": 390, "height": 760}
# Of a page, few colors without loss are sharper and smaller; of a drawing with many, such as a certificate, the other way.
COLORS = 64
QUALITY = 62
# Shades of a page that shows something; one that stayed empty has next to none.
LEAST_CONTRAST = 8


@dataclass(frozen=True)
class Shot:
    """A picture: `login` opens `address`; `shown` has to be there. It is `height` high and as wide as `frame`, and begins at the top of
    the page, or of `top`.
    """

    login: str
    address: Callable[[DemoPeople], str]
    shown: str
    height: int = 620
    frame: str = "main"
    top: str = ""
    is_phone: bool = False


def admin(name: str) -> Callable[[DemoPeople], str]:
    return lambda _cast: reverse(name)


TABS = ".workspace__tabs"


def of_cohort(name: str) -> Callable[[DemoPeople], str]:
    return lambda cast: reverse(f"cohort:{name}", args=[running(cast).pk])


def running(cast: DemoPeople) -> Cohort:
    """The fullest cohort of the main center."""
    cohorts = Cohort.objects.filter(center=cast.center, state=CohortState.RUNNING)
    return cohorts.order_by("-seats_taken", "pk")[0]


def workshop(cast: DemoPeople) -> ClassSession:
    """The newest workshop day of that cohort with marks on its sheet."""
    days = ClassSession.objects.filter(cohort=running(cast), kind=SessionKind.WORKSHOP)
    return days.filter(starts_at__lt=timezone.now(), attendance__isnull=False).distinct().latest("starts_at")


def of_undecided(name: str) -> Callable[[DemoPeople], str]:
    """The proposal that waits for a decision; its center is in Tanta."""
    return lambda _cast: reverse(
        f"proposals:{name}", args=[Proposal.objects.filter(state=ProposalState.PROPOSED).earliest("pk").pk]
    )


def with_open_code(cast: DemoPeople) -> str:
    """Of a workshop day that goes on now: the demo has one on some hours only."""
    now = timezone.now()
    day = workshop(cast)
    session = ClassSession.objects.create(
        cohort=day.cohort,
        kind=SessionKind.WORKSHOP,
        title=day.title,
        starts_at=now - dt.timedelta(minutes=5),
        ends_at=now + dt.timedelta(hours=2),
    )
    open_code_page(session_id=session.pk, by=cast.manager)
    return reverse("classsession:code", args=[session.pk])


def with_saved_views(cast: DemoPeople) -> str:
    registrar = cast.login("registrar")
    for name, state in (("المجموعات الجارية", "running"), ("المفتوحة للتسجيل", "open")):
        save_view(
            list_name="cohort:index", name=name, parameters={"state": [state]}, columns=[], by=registrar
        )
    return reverse("cohort:index")


def checked_list(cast: DemoPeople) -> str:
    """Three trainees, one of them twice, and a line with a number that is none."""
    rows = (
        ("الاسم", "الرقم القومي", "الموبايل"),
        ("منى إبراهيم حسن السيد", "30401018812348", "01559900001"),
        ("هبة محمود سعد الدين", "29905058834561", "01559900002"),
        ("سلمى أحمد عبد الله", "30003038877722", "01559900003"),
        ("منى إبراهيم حسن السيد", "30401018812348", "01559900001"),
        ("هدى سمير فوزي", "123", ""),
    )
    run = upload_list(
        center_id=cast.center.pk,
        kind=ImportKind.TRAINEES,
        name="متدربو مدينة نصر.csv",
        chunks=[csv_of(*rows)],
        by=cast.login("registrar"),
    )
    work_on_import(run_id=run.pk)
    return reverse("imports:inspect", args=[run.pk])


def person(cast: DemoPeople) -> Person:
    trainee: Person = cast.trainee.person
    return trainee


def unpaid(cast: DemoPeople) -> str:
    waits = unpaid_rows().filter(proposal__center=cast.center).earliest("pk")
    return reverse("proposals:fees", args=[waits.proposal_id])


def draft_to_cohort(cast: DemoPeople) -> str:
    draft = write_announcement(
        scope=AnnouncementScope.COHORT,
        cohort_id=running(cast).pk,
        texts=ANNOUNCEMENT,
        is_urgent=False,
        by=cast.manager,
    )
    return reverse("announcement:inspect", args=[draft.pk])


def new_rule(cast: DemoPeople) -> str:
    return f"{reverse('completionrule:add')}?program={running(cast).program_id}"


SHOTS: Mapping[str, Shot] = {
    "home-registrar": Shot("registrar", admin("wagtailadmin_home"), ".work__line"),
    "home-manager": Shot("manager", admin("wagtailadmin_home"), ".work__line"),
    "home-instructor": Shot("instructor", admin("wagtailadmin_home"), ".work__line"),
    "home-officer": Shot("officer", admin("wagtailadmin_home"), ".work__line"),
    "enrollments-list": Shot("registrar", admin("enrollment:index"), "table tbody tr", height=520),
    "announcement-preview": Shot("manager", draft_to_cohort, "main dl", height=700),
    "workspace-roster": Shot("manager", of_cohort("people"), "table tbody tr", height=820, top=TABS),
    "workspace-matrix": Shot("manager", of_cohort("sessions"), "table tbody tr", height=760, top=TABS),
    "workspace-at-risk": Shot("manager", of_cohort("risks"), "table tbody tr", height=820, top=TABS),
    "attendance-sheet": Shot(
        "instructor",
        lambda cast: reverse("classsession:attendance", args=[workshop(cast).pk]),
        "table tbody tr",
    ),
    "attendance-code": Shot("manager", with_open_code, "svg", height=760, frame="body", is_phone=True),
    "front-desk": Shot("registrar", admin("desk"), "form input"),
    "saved-views": Shot("registrar", with_saved_views, "table tbody tr", height=520),
    "person-page": Shot(
        "registrar", lambda cast: reverse("person:inspect", args=[person(cast).pk]), "main dl, main table"
    ),
    "proposal-page": Shot("manager.tanta", of_undecided("inspect"), "main table, main dl"),
    "approval-page": Shot(
        "officer.tanta", of_undecided("inspect"), "main form", height=700, top='main form[action*="approve"]'
    ),
    "fees": Shot("registrar", unpaid, "main form input", height=520),
    "security-paper": Shot("manager", admin("sheets:index"), "table tbody tr", height=520),
    "complaint-page": Shot(
        "ministry",
        lambda cast: reverse("complaints:inspect", args=[Complaint.objects.earliest("pk").pk]),
        "main dl",
    ),
    "figures": Shot("ministry", admin("figures"), "main table"),
    "call-back": Shot(
        "registrar",
        lambda cast: reverse("call_backs:inspect", args=[CallBack.objects.earliest("pk").pk]),
        "main dl",
    ),
    "deputies": Shot("registrar", admin("deputies"), "main h2", height=480),
    "import-preview": Shot("registrar", checked_list, "main", height=560),
    "completion-rule": Shot("ministry", new_rule, "main form textarea, main form [type=number]", height=760),
    "questions": Shot(
        "instructor",
        lambda cast: reverse("question:inspect", args=[Question.objects.earliest("pk").pk]),
        "main",
    ),
    "question-bank": Shot(
        "instructor",
        lambda cast: reverse(
            "bank:inspect",
            args=[BankQuestion.objects.of_the_bank().filter(owner=None, kind="single").earliest("pk").pk],
        ),
        ".bank__languages, .bank__key",
    ),
    "audit-trail": Shot("auditor", admin("audit:index"), "table tbody tr"),
}


def take(browser: Browser, site: str, shot: Shot, cast: DemoPeople) -> dict[str, Image.Image]:
    """The picture that a page gives today, by language. Raises `AssertionError` where it does not open or shows nothing."""
    user: User = cast.staff[shot.login]
    address = shot.address(cast)
    pictures = {}
    for language in LANGUAGES:
        choose_language(user, language)
        pictures[language] = _taken(browser, site, shot, user, address, language)
    return pictures


def _taken(browser: Browser, site: str, shot: Shot, user: User, address: str, language: str) -> Image.Image:
    size = PHONE if shot.is_phone else DESK
    context = entered(browser, site, user, viewport=size, device_scale_factor=PIXEL_RATIO, locale=language)
    _confirm(context.cookies()[0]["value"], user)
    page = context.new_page()
    answer = page.goto(site + address)
    assert answer is not None and answer.ok, f"{address}: {answer and answer.status}"
    # The site's font is optional: it is in a page that finds it in the cache.
    page.wait_for_load_state("networkidle")
    page.reload()
    page.locator(shot.shown).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(clip=_clip(page, shot, size), animations="disabled")))
    context.close()
    assert ImageStat.Stat(picture.convert("L")).stddev[0] > LEAST_CONTRAST, address
    return picture.convert("RGB")


def save(picture: Image.Image, path: Path) -> None:
    """In the smaller of two ways."""
    flat = picture.quantize(COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    written = (
        _webp(flat, lossless=True, quality=100),
        _webp(picture, quality=QUALITY),
    )
    path.write_bytes(min(written, key=len))


def _webp(picture: Image.Image, **options: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", method=6, **options)
    return file.getvalue()


def choose_language(user: User, language: str) -> None:
    """The one in which the workplace speaks to `user`."""
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save(update_fields=["preferred_language"])


def _clip(page: Page, shot: Shot, size: Mapping[str, int]) -> dict[str, float]:
    box = page.locator(shot.frame).first.bounding_box()
    assert box is not None, shot.frame
    above = page.locator(shot.top).first.bounding_box() if shot.top else None
    top = above["y"] if above else 0
    return {
        "x": box["x"],
        "y": top,
        "width": box["width"],
        "height": min(shot.height, size["height"] - top),
    }


def _confirm(key: str, user: User) -> None:
    """As if the password had been typed just now: some acts ask for that."""
    session = SessionStore(key)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
