"""What the assessment app registers with Wagtail."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("assessment.attempt.start", _("Start attempt"), _("Attempt started"))
    actions.register_action(
        "assessment.attempt.submit", _("Submit attempt"), _("Attempt submitted and marked")
    )
    actions.register_action(
        "assessment.attempt.close", _("Close attempt"), _("Attempt closed and marked: its time ran out")
    )
    actions.register_action(
        "assessment.attempt.take_over", _("Go on on another device"), _("Attempt went on on another device")
    )
    actions.register_action("assessment.attempt.give_time", _("Give time"), _("More time given"))
    actions.register_action("assessment.sitting.plan", _("Plan sitting"), _("Sitting planned"))
    actions.register_action("assessment.sitting.cancel", _("Cancel sitting"), _("Sitting canceled"))
    actions.register_action("assessment.sitting.release", _("Tell the code"), _("Code of the sitting told"))
    actions.register_action("assessment.sitting.end", _("End sitting"), _("Sitting ended"))
    actions.register_action("assessment.sitting.note", _("Note incident"), _("Incident noted"))
    actions.register_action(
        "assessment.sitting.give_time", _("Give the room time"), _("More time given to the room")
    )
    actions.register_action(
        "assessment.window.set", _("Set when a test may be started"), _("When a test may be started was set")
    )


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, Any]:
    return {
        "assessment.attempt:number": _("number of the attempt"),
        "assessment.attempt:score": _("score, %"),
        "assessment.attempt:epoch": _("device, by number"),
        "assessment.attempt:minutes": _("minutes"),
        "assessment.attempt:reason": _("reason"),
        "assessment.sitting:minutes": _("minutes"),
        "assessment.sitting:reason": _("reason"),
        "assessment.sitting:people": _("people"),
        "assessment.sitting:text": _("what happened"),
        "assessment.window:test": _("test"),
        "assessment.window:before": _("before"),
        "assessment.window:after": _("after"),
    }
