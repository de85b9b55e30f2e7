"""Where work of the roles begins, in the buttons of the home page."""

from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.scoping.work import Shortcut

SHORTCUTS = (
    Shortcut(
        gettext_lazy("Front desk"),
        "desk",
        "user",
        frozenset({RoleName.REGISTRAR}),
        Act.MANAGE_PEOPLE,
    ),
    Shortcut(
        gettext_lazy("Cohorts"),
        "cohort:index",
        "group",
        frozenset(
            {
                RoleName.INSTRUCTOR,
                RoleName.ASSESSOR,
                RoleName.REGISTRAR,
                RoleName.CENTER_MANAGER,
                RoleName.AUDITOR,
                RoleName.INSPECTOR,
            }
        ),
        Act.VIEW_COHORTS,
    ),
    Shortcut(
        gettext_lazy("Sessions"),
        "classsession:index",
        "calendar-alt",
        frozenset({RoleName.INSTRUCTOR, RoleName.REGISTRAR, RoleName.CENTER_MANAGER}),
        Act.VIEW_COHORTS,
    ),
    Shortcut(
        gettext_lazy("Open a cohort"),
        "cohort:add",
        "plus",
        frozenset({RoleName.CENTER_MANAGER}),
        Act.MANAGE_COHORTS,
    ),
    Shortcut(
        gettext_lazy("Import a list"),
        "imports:add",
        "upload",
        frozenset({RoleName.ASSESSOR, RoleName.REGISTRAR}),
        Act.IMPORT_LISTS,
    ),
    Shortcut(
        gettext_lazy("Set a completion rule"),
        "completionrule:add",
        "check",
        frozenset({RoleName.MINISTRY_OFFICER}),
        Act.MANAGE_CENTERS,
    ),
)
