"""The 27 governorates, and 88 for who was born outside the Republic.

Names and codes inside the national number as the civil registry writes them; ISO 3166-2:EG. ISO has no code for
abroad: EG-ZZ is ours, from the range ISO leaves to its users.
"""

from django.db import migrations

GOVERNORATES = (
    ("01", "EG-C", "القاهرة", "Cairo"),
    ("02", "EG-ALX", "الإسكندرية", "Alexandria"),
    ("03", "EG-PTS", "بورسعيد", "Port Said"),
    ("04", "EG-SUZ", "السويس", "Suez"),
    ("11", "EG-DT", "دمياط", "Damietta"),
    ("12", "EG-DK", "الدقهلية", "Dakahlia"),
    ("13", "EG-SHR", "الشرقية", "Sharqia"),
    ("14", "EG-KB", "القليوبية", "Qalyubia"),
    ("15", "EG-KFS", "كفر الشيخ", "Kafr El Sheikh"),
    ("16", "EG-GH", "الغربية", "Gharbia"),
    ("17", "EG-MNF", "المنوفية", "Menoufia"),
    ("18", "EG-BH", "البحيرة", "Beheira"),
    ("19", "EG-IS", "الإسماعيلية", "Ismailia"),
    ("21", "EG-GZ", "الجيزة", "Giza"),
    ("22", "EG-BNS", "بني سويف", "Beni Suef"),
    ("23", "EG-FYM", "الفيوم", "Fayoum"),
    ("24", "EG-MN", "المنيا", "Minya"),
    ("25", "EG-AST", "أسيوط", "Asyut"),
    ("26", "EG-SHG", "سوهاج", "Sohag"),
    ("27", "EG-KN", "قنا", "Qena"),
    ("28", "EG-ASN", "أسوان", "Aswan"),
    ("29", "EG-LX", "الأقصر", "Luxor"),
    ("31", "EG-BA", "البحر الأحمر", "Red Sea"),
    ("32", "EG-WAD", "الوادي الجديد", "New Valley"),
    ("33", "EG-MT", "مطروح", "Matrouh"),
    ("34", "EG-SIN", "شمال سيناء", "North Sinai"),
    ("35", "EG-JS", "جنوب سيناء", "South Sinai"),
    ("88", "EG-ZZ", "خارج الجمهورية", "Outside the Republic"),
)


def load(apps, schema_editor):
    governorate = apps.get_model("accounts", "Governorate")
    governorate.objects.bulk_create(
        governorate(nid_code=nid_code, iso_code=iso_code, name_ar=name_ar, name_en=name_en)
        for nid_code, iso_code, name_ar, name_en in GOVERNORATES
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_append_only_rows")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
