"""The models of notices of all apps."""

import functools
from typing import Any

from django.apps import apps

from accounts.models import Person, PersonalNotice


@functools.cache
def notice_models() -> list[type[PersonalNotice]]:
    return [model for model in apps.get_models() if issubclass(model, PersonalNotice)]


def listed_notice_models() -> list[type[PersonalNotice]]:
    """Those that lists of messages show (`PersonalNotice.is_confidential`)."""
    return [model for model in notice_models() if not model.is_confidential]


def path_to_person(model: type[PersonalNotice]) -> str:
    """The lookup path to the row of the person; empty where it is of no person."""
    path = model.path_to_person or model.person_path
    reached: Any = model
    for name in path.split("__"):
        reached = reached._meta.get_field(name).related_model
    return path if reached is Person else ""


def confidential_labels() -> list[str]:
    """The labels of the others, as deliveries carry them (`Delivery.about`)."""
    return [model._meta.label_lower for model in notice_models() if model.is_confidential]
