"""Other names by which a governorate is looked for, by its code inside the national number: its capital, its towns, and what it is called in short.

A center in Tanta is found by "Mahalla", too: the reader learns from its address where it is.
"""

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "01": ("حلوان", "Helwan", "المعادي", "Maadi", "شبرا", "Shubra"),
    "02": ("اسكندرية", "Alex", "برج العرب", "Borg El Arab"),
    "03": ("بور سعيد", "Port Said"),
    "04": ("سويس",),
    "11": ("رأس البر", "Ras El Bar"),
    "12": ("المنصورة", "Mansoura", "Mansura", "ميت غمر", "Mit Ghamr", "طلخا", "Talkha"),
    "13": ("الزقازيق", "Zagazig", "العاشر من رمضان", "10th of Ramadan", "بلبيس", "Bilbeis"),
    "14": ("بنها", "Banha", "Benha", "شبرا الخيمة", "Shubra El Kheima", "قليوب", "Qalyub"),
    "15": ("كفر الشيخ", "Kafr El-Sheikh", "دسوق", "Desouk"),
    "16": ("طنطا", "Tanta", "المحلة الكبرى", "Mahalla", "كفر الزيات", "Kafr El Zayat", "زفتى", "Zefta"),
    "17": ("شبين الكوم", "Shibin El Kom", "منوف", "Menouf", "السادات", "Sadat City"),
    "18": ("دمنهور", "Damanhour", "كفر الدوار", "Kafr El Dawwar", "رشيد", "Rosetta"),
    "19": ("إسماعيلية", "Ismailiya", "القنطرة", "Qantara"),
    "21": ("جيزة", "Gizeh", "السادس من أكتوبر", "6th of October", "إمبابة", "Imbaba"),
    "23": ("الفيوم", "Faiyum"),
    "24": ("المنيا", "Menia", "Minia", "ملوي", "Mallawi", "مغاغة", "Maghagha"),
    "25": ("أسيوط", "Assiut", "Asyout", "ديروط", "Dairut", "منفلوط", "Manfalut"),
    "26": ("سوهاج", "Suhag", "جرجا", "Girga", "طهطا", "Tahta", "أخميم", "Akhmim"),
    "27": ("قنا", "Qina", "نجع حمادي", "Nag Hammadi"),
    "28": ("أسوان", "Assuan", "كوم أمبو", "Kom Ombo", "إدفو", "Edfu"),
    "29": ("الأقصر", "Luxor", "إسنا", "Esna"),
    "31": ("الغردقة", "Hurghada", "سفاجا", "Safaga"),
    "32": ("الخارجة", "Kharga"),
    "33": ("مرسى مطروح", "Marsa Matruh"),
    "34": ("العريش", "Arish"),
    "35": ("الطور", "شرم الشيخ", "Sharm El Sheikh", "دهب", "Dahab"),
}
