"""The end of a review. It imports no models: Wagtail reads its name from the settings while it loads its own."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from accounts.models import User


def publish_what_was_reviewed(workflow_state: "WorkflowState", user: "User | None" = None) -> None:
    """Publish the draft that was read, not one written meanwhile."""
    review = workflow_state.current_task_state
    is_four_eyes = getattr(review.task.specific, "is_four_eyes", False)
    review.revision.publish(user=user, skip_permission_checks=is_four_eyes)
