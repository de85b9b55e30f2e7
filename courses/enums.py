"""Enumerations of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sector(models.TextChoices):
    ELECTRICITY = "electricity", _("electricity")
    METAL = "metal", _("metal work")
    GARMENTS = "garments", _("garments")
    NETWORKS = "networks", _("information networks")
    BUILDING = "building", _("building")
    SERVICES = "services", _("services")


class Shift(models.TextChoices):
    MORNING = "morning", _("morning")
    EVENING = "evening", _("evening")


class CohortState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("open for enrollment")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")


class FactsSource(models.TextChoices):
    """Where the facts of a cohort that papers print come from."""

    OPENED = "opened", _("as published when the cohort opened")
    # Written by the migration for cohorts of before facts were frozen, where no revision of that day was found.
    UPGRADE = "upgrade", _("as of the upgrade, not of the day the cohort opened")
    COMPARED = "compared", _("as of the upgrade, compared by an officer")
    CORRECTED = "corrected", _("corrected by the ministry")


class FactsState(models.TextChoices):
    WAITING = "waiting", _("waits for a second officer")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class EnrollmentState(models.TextChoices):
    ACTIVE = "active", _("active")
    COMPLETED = "completed", _("completed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FAILED = "failed", _("not completed")


class Entry(models.TextChoices):
    """How people come into a cohort: by the button of its program, or through the staff of its center only."""

    OPEN = "open", _("everyone takes a seat themselves")
    STAFF = "staff", _("the center gives the seats")


class HoldReason(models.TextChoices):
    WAITING_LIST = "waiting_list", _("next on the waiting list")
    STAFF = "staff", _("kept by the center")


class HoldState(models.TextChoices):
    HELD = "held", _("held")
    USED = "used", _("taken")
    RELEASED = "released", _("released")
    EXPIRED = "expired", _("expired")


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("seat offered")
    ENROLLED = "enrolled", _("enrolled")
    LEFT = "left", _("left the list")
    LAPSED = "lapsed", _("offer not taken")
    CLOSED = "closed", _("list closed")


class WithdrawalReason(models.TextChoices):
    """Why a person leaves a cohort, as figures count it."""

    WORK = "work", _("found work or has no time")
    DISTANCE = "distance", _("too far or too expensive to reach")
    HEALTH = "health", _("health")
    FAMILY = "family", _("family")
    CONNECTION = "connection", _("phone, data or connection")
    UNSUITABLE = "unsuitable", _("the program does not suit")
    ABSENT = "absent", _("does not come any more")
    OTHER = "other", _("another reason")


class SeatNoticeKind(models.TextChoices):
    OFFERED = "offered", _("seat offered")
    LAPSED = "lapsed", _("offer not taken")
    LIST_CLOSED = "list_closed", _("list closed")
    TRANSFERRED = "transferred", _("transferred")
    WITHDRAWN = "withdrawn", _("seat ended by the center")
    REINSTATED = "reinstated", _("seat given again")
    CLOSED = "closed", _("cohort closed before you completed")
    REOPENED = "reopened", _("cohort reopened")
    LIST_REOPENED = "list_open", _("waiting list open again")
    YIELDED = "yielded", _("seat gone to a proved person")


class Risk(models.TextChoices):
    """Why somebody may not complete the program, as the workspace of a cohort finds it (`courses.queries.workspace.risks`)."""

    IDLE = "idle", _("no progress")
    ATTENDANCE = "attendance", _("attendance too low")
    UNREACHABLE = "unreachable", _("attendance out of reach")
    FAILED = "failed", _("failed a test twice")
    OVERDUE = "overdue", _("overdue units")


class CompletesBy(models.TextChoices):
    """What completes a unit: the trainee's confirmation, watched coverage, or a mark."""

    READING = "reading", _("reading")
    WATCHING = "watching", _("watching")
    MARKS = "marks", _("marks")


class SessionKind(models.TextChoices):
    CLASS = "class", _("class")
    WORKSHOP = "workshop", _("workshop day")
    LIVE = "live", _("live class")
    # Counts for no attendance (`ClassSessionQuerySet.for_attendance`); tests are taken in it.
    EXAM = "exam", _("exam")


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("present")
    LATE = "late", _("late")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class AttendanceSource(models.TextChoices):
    # By an instructor, a registrar or a manager.
    INSTRUCTOR = "trainer", _("attendance sheet")
    LIVE = "live", _("live presence")
    QR = "qr", _("QR code")
    CODE = "code", _("code typed")
    OFFLINE = "offline", _("offline device")
    PAPER = "paper", _("paper sheet")


class PaperState(models.TextChoices):
    """How far the marks of a printed sheet are typed."""

    TYPED = "typed", _("typed once")
    COMPARED = "compared", _("typed twice, with differences")
    RECORDED = "recorded", _("recorded")
    DISCARDED = "discarded", _("discarded")


class CorrectionReason(models.TextChoices):
    """Why content of running cohorts is changed."""

    SAFETY = "safety", _("safety")
    LAW = "law", _("law")
    PRIVACY = "privacy", _("privacy")


class InfoKind(models.TextChoices):
    """The pages that every site of the ministry has, by what they are about."""

    PRIVACY = "privacy", _("privacy notice")
    TERMS = "terms", _("terms of use")
    HELP = "help", _("help")
    CONTACT = "contact", _("contact")
    ACCESSIBILITY = "accessibility", _("accessibility statement")


class ImportKind(models.TextChoices):
    TRAINEES = "trainees", _("trainees")
    ENROLLMENTS = "enrollments", _("seats of trainees on record")
    COHORTS = "cohorts", _("cohorts")
    RESULTS = "results", _("results of tests")
    STAFF = "staff", _("staff and their roles")


class ImportPhase(models.TextChoices):
    """What the job of an import does: first it only reads, then, when someone has read the result, it writes."""

    CHECK = "check", _("check")
    IMPORT = "import", _("import")


class ImportStep(models.TextChoices):
    """The phase and the state of an import in one word."""

    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, not imported yet")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("stopped by an error")
    CANCELED = "canceled", _("canceled")


class AnnouncementScope(models.TextChoices):
    """To whom staff write: those who learn there now, or people whom they chose."""

    MINISTRY = "ministry", _("all trainees")
    CENTER = "center", _("trainees of a center")
    PROGRAM = "program", _("trainees of a program")
    COHORT = "cohort", _("trainees of a cohort")
    SELECTION = "selection", _("chosen trainees")
    PERSON = "person", _("one person")


class AnnouncementState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    CANCELED = "canceled", _("canceled")


class AnnouncementKind(models.TextChoices):
    """In the order in which notices are sent."""

    URGENT = "urgent", _("urgent")
    PERSONAL = "personal", _("to the person")
    ORDINARY = "ordinary", _("announcement")


class QuestionNoticeKind(models.TextChoices):
    ANSWERED = "answered", _("an instructor answered")
    REPLIED = "replied", _("a fellow trainee wrote")
    # To the author of what staff hid, and show again.
    HIDDEN = "hidden", _("what you wrote was hidden")
    RESTORED = "restored", _("what you wrote is shown again")


class MuteNoticeKind(models.TextChoices):
    MUTED = "muted", _("you cannot write under lessons")
    UNMUTED = "unmuted", _("you may write again")


class AttendanceNoticeKind(models.TextChoices):
    CORRECTED = "corrected", _("a mark was corrected")
    GRANTED = "granted", _("an objection was granted")
    REFUSED = "refused", _("an objection was refused")


class ComplaintKind(models.TextChoices):
    """What a complaint is about."""

    COURSE = "course", _("the content of a course")
    CLASS = "class", _("a class or workshop day")
    CENTER = "center", _("a training center")
    STAFF = "staff", _("a member of staff")
    CERTIFICATE = "certificate", _("a certificate that was not given")
    DECISION = "decision", _("a certificate that is revoked, suspended or to be revoked")
    QUESTIONS = "questions", _("questions under lessons, or that you cannot write there")


class ComplaintChannel(models.TextChoices):
    """How a complaint came."""

    LOGIN = "login", _("by the person, logged in")
    PUBLIC = "public", _("by the page for everybody")
    DESK = "desk", _("at the desk")


class ComplaintState(models.TextChoices):
    NEW = "new", _("not taken yet")
    TAKEN = "taken", _("being worked on")
    ASKED = "asked", _("waiting for the citizen")
    CLOSED = "closed", _("closed")


class ComplaintOutcome(models.TextChoices):
    UPHELD = "upheld", _("upheld")
    NOT_UPHELD = "not_upheld", _("not upheld")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "withdrawn")


class ComplaintLevel(models.IntegerChoices):
    """Who is asked, from below. The last one where a complaint is about everybody below it."""

    CENTER = 1, _("center")
    GOVERNORATE = 2, _("governorate")
    MINISTRY = 3, _("ministry")
    LAST = 4, _("superuser, seen by the auditors")


class ComplaintEventKind(models.TextChoices):
    FILED = "filed", _("received")
    TAKEN = "taken", pgettext_lazy("complaint", "taken")
    ASKED = "asked", _("question to the citizen")
    REPLIED = "replied", _("answer of the citizen")
    NOTED = "noted", _("note of staff")
    HANDED_OVER = "handed_over", _("handed over")
    CLOSED = "closed", _("answered and closed")
    REOPENED = "reopened", _("reopened by the citizen")


class ComplaintNoticeKind(models.TextChoices):
    QUESTION = "question", _("question about a complaint")
    ANSWER = "answer", _("answer to a complaint")
    REOPENED = "reopened", _("an answer was taken back by the ministry")


class CallHours(models.TextChoices):
    """When somebody wants to be called."""

    ANY = "any", _("at any time")
    MORNING = "morning", _("in the morning, until 12")
    NOON = "noon", _("at noon, from 12 to 3")
    AFTERNOON = "afternoon", _("in the afternoon, after 3")


class CallBackState(models.TextChoices):
    OPEN = "open", _("waiting for a call")
    CLOSED = "closed", pgettext_lazy("request for a call", "closed")


class CallBackOutcome(models.TextChoices):
    SOLVED = "solved", _("helped on the phone")
    PASSED_ON = "passed_on", _("passed on to a colleague")
    COMPLAINT = "complaint", _("entered as a complaint")
    NOT_REACHED = "not_reached", _("not reached")
    NOT_MEANT = "not_meant", _("wrong number, or no question")


class CallBackEventKind(models.TextChoices):
    ASKED = "asked", _("asked for a call")
    ADDED = "added", _("asked again")
    TAKEN = "taken", pgettext_lazy("request for a call", "taken")
    TRIED = "tried", _("called, no answer")
    CLOSED = "closed", pgettext_lazy("request for a call", "closed")
    REOPENED = "reopened", _("opened again")
