"""Measures every expression, in a process of its own: nothing else is loaded, and no other thread takes its time. Prints JSON."""

import json
import os
import re
from itertools import groupby
from typing import Any

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from tests.project.expressions.collecting import addresses, expressions
    from tests.project.expressions.hostile import faults_of, faults_within
    from tests.project.expressions.rows import BOUNDED, LINEAR, MADE, ROWS

    listed = {f"{one.module} {one.place}": one for one in expressions()}
    subjects = [
        *(
            (name, re.compile(one.pattern, one.flags), one.methods)
            for name, one in listed.items()
            if name in LINEAR | BOUNDED.keys() and one.pattern is not None
        ),
        *((name, re.compile(sample), frozenset()) for name, samples in MADE.items() for sample in samples),
        *((f"address {one.pattern}", one, frozenset({"search"})) for one in addresses()),
    ]
    faults: dict[str, list[str]] = {}
    for (_pattern, methods), same in groupby(sorted(subjects, key=shape), key=shape):
        alike = list(same)
        bound = (
            min(BOUNDED[name][0] for name, *_ in alike)
            if all(name in BOUNDED for name, *_ in alike)
            else None
        )
        found = faults_within(alike[0][1], methods, bound) if bound else faults_of(alike[0][1], methods)
        faults |= {name: found for name, *_ in alike if found}
    print(
        json.dumps(
            {
                "without a row": sorted(listed.keys() - ROWS),
                "without an expression": sorted(
                    name for name in ROWS - listed.keys() if not name.startswith("address ")
                ),
                "made at run time": sorted(
                    name for name, one in listed.items() if name in LINEAR and one.pattern is None
                ),
                "faults": faults,
                "measured": len(subjects),
            }
        )
    )


def shape(subject: tuple[str, re.Pattern[Any], frozenset[str]]) -> tuple[str, list[str]]:
    """What is measured once."""
    _name, pattern, methods = subject
    return repr(pattern.pattern) + repr(pattern.flags), sorted(methods)


main()
