"""The models of notices of all apps."""

import functools

from django.apps import apps

from accounts.models import PersonalNotice


@functools.cache
def notice_models() -> list[type[PersonalNotice]]:
    return [model for model in apps.get_models() if issubclass(model, PersonalNotice)]


def listed_notice_models() -> list[type[PersonalNotice]]:
    """Those that lists of messages show (`PersonalNotice.is_confidential`)."""
    return [model for model in notice_models() if not model.is_confidential]


def confidential_labels() -> list[str]:
    """The labels of the others, as deliveries carry them (`Delivery.about`)."""
    return [model._meta.label_lower for model in notice_models() if model.is_confidential]
