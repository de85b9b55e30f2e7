"""A process of docker-compose.yml that is taken over can do little: no capabilities, no keys, nothing to write but its volumes."""

import ctypes
import json
import os
import subprocess
import sys

import pytest

from lms.embedded.environment import ROOT
from media_pipeline.transcoding.runner import working_bubblewrap
from scripts.scaled_check import services
from tests.external_programs import program

PROFILE = ROOT / "deploy" / "seccomp-sandbox.json"
SERVICES = services()
OURS = {name for name, service in SERVICES.items() if "build" in service}
# Those that run ffmpeg on what strangers send.
SANDBOXING = {"sockets", "obs", "worker-media"}
# Of the images of others: what their start needs as root.
CAPABILITIES = {"proxy": ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"]}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_no_capability_but_those_it_names_and_wins_none(name: str):
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == CAPABILITIES.get(name, [])
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "pid", "ipc", "network_mode"} & set(service)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_the_root_of_a_service_is_read_only(name: str):
    assert SERVICES[name]["read_only"] is True


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_arrives_at_our_processes_arrives_on_the_disk(name: str):
    assert "/tmp" in SERVICES[name]["volumes"]
    assert "tmpfs" not in SERVICES[name]


def test_only_services_that_run_ffmpeg_have_the_looser_sandbox_profile():
    loose = {name for name, service in SERVICES.items() if len(service["security_opt"]) > 1}

    assert loose == SANDBOXING
    assert "seccomp=deploy/seccomp-sandbox.json" in SERVICES["worker-media"]["security_opt"]
    assert {SERVICES[name]["environment"]["SIGNS_CERTIFICATES"] for name in SANDBOXING} == {"false"}


def test_none_of_ours_runs_without_the_sandbox():
    assert not any("SANDBOX_REQUIRED" in SERVICES[name]["environment"] for name in OURS)


# Loads the filter, as a container engine would, and becomes the command.
UNDER_FILTER = """
import ctypes, json, os, sys
library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_init.argtypes = [ctypes.c_uint32]
library.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
library.seccomp_load.argtypes = [ctypes.c_void_p]
context = library.seccomp_init(0x7FFF0000)
(rule,) = json.loads(sys.argv[1])["syscalls"]
for name in rule["names"]:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number >= 0 and library.seccomp_rule_add(context, 0x00050000 | rule["errnoRet"], number, 0):
        sys.exit(f"no rule for {name}")
if library.seccomp_load(context):
    sys.exit("the filter was not loaded")
os.execvp(sys.argv[2], sys.argv[2:])
"""


def bare(*command: str) -> list[str]:
    """The command without capabilities or a way to win any."""
    user = ["--reuid=10001", "--regid=10001", "--clear-groups"] if os.geteuid() == 0 else []
    taken = ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", *user]
    return [program("setpriv", package="util-linux"), *taken, *command]


def under_filter(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*bare("/usr/bin/python3"), "-I", "-c", UNDER_FILTER, PROFILE.read_text(), *command],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def filters():
    if working_bubblewrap() is None:
        pytest.skip("bubblewrap is not installed or may not make namespaces here")
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed")
    if sys.platform != "linux":
        pytest.skip("filters of system calls are Linux's")
    # A container may keep its root from giving up what it does not have.
    tried = subprocess.run(bare("/usr/bin/true"), capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"setpriv is not allowed here: {tried.stderr.strip()}")


def test_the_sandbox_works_under_its_profile_without_capabilities(filters: None):
    bubblewrap = program("bwrap", package="bubblewrap")

    sandboxed = under_filter(
        bubblewrap, "--unshare-all", "--die-with-parent", "--as-pid-1", "--dev", "/dev", "--proc", "/proc",
        *(word for folder in ("/usr", "/lib", "/lib64", "/bin") for word in ("--ro-bind-try", folder, folder)),
        "/usr/bin/true",
    )  # fmt: skip

    assert (sandboxed.returncode, sandboxed.stderr) == (0, "")


def test_what_the_profile_forbids_is_refused(filters: None):
    # Raw, past the library: perf_event_open of x86-64 or of the generic table.
    asked = "import ctypes, platform; n = 298 if platform.machine() == 'x86_64' else 241; l = ctypes.CDLL(None, use_errno=True); print(l.syscall(n, 0, 0, -1, -1, 0), ctypes.get_errno())"

    refused = under_filter("/usr/bin/python3", "-I", "-c", asked)

    assert refused.stdout.split() == ["-1", "1"]


def test_the_profile_forbids_what_escapes_are_made_of():
    (rule,) = json.loads(PROFILE.read_text())["syscalls"]

    assert {
        "bpf",
        "init_module",
        "kexec_load",
        "keyctl",
        "open_by_handle_at",
        "perf_event_open",
        "setns",
    } <= set(rule["names"])
    assert rule["action"] == "SCMP_ACT_ERRNO"
