"""What the live app registers with Wagtail."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from accounts.models import Person, User
from accounts.scoping.handover import NamedWork
from accounts.scoping.work import Shortcut, Work
from courses.models import Enrollment
from live.enums import ObsPicture
from live.viewsets import LiveSessionViewSet
from live.work import NAMED_WORK, SHORTCUTS, WORK
from media_pipeline.models import Video


def clock_of(milliseconds: int, _data: Mapping[str, Any]) -> str:
    """A time in a recording: 75000 is 0:01:15."""
    return str(dt.timedelta(seconds=milliseconds // 1000))


LOG_ACTIONS = {
    "live.session.schedule": (_("Schedule live class"), _("Live class scheduled")),
    "live.session.change": (_("Change live class"), _("Room of the live class changed")),
    "live.session.cancel": (_("Cancel live class"), _("Live class canceled")),
    "live.session.substitute": (_("Substitute"), _("Another instructor takes the live class")),
    "live.session.open": (_("Open live class"), _("Live class opened")),
    "live.session.end": (_("End live class"), _("Live class ended, attendance written")),
    "live.recording.make": (_("Make video of recording"), _("Recording became a video")),
    "live.recording.forget": (_("Forget recording"), _("Recording forgotten after its time")),
    "live.recording.lesson": (_("Make lesson of recording"), _("Lesson made of a recording")),
    "live.slides.upload": (_("Upload slides"), _("Slides uploaded for a live class")),
    "live.slides.describe": (_("Write the text of a slide"), _("Text of a slide changed")),
    "live.obs.listener.renew": (_("Make an OBS address"), _("Address for OBS made for a live class")),
    "live.obs.listener.end": (_("End an OBS address"), _("Address for OBS of a live class ended")),
    "live.session.checks": (_("Switch presence checks"), _("Presence checks switched on or off")),
    "live.session.inspect": (_("Watch as an inspector"), _("Watched by an inspector")),
    "live.attendance.object": (_("Object to attendance"), _("Attendance objected to")),
    "live.attendance.answer": (_("Answer an objection"), _("Objection to attendance answered")),
    "live.attendance.freeze": (_("Freeze attendance"), _("Attendance frozen")),
    "live.message.remove": (_("Remove message"), _("Message removed")),
    "live.models.room_rules.change": (_("Change room rules"), _("Rules of a live room changed")),
    "live.person.muted": (_("Mute"), _("Muted in a live class")),
    "live.person.unmuted": (_("Unmute"), _("Unmuted in a live class")),
    "live.person.kicked": (_("Send out of live class"), _("Sent out of a live class for now")),
    "live.person.readmitted": (_("Readmit to live class"), _("Removal from a live class taken back")),
    "live.all.muted": (_("Mute all"), _("All trainees of a live class muted")),
    "live.all.unmuted": (_("Unmute all"), _("All trainees of a live class unmuted")),
    "live.host.add": (_("Add co-instructor"), _("Co-instructor of a live class added")),
    "live.host.remove": (_("Remove co-instructor"), _("Co-instructor of a live class removed")),
    "live.call.done": (_("Mark call done"), _("Wish to be called marked done")),
    "live.phone.show": (_("Show number"), _("Showed the number of a trainee who asked to be called")),
    "live.groups.prepare": (_("Prepare groups"), _("List of groups for live classes prepared")),
    "live.groups.discard": (_("Delete groups"), _("List of groups for live classes deleted")),
    "live.person.removed": (_("Remove from live class"), _("Removed from a live class")),
}

# Labels for the data of log entries (`accounts.audit.labels`).
AUDIT_LABELS: dict[str, Any] = {
    "live:subject": (_("trainee"), User),
    "live.host:subject": (_("co-instructor"), User),
    "live:person": (_("trainee"), Person),
    "live:reason": _("reason"),
    "live:number": _("number"),
    "live:digest": _("digest"),
    # The number of the entry in the log of the class.
    "live:seq": _("entry of the class log"),
    "live.session.end:policy": _("version of the attendance rule"),
    "live.session.checks:on": _("switched on"),
    "live.session.substitute:from": (_("before"), User),
    "live.session.substitute:to": (_("after"), User),
    "live.attendance.object:enrollment": (_("enrollment"), Enrollment),
    "live.attendance.answer:granted": _("granted"),
    "live.attendance.answer:answer": _("answer"),
    "live.obs:picture": (_("picture"), ObsPicture),
    "live.recording.forget:kept": _("videos kept"),
    "live.recording.make:video": (_("video"), Video),
    "live.recording.make:recording": None,
    "live.recording.lesson:lesson": None,
    "live.recording.lesson:start": (_("from"), clock_of),
    "live.recording.lesson:end": (_("until"), clock_of),
    "live.slides:deck": None,
    "live.slides:title": _("title"),
    "live.slides:page": _("slide"),
    "live.groups:list": None,
    "live.groups:name": _("name"),
    "live.models.room_rules.change:slow_seconds": _("pause between messages, seconds"),
    "live.models.room_rules.change:trainee_chat": _("trainees may write"),
    "live.models.room_rules.change:lobby": _("trainees wait to be let in"),
    "live.models.room_rules.change:locked": _("locked"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def live_sessions() -> LiveSessionViewSet:
    return LiveSessionViewSet()


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, Any]:
    return AUDIT_LABELS


@hooks.register("register_work")
def register_work() -> Sequence[type[Work]]:
    return WORK


@hooks.register("register_named_work")
def register_named_work() -> Sequence[type[NamedWork]]:
    return NAMED_WORK


@hooks.register("register_shortcuts")
def register_shortcuts() -> Sequence[Shortcut]:
    return SHORTCUTS
