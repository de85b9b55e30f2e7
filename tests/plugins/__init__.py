"""Pytest plugins: tiers, groups, costs, flaky and skipped tests, and a tally of authorization requests. Registered by `tests/conftest.py`."""

import pytest

from tests.plugins.costs import Ledger, Meter
from tests.plugins.flaky import Flaky
from tests.plugins.groups import Groups
from tests.plugins.skips import Skips
from tests.plugins.tally import Tally
from tests.plugins.tiers import Tiers


def register(config: pytest.Config) -> None:
    config.pluginmanager.register(Tiers(), "mihna-tiers")
    config.pluginmanager.register(Groups(), "mihna-groups")
    config.pluginmanager.register(Meter(), "mihna-meter")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Ledger(), "mihna-ledger")
        config.pluginmanager.register(Skips(fails=config.getoption("--fail-on-skip")), "mihna-skips")
        config.pluginmanager.register(Tally(), "mihna-tally")
        if config.getoption("--once-more"):
            config.pluginmanager.register(Flaky(config.rootpath), "mihna-flaky")


__all__ = ["register"]
