"""Groups of tests that one worker runs (`pytest.mark.xdist_group`, with `--dist loadgroup`).

pytest-xdist 3.8 writes the group of a test into an attribute that pytest 9.2 does not read any more, so that every test
would be a group of its own.
"""

import pytest
from _pytest.nodeid import NodeId


class Groups:
    """Runs where tests run (each worker process): names each test as xdist means it."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if name := vars(item).get("_nodeid"):
                item._id = NodeId.parse(name)
