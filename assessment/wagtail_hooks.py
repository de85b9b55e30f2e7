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


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, Any]:
    return {
        "assessment.attempt:number": _("number of the attempt"),
        "assessment.attempt:score": _("score, %"),
        "assessment.attempt:epoch": _("device, by number"),
    }
