"""Pages are published by a review; the workflow that Wagtail brings had no reviewers and locked what was submitted to it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def retire_workflows_without_reviewers(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take back what waits in them: its writers submit it again."""
    states = apps.get_model("wagtailcore", "WorkflowState").objects.filter(
        status__in=("in_progress", "needs_changes")
    )
    apps.get_model("wagtailcore", "TaskState").objects.filter(
        workflow_state__in=states, status="in_progress"
    ).update(status="cancelled")
    states.update(status="cancelled")
    apps.get_model("wagtailcore", "WorkflowPage").objects.all().delete()
    apps.get_model("wagtailcore", "Workflow").objects.update(active=False)
    apps.get_model("wagtailcore", "Task").objects.update(active=False)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_skill_levels"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentReview",
            fields=[
                (
                    "task_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.task",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of content",
                "verbose_name_plural": "reviews of content",
            },
            bases=("wagtailcore.task",),
        ),
        migrations.RunPython(retire_workflows_without_reviewers, migrations.RunPython.noop),
    ]
