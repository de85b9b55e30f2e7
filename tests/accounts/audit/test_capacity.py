"""For whom an action was done: each action says which act it needs."""

import pytest
from wagtail.log_actions import registry

from accounts.audit.capacity import acts_needed, lender_behind
from accounts.enums import Act, MembershipScope, RoleName
from accounts.models import HeldRole

LENDER = 7


def held(role: RoleName, lender: int | None = None) -> HeldRole:
    return HeldRole(role, MembershipScope.CENTER, 1, None, lender)


def test_every_action_of_the_trail_says_which_act_it_needs():
    registry.scan_for_actions()
    ours = [action for action in registry.formatters if not action.startswith("wagtail.")]

    unknown = []
    for action in ours:
        try:
            acts_needed(action, label="", data={})
        except KeyError:
            unknown.append(action)

    assert len(ours) > 150
    assert unknown == []


@pytest.mark.parametrize(
    ("roles", "acted_for"),
    [
        ([held(RoleName.REGISTRAR, LENDER)], LENDER),
        ([held(RoleName.INSTRUCTOR), held(RoleName.REGISTRAR, LENDER)], LENDER),
        ([held(RoleName.REGISTRAR), held(RoleName.CENTER_MANAGER, LENDER)], None),
        ([held(RoleName.INSTRUCTOR, LENDER)], None),
        ([held(RoleName.REGISTRAR)], None),
    ],
)
def test_what_an_own_role_allows_is_done_in_the_own_name(roles: list[HeldRole], acted_for: int | None):
    found = lender_behind(roles, frozenset({Act.ENROLL}), is_there=lambda role: True)

    assert found == acted_for
