"""A small group cannot be calculated from what is published of a quarter."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.suppression import Group, Line, Path, published
from tests.hypothesis_budget import examples

SMALLEST = 10

paths = st.tuples(
    st.sampled_from("abc"), st.sampled_from((1, 2, 3)), st.sampled_from(("f", "m")), st.sampled_from("xyz")
)
sizes = st.one_of(st.integers(1, 14), st.integers(1, 300))
tables = st.dictionaries(paths, sizes.map(lambda people: Group(people, people)), max_size=40)


def most_of_left_out(
    lines: list[Line], parts: dict[Path, set[Path]], known: dict[Path, int]
) -> dict[Path, int]:
    """None that is left out is larger than the smallest next to it that is published."""
    return {
        part: min(known[other] for other in parts[line.path] if other in known)
        for line in lines
        if line.is_rest
        for part in parts[line.path] - known.keys()
    }


def attack(groups: dict[Path, Group], lines: list[Line]) -> dict[Path, tuple[float, float]]:
    """The narrowest interval of each sum at each level that follows from what is published, by everything that a reader can write down:
    a sum is that of its parts, a published number is itself, the rest is the sum of the parts not published, and
    everything is at least 0. The reader knows which groups there are, and by which rule they are left out: none that is left out next to
    others is larger than the smallest of those. Repeated until nothing changes: for sums of sums, which
    nowhere overlap, no other calculation finds more.
    """
    parts: dict[Path, set[Path]] = defaultdict(set)
    for path in groups:
        for depth in range(4):
            parts[path[:depth]].add(path[: depth + 1])
    known = {line.path: line.people for line in lines if not line.is_rest}
    sums = [(path, below, None) for path, below in parts.items()]
    sums += [
        (None, {part for part in parts[line.path] if part not in known}, line.people)
        for line in lines
        if line.is_rest
    ]
    bounds: dict[Path, tuple[float, float]] = {
        path: (known.get(path, 0), known.get(path, float("inf")))
        for path in {*parts, *(part for below in parts.values() for part in below)}
    }
    for part, most in most_of_left_out(lines, parts, known).items():
        bounds[part] = (0, min(most, bounds[part][1]))
    while True:
        before = dict(bounds)
        for whole, below, people in sums:
            low, high = (people, people) if whole is None else bounds[whole]
            lows, highs = sum(bounds[part][0] for part in below), sum(bounds[part][1] for part in below)
            if whole is not None:
                bounds[whole] = (max(low, lows), min(high, highs))
            for part in below:
                others_low = lows - bounds[part][0]
                others_high = sum(bounds[other][1] for other in below if other != part)
                bounds[part] = (
                    max(bounds[part][0], low - others_high),
                    min(bounds[part][1], high - others_low),
                )
        if before == bounds:
            return bounds


def sums_of(groups: dict[Path, Group]) -> dict[Path, int]:
    sums: dict[Path, int] = defaultdict(int)
    for path, group in groups.items():
        for depth in range(5):
            sums[path[:depth]] += group.people
    return sums


def with_sums(groups: dict[Path, Group]) -> dict[Path, Group]:
    """As if no one were in two groups."""
    sums: dict[Path, Group] = {}
    for path, group in groups.items():
        for depth in range(5):
            before = sums.get(path[:depth], Group(0, 0))
            sums[path[:depth]] = Group(before.people + group.people, before.persons + group.persons)
    return sums


@settings(max_examples=examples(0.6))
@given(tables)
def test_no_small_group_can_be_calculated(groups: dict[Path, Group]):
    lines = published(with_sums(groups), smallest=SMALLEST)

    for path, (low, high) in attack(groups, lines).items():
        people = sums_of(groups)[path]
        assert low <= people <= high
        if people < SMALLEST:
            assert low == 0
            assert high >= SMALLEST


@settings(max_examples=examples(0.4))
@given(tables)
def test_what_is_published_is_true_and_adds_up(groups: dict[Path, Group]):
    lines = published(with_sums(groups), smallest=SMALLEST)

    sums = sums_of(groups)
    shown = {line.path: line.people for line in lines if not line.is_rest}
    for path, people in shown.items():
        assert people == sums[path] >= SMALLEST
        below = [size for other, size in shown.items() if other[:-1] == path and len(other) == len(path) + 1]
        rest = [line.people for line in lines if line.is_rest and line.path == path]
        assert not below or sum(below) + sum(rest) == people


def test_a_group_of_one_person_who_enrolled_often_is_small():
    groups = {("a", 1, "f", "x"): Group(12, 1), ("a", 1, "m", "x"): Group(40, 40)}

    lines = published(with_sums(groups), smallest=SMALLEST)

    assert [line.path for line in lines] == [(), ("a",), ("a", 1)]


def test_a_reader_who_knows_the_rules_does_not_calculate_the_smallest():
    groups = {
        ("a", governorate, "f", "x"): Group(people, people)
        for governorate, people in ((1, 9), (2, 11), (3, 11), (4, 50))
    }

    lines = published(with_sums(groups), smallest=SMALLEST)

    shown = [line.people for line in lines if len(line.path) == 2 and not line.is_rest]
    rest = [line.people for line in lines if line.is_rest]
    assert (shown, rest) == ([50], [31])


def test_people_who_enrolled_in_two_groups_are_counted_once():
    groups = {("a", governorate, "f", "x"): Group(5, 5) for governorate in (1, 2)}
    sizes = {**with_sums(groups), (): Group(10, 5), ("a",): Group(10, 5)}

    assert published(sizes, smallest=SMALLEST) == []
