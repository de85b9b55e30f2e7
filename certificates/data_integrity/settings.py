"""Where the worker of this engine finds its task."""

TASKS = {"certificates.prove": "certificates"}
