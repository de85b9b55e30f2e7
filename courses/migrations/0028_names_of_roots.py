from django.db import migrations

# In both languages, as the name of the review: Wagtail shows the stored words to every reader.
PAGES = "الصفحات · Pages"
FILES = "المكتبة · Library"


def name_roots(apps, schema_editor):
    """Wagtail calls both "Root", a word that staff read on every page of the explorer."""
    pages = apps.get_model("wagtailcore", "Page").objects.filter(depth=1, title="Root")
    pages.update(title=PAGES, draft_title=PAGES)
    apps.get_model("wagtailcore", "Collection").objects.filter(depth=1, name="Root").update(name=FILES)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0027_reopened_complaints_are_told"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(name_roots, migrations.RunPython.noop)]
