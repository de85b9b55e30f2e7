"""Prints the table of permissions as a page of the documentation: `python -m scripts.permissions > docs/reference/permissions.md`."""

import os
from collections.abc import Iterator

import django

HEAD = """# Who may do what

Printed from `accounts/rule.py` and `accounts/roles.py` by `python -m scripts.permissions > docs/reference/permissions.md`; a test compares them.

A role reaches the rows of the place where it is held: a center, the centers of a governorate, or the whole ministry. Rows that belong to
no center (kinds of certificates, levels, API clients) are reached from the whole ministry only. Superusers, who run the site, pass every
act; the guards in the last column bind them too where they name a person (not the own record, not the own certificate). Everybody else gets a
404, as if there were no such row.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *_roles(), "", *_objects(), ""])


def _roles() -> Iterator[str]:
    from accounts.roles import ROLES  # noqa: PLC0415 - needs the app registry

    yield "## Roles\n"
    yield "| role | given by a center | acts |"
    yield "|---|---|---|"
    for name, role in ROLES.items():
        acts = ", ".join(sorted(f"`{act}`" for act in role.acts)) or "none over rows of others"
        yield f"| {name} | {'yes' if role.is_local else 'no'} | {acts} |"


def _objects() -> Iterator[str]:
    from accounts.roles import roles_with  # noqa: PLC0415 - needs the app registry
    from accounts.rule import RULE  # noqa: PLC0415 - needs the app registry

    yield "## Objects\n"
    yield "| object | verb | act | roles | and only |"
    yield "|---|---|---|---|---|"
    for label, verbs in RULE.items():
        for verb, grant in verbs.items():
            roles = ", ".join(sorted(roles_with(grant.act)))
            second = f"**a second person**, after the one who {grant.second_to}" if grant.second_to else ""
            only = "; ".join(filter(None, (grant.but, second)))
            yield f"| {label} | {verb} | `{grant.act}` | {roles} | {only} |"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    print(page(), end="")
