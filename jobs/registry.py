"""The kinds of jobs of the installed apps: each subclass of LeasedJob that has a table."""

from django.apps import apps

from jobs.models import LeasedJob


def kinds() -> list[type[LeasedJob]]:
    return sorted(
        (model for model in apps.get_models() if issubclass(model, LeasedJob)),
        key=lambda kind: kind._meta.label_lower,
    )


def kind_of(label: str) -> type[LeasedJob]:
    """The kind of a label like `certificates.proofjob`. Raises KeyError."""
    return {kind._meta.label_lower: kind for kind in kinds()}[label]
