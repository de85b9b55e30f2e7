"""Tests of a group run on one worker, as `pytest.mark.xdist_group` promises."""

from types import SimpleNamespace

import pytest
from xdist.remote import WorkerInteractor
from xdist.scheduler import LoadGroupScheduling

from tests.plugins.groups import Groups


def test_xdist_schedules_tests_by_their_group(request: pytest.FixtureRequest):
    item = pytest.Function.from_parent(request.node.parent, name="one", callobj=lambda: None)
    item.add_marker(pytest.mark.xdist_group("site"))

    WorkerInteractor.pytest_collection_modifyitems(None, SimpleNamespace(getvalue=bool), [item])
    Groups().pytest_collection_modifyitems([item])

    assert LoadGroupScheduling._split_scope(None, item.nodeid) == "site"
