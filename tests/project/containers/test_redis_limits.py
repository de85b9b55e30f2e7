"""The three Redis of docker-compose.yml, with their own settings: neither a full cache nor pages block a task or a counter."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from pytest_django.fixtures import Settings
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from lms.embedded.environment import ROOT
from lms.embedded.postgres import free_port
from lms.page_cache import CachedPage, Pages
from scripts.scaled_check import STORES, redis_arguments, services
from tests.external_programs import program

PASSWORD = "of-this-test"
PIECE = b"x" * 64 * 1024


def test_broker_cache_and_pages_are_three_servers():
    environment = services()["web"]["environment"]

    hosts = {
        name: environment[variable].rpartition("@")[2].partition(":")[0] for name, variable in STORES.items()
    }

    assert hosts == {"broker": "broker", "cache": "cache", "pages": "pages"}


@pytest.mark.parametrize(
    ("name", "policy"), [("broker", "noeviction"), ("cache", "allkeys-lru"), ("pages", "allkeys-lru")]
)
def test_each_has_a_limit_and_the_policy_of_their_kind(name: str, policy: str):
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


@pytest.mark.scaled("needs redis-server")
def test_ten_thousand_pages_leave_broker_and_counters_as_they_were(settings: Settings):
    with small("broker") as broker, small("cache") as cache, small("pages") as pages:
        broker.lpush("messages", "a notice")
        cache.set("failed logins", 4)
        location = pages.connection_pool.connection_kwargs
        settings.CACHES = {
            **settings.CACHES,
            "pages": settings.CACHES["pages"]
            | {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": f"redis://:{PASSWORD}@127.0.0.1:{location['port']}/0",
                "OPTIONS": {},
            },
        }
        kept = Pages()
        for number in range(10_000):
            kept.keep(f"address-{number}", CachedPage(b"x" * 4000, b"x" * 400, (), "", time.time() + 60))

        assert 0 < pages.dbsize() < 10_000
        assert (broker.dbsize(), broker.llen("messages")) == (1, 1)
        assert cache.keys() == [b"failed logins"]


SETTINGS_TOLD = (
    "from lms import settings as s; print(s.CELERY_BROKER_URL, s.REDIS_URL, s.CACHES['default']['LOCATION'],"
    " s.CACHES['pages']['LOCATION'], s.PAGE_CACHE_SECONDS)"
)


@pytest.mark.parametrize(
    ("addresses", "told"),
    [
        ({"REDIS_URL": "a", "CACHE_REDIS_URL": "b", "PAGES_REDIS_URL": "c"}, "a a b c 60"),
        ({"REDIS_URL": "a", "CACHE_REDIS_URL": "b"}, "a a b b 60"),
        # The broker keeps no pages.
        ({"REDIS_URL": "a"}, "a a a a 0"),
    ],
)
def test_the_site_uses_each_for_its_own(addresses: dict[str, str], told: str):
    environment = {**os.environ, **{name: f"redis://{host}" for name, host in addresses.items()}}

    said = subprocess.check_output(
        [sys.executable, "-c", SETTINGS_TOLD], cwd=ROOT, env=environment, text=True
    )

    assert said.strip().replace("redis://", "") == told
