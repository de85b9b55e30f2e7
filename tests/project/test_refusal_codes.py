"""Each refusal has a code of its own, which programs read."""

from collections import defaultdict
from collections.abc import Iterator

from accounts.errors import DomainError
from certificates.errors import NoActiveKey
from courses.errors import CohortFull


def kinds(of: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for kind in of.__subclasses__():
        # Tests make some of their own.
        if not kind.__module__.startswith("tests."):
            yield kind
        yield from kinds(kind)


def test_a_code_is_the_app_and_the_name():
    assert NoActiveKey.code == "certificates.no-active-key"
    assert CohortFull.code == "courses.cohort-full"


def test_a_subclass_does_not_inherit_a_code_and_a_set_one_stays():
    class HTTPAddressGone(DomainError):
        pass

    class Elsewhere(HTTPAddressGone):
        code = "courses.before-it-was-renamed"

    assert HTTPAddressGone.code == "tests.http-address-gone"
    assert Elsewhere.code == "courses.before-it-was-renamed"


def test_no_two_refusals_have_one_code():
    by_code = defaultdict(set)
    for kind in kinds():
        by_code[kind.code].add(kind)

    # Only a class that says so shares the code of its base.
    assert {
        code: same
        for code, same in by_code.items()
        if len(same) > 1 and not any(all(issubclass(kind, base) for kind in same) for base in same)
    } == {}
    assert len(by_code) > 600
