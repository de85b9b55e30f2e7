"""The models of notices of all apps."""

import functools

from django.apps import apps

from accounts.models import PersonalNotice


@functools.cache
def notice_models() -> list[type[PersonalNotice]]:
    return [model for model in apps.get_models() if issubclass(model, PersonalNotice)]
