"""Who may choose a document, as the picture of a question."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from wagtail.documents.models import AbstractDocument
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import policy_registry

from accounts.models import User


def may_open(user: User | AnonymousUser, document: AbstractDocument) -> bool:
    policy: BasePermissionPolicy[Any] = policy_registry.get_by_type(type(document))
    verbs = ["choose", "add", "change", "delete"]
    return bool(policy.user_has_any_permission_for_instance(user, verbs, document))
