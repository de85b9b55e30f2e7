"""The sandbox, for other apps that read untrusted files."""

from django.conf import settings

from media_pipeline.transcoding.binaries import find_binaries
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.runner import (
    Finished,
    Killed,
    Limits,
    ProcessFailed,
    SandboxFailed,
    run,
    sandbox_problem,
    working_bubblewrap,
)

__all__ = [
    "Finished",
    "Killed",
    "Limits",
    "ProcessFailed",
    "SandboxFailed",
    "SandboxMissing",
    "TranscodingFailed",
    "find_binaries",
    "require_sandbox",
    "run",
]


class SandboxMissing(Exception):
    """The sandbox does not work on this machine; the message says what to do."""


def require_sandbox() -> None:
    """Raise SandboxMissing where ffmpeg would run without a sandbox, unless SANDBOX_REQUIRED is off.

    Processes forked later inherit the result.
    """
    if settings.SANDBOX_REQUIRED and working_bubblewrap() is None:
        raise SandboxMissing(
            f"The sandbox of ffmpeg does not work here: {sandbox_problem()}.\n"
            "It has to make namespaces as an ordinary user. Install bubblewrap (Debian: apt install bubblewrap). On the host, "
            "sysctl user.max_user_namespaces must not be 0, kernel.unprivileged_userns_clone not 0 and "
            "kernel.apparmor_restrict_unprivileged_userns not 1, where they exist. In a container, use the security_opt of "
            "worker-media in docker-compose.yml. Try it as the user of this process: bwrap --ro-bind / / --unshare-all "
            "--proc /proc true. See docs/reference/operations.md, The sandbox of ffmpeg. SANDBOX_REQUIRED=false starts without: then a "
            "file that exploits ffmpeg reads and sends whatever this process can."
        )
