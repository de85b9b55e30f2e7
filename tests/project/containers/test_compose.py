"""docker-compose.yml names only what exists. These tests need no container engine."""

import importlib.util
import os
import re
import shlex
import subprocess
from itertools import pairwise

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.utils.module_loading import import_string

from lms.embedded.environment import ROOT
from scripts.proxy import filled
from scripts.scaled_check import command_of, services
from tests.external_programs import program


def variables_in(text: str) -> set[str]:
    return set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', text))


SETTINGS = (ROOT / "lms" / "settings.py").read_text()
READ_BY_SETTINGS = variables_in(SETTINGS)
READ_BY_ENGINES = {
    variable
    for engine in settings.OPTIONAL_ENGINES
    if (read := ROOT / engine.replace(".", "/") / "settings.py").exists()
    for variable in variables_in(read.read_text())
}
COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
PROXY = (ROOT / "deploy" / "nginx.conf").read_text()
OURS = sorted(name for name, service in services().items() if "build" in service)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_a_service_is_read_by_the_settings(name):
    of_engines = yaml.safe_load(COMPOSE)["x-engines"]

    assert set(services()[name]["environment"]) - set(of_engines) <= READ_BY_SETTINGS


def test_every_variable_that_an_engine_reads_is_given():
    """The other way round is no fault: an engine may have been removed."""
    assert set(yaml.safe_load(COMPOSE)["x-engines"]) >= READ_BY_ENGINES


@pytest.mark.parametrize("name", OURS)
def test_every_value_that_the_settings_insist_on_is_given(name):
    required = set(re.findall(r'env\.\w+\("([A-Z0-9_]+)"\)', SETTINGS))

    assert required <= set(services()[name]["environment"])


# A server asks the database for its role and keys when it is imported.
@pytest.mark.django_db
@pytest.mark.parametrize("name", OURS)
def test_every_program_is_installed_and_what_it_is_to_run_exists(name):
    installed, *words = command_of(name)

    assert os.access(ROOT / ".venv" / "bin" / installed, os.X_OK)
    modules = [after for word, after in pairwise(words) if word == "-m"]
    assert all(importlib.util.find_spec(module) for module in modules)
    for word in words:
        if word.endswith(".py"):
            assert (ROOT / word).exists()
        if re.fullmatch(r"lms\.[a-z]+(:[a-z]+)?", word) and word not in modules:
            assert callable(import_string(word.replace(":", ".") if ":" in word else f"{word}.application"))
    if "manage.py" in words:
        assert words[words.index("manage.py") + 1] in get_commands()


@pytest.mark.parametrize(("name", "port"), [("web", "8000"), ("sockets", "8001")])
def test_a_server_listens_where_its_health_check_and_the_proxy_look(name, port):
    service = services()[name]

    assert re.search(rf"[: ]{port}\b", service["command"])
    assert service["healthcheck"]["test"][-1] == port
    assert f"server {name}:{port} resolve;" in services()["proxy"]["environment"].values()


def test_every_long_running_service_has_a_health_check():
    stay = {name for name, service in services().items() if service["restart"] != "no"}

    assert {name for name in stay if "healthcheck" not in services()[name]} == set()
    for name, kind in {"beat": "beat", "obs": "srt"}.items():
        assert services()[name]["healthcheck"]["test"] == ["CMD", "python", "scripts/health.py", kind]


def test_the_port_that_is_published_is_the_one_the_proxy_listens_on():
    proxy = services()["proxy"]

    assert [mapping.rpartition(":")[2] for mapping in proxy["ports"]] == [proxy["environment"]["PROXY_PORT"]]


def test_the_proxy_is_new_enough_to_ask_for_its_servers_again():
    image, _, version = services()["proxy"]["image"].partition(":")

    assert image == "nginx"
    # `resolve` came with 1.27.3.
    assert tuple(map(int, version.split("."))) >= (1, 28)


def test_the_proxy_gets_every_variable_of_its_configuration():
    values = services()["proxy"]["environment"]

    assert set(re.findall(r"\$\{(\w+)\}", PROXY)) == set(values)
    assert not re.findall(r"\$\{\w+\}", filled(PROXY, values))


def test_the_proxy_notes_what_it_delivers_where_the_workers_read_it():
    # `count_deliveries` is one of the short tasks.
    proxy, worker = services()["proxy"], services()["worker-default"]
    logs = proxy["environment"]["PROXY_LOGS"]

    assert worker["environment"]["DELIVERY_LOG_ROOT"] == logs
    assert f"deliveries:{logs}" in proxy["volumes"]
    assert f"deliveries:{logs}" in worker["volumes"]
    assert f"{logs}/delivery.log" in (ROOT / "Dockerfile").read_text()


SIGNING = {"prepare", "web", "worker-certificates"}


def test_private_keys_are_given_to_those_who_sign_and_to_no_other():
    secrets = {"SEALING_KEYS_DIR", "SEALING_KEY_PASSPHRASE", "PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN"}

    for name, service in services().items():
        given = secrets & set(service.get("environment", {}))
        has_volume = any(str(one).startswith("keys:") for one in service.get("volumes", []))
        assert (given, has_volume) == ((secrets, True) if name in SIGNING else (set(), False)), name
    writable = {name for name in OURS if "keys:/var/lib/mihna-keys" in services()[name]["volumes"]}
    assert writable == {"prepare"}
    assert {
        name for name in OURS if services()[name]["environment"]["SIGNS_CERTIFICATES"] == "true"
    } == SIGNING


def test_the_image_makes_no_volume_of_keys_for_those_without():
    (volumes,) = re.findall(r"^VOLUME (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert "keys" not in volumes


def test_no_secret_has_a_default():
    secrets = re.findall(r"\$\{(\w*(?:SECRET|KEY|KEYS|PASSWORD)\w*)(:?[^}]*)\}", COMPOSE)

    assert secrets
    # Optional: a login at the mail server, a bucket, a media server, a gateway, an identity provider.
    assert {name for name, rule in secrets if rule != ":?"} == {
        "MAIL_PASSWORD",
        "SMS_GATEWAY_PASSWORD",
        "OIDC_CLIENT_SECRET",
        # Keys are in files or in a hardware module; a service that signs refuses to start without any.
        "SEALING_KEYS_DIR",
        "SEALING_KEY_PASSPHRASE",
        "MEDIA_BUCKET_KEY",
        "MEDIA_BUCKET_SECRET",
        "LIVE_TURN_SECRET",
    }


def test_the_example_names_every_variable_that_is_asked_for():
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))

    assert asked == set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


def test_compose_itself_accepts_the_file():
    needed = dict.fromkeys(re.findall(r"\$\{(\w+):\?\}", COMPOSE), "x")

    done = subprocess.run(
        [program("docker-compose", package="docker-compose"), "config", "--quiet"],
        cwd=ROOT,
        env={**os.environ, **needed},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_compose_refuses_to_start_without_a_secret():
    assert yaml.safe_load(COMPOSE)["x-site"]["environment"]["SECRET_KEY"] == "${SECRET_KEY:?}"
    assert shlex.split(services()["broker"]["command"])[:2] == ["redis-server", "--requirepass"]
