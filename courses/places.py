"""Other names by which a governorate is looked for, by its code inside the national number: its capital, and what it is called in short.

A center in Mahalla is found by "Tanta", too: the reader learns from its address where it is.
"""

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "02": ("اسكندرية", "Alex"),
    "03": ("بور سعيد", "Port Said"),
    "04": ("سويس",),
    "12": ("المنصورة", "Mansoura", "Mansura"),
    "13": ("الزقازيق", "Zagazig"),
    "14": ("بنها", "Banha", "Benha"),
    "15": ("كفر الشيخ", "Kafr El-Sheikh"),
    "16": ("طنطا", "Tanta"),
    "17": ("شبين الكوم", "Shibin El Kom"),
    "18": ("دمنهور", "Damanhour"),
    "19": ("إسماعيلية", "Ismailiya"),
    "21": ("جيزة", "Gizeh"),
    "23": ("الفيوم", "Faiyum"),
    "24": ("المنيا", "Menia", "Minia"),
    "25": ("أسيوط", "Assiut", "Asyout"),
    "26": ("سوهاج", "Suhag"),
    "27": ("قنا", "Qina"),
    "28": ("أسوان", "Assuan"),
    "29": ("الأقصر", "Luxor"),
    "31": ("الغردقة", "Hurghada"),
    "32": ("الخارجة", "Kharga"),
    "33": ("مرسى مطروح", "Marsa Matruh"),
    "34": ("العريش", "Arish"),
    "35": ("الطور", "شرم الشيخ", "Sharm El Sheikh"),
}
