"""The two Redis of docker-compose.yml, with their own settings: a full cache blocks no task, and no task is evicted."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from lms.embedded.environment import ROOT
from lms.embedded.postgres import free_port
from scripts.scaled_check import STORES, redis_arguments, services
from tests.external_programs import program

PASSWORD = "of-this-test"
PIECE = b"x" * 64 * 1024


def test_broker_and_cache_are_two_servers():
    environment = services()["web"]["environment"]

    hosts = {
        name: environment[variable].rpartition("@")[2].partition(":")[0] for name, variable in STORES.items()
    }

    assert hosts == {"broker": "broker", "cache": "cache"}


@pytest.mark.parametrize(("name", "policy"), [("broker", "noeviction"), ("cache", "allkeys-lru")])
def test_both_have_a_limit_and_the_policy_of_their_kind(name: str, policy: str):
    words = shlex.split(services()[name]["command"])
    told = dict(zip(words[1::2], words[2::2], strict=True))

    assert told["--maxmemory-policy"] == policy
    assert told["--maxmemory"].endswith("mb")


@contextmanager
def small(name: str) -> Iterator[redis.Redis]:
    """The Redis of a service with little memory."""
    port = free_port()
    command = [program("redis-server", package="redis-server"), *redis_arguments(name, port, PASSWORD)]
    with subprocess.Popen([*command, "--maxmemory", "4mb"], cwd="/", stdout=subprocess.DEVNULL) as process:
        try:
            with redis.Redis(port=port, password=PASSWORD, retry=Retry(ConstantBackoff(0.05), 100)) as client:
                client.ping()
                yield client
        finally:
            process.terminate()


def fill(client: redis.Redis) -> int:
    """Write more than fits into memory; returns how many writes were refused."""
    refused = 0
    for number in range(100):
        try:
            client.set(f"piece-{number}", PIECE)
        except redis.ResponseError:
            refused += 1
    return refused


@pytest.mark.scaled("needs redis-server")
def test_a_full_cache_accepts_new_keys_and_evicts_others():
    with small("cache") as cache:
        assert fill(cache) == 0
        assert cache.get("piece-99") == PIECE
        # Which ones went is a matter of chance within a second, the unit of its clock.
        assert 0 < cache.dbsize() < 100


@pytest.mark.scaled("needs redis-server")
def test_a_full_broker_refuses_what_is_new_and_keeps_every_message():
    with small("broker") as broker:
        broker.lpush("messages", "a notice")
        assert fill(broker) > 0
        assert broker.lrange("messages", 0, -1) == [b"a notice"]


def test_the_site_uses_each_for_its_own_and_one_for_both_where_it_has_only_one():
    ask = "from lms import settings as s; print(s.CELERY_BROKER_URL, s.REDIS_URL, s.CACHES['default']['LOCATION'])"

    def told(**addresses: str) -> list[str]:
        environment = {**os.environ, **addresses}
        return subprocess.check_output(
            [sys.executable, "-c", ask], cwd=ROOT, env=environment, text=True
        ).split()

    assert told(REDIS_URL="redis://a", CACHE_REDIS_URL="redis://b") == ["redis://a", "redis://a", "redis://b"]
    assert told(REDIS_URL="redis://a") == ["redis://a"] * 3
