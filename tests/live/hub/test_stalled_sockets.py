"""Phones that stop reading, among others: the bench's class, on each of the programs that may serve it."""

import pytest

from live.hub import CloseCode
from scripts.bench_live import servers, storms

pytestmark = pytest.mark.scaled("two server programs and dozens of stalled sockets")


@pytest.mark.parametrize("program", ["daphne", "uvicorn"])
async def test_twenty_phones_that_stop_reading_cost_little_and_lose_nothing(program):
    with servers.ours(server=program) as server:
        found = await storms.stall(server, reading=80, stalled=20, stops=True)

    assert found.megabytes < 10
    assert found.codes == {CloseCode.SLOW: 20}
    assert (found.lost, found.duplicated) == (0, 0)
