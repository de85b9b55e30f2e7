"""Reads the posted form of a quiz."""

from django.http import QueryDict

# A question's inputs are named by its id behind this, so that no other input can pass for an answer.
PREFIX = "question-"


def responses_in(posted: QueryDict) -> dict[str, list[str]]:
    """Question id -> ids of the chosen options. Whether they belong to the attempt is the service's to decide."""
    return {name.removeprefix(PREFIX): posted.getlist(name) for name in posted if name.startswith(PREFIX)}
