"""Settings of this engine: its Celery task."""

TASKS = {"certificates.prove": "certificates"}
