"""Enumerations of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class EnrollmentState(models.TextChoices):
    ACTIVE = "active", _("active")
    COMPLETED = "completed", _("completed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FAILED = "failed", _("not completed")


class CompletesBy(models.TextChoices):
    """What completes a unit: the trainee's confirmation, watched coverage, or a mark."""

    READING = "reading", _("reading")
    WATCHING = "watching", _("watching")
    MARKS = "marks", _("marks")


class SessionKind(models.TextChoices):
    CLASS = "class", _("class")
    WORKSHOP = "workshop", _("workshop day")
    LIVE = "live", _("live class")


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("present")
    LATE = "late", _("late")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class AttendanceSource(models.TextChoices):
    INSTRUCTOR = "trainer", _("instructor")
    LIVE = "live", _("live presence")
    QR = "qr", _("QR code")
    OFFLINE = "offline", _("offline device")


class InfoKind(models.TextChoices):
    """The pages that every site of the ministry has, by what they are about."""

    PRIVACY = "privacy", _("privacy notice")
    TERMS = "terms", _("terms of use")
    HELP = "help", _("help")
    CONTACT = "contact", _("contact")
    ACCESSIBILITY = "accessibility", _("accessibility statement")
