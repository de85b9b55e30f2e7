"""What Egyptians call the trades, for the search of the catalog. The ministry edits the words in the workplace."""

from django.db import migrations

# One group a line: what a person of the trade, its work, its things and its English names are called.
TRADES = """
كهرباء, كهربائي, كهربجي, كهربا, فني كهرباء, صنايعي كهرباء, electricity, electrician, electrical, electric, wiring
كهرباء منازل, كهربائي منازل, تركيبات كهربائية, تمديدات كهربائية, تأسيس كهرباء, كهرباء مباني, electrical installation, house wiring, domestic electrician, building electrician
كهرباء سيارات, كهربائي سيارات, car electrician, auto electrician, car electrics, automotive electrical
لوحات كهربائية, لوحات توزيع, لوحات تحكم, تابلوه, تابلوهات, distribution board, control panel, switchboard
لف محركات, لف مواتير, مواتير, موتور, موتورات, محرك, محركات, motor, rewinding, motor winding
طاقة شمسية, طاقه متجدده, طاقة متجددة, ألواح شمسية, خلايا شمسية, سولار, solar, photovoltaic, solar panels, pv
تحكم آلي, تحكم منطقي, تحكم مبرمج, بي ال سي, plc, automation, programmable logic controller
إلكترونيات, إلكتروني, دوائر إلكترونية, electronics, electronic
بوردة, بوردات, بورد, كارت إلكتروني, board, circuit board
تكييف, تكييفات, مكيف, مكيفات, فني تكييف, air conditioning, air conditioner, ac, hvac
اسبليت, سبليت, split
تبريد, refrigeration, cooling
ثلاجة, ثلاجات, تلاجه, تلاجة, تلاجات, refrigerator, fridge
ديب فريزر, ديب فريزرات, فريزر, freezer
أجهزة منزلية, أجهزة كهربائية منزلية, home appliances, household appliances
غسالة, غسالات, washing machine, washer
بوتاجاز, بوتاجازات, بتوجاز, cooker, stove
سخان, سخانات, water heater, heater
أسانسير, أسانسيرات, اصانصير, مصعد, مصاعد, elevator, lift
إنذار حريق, إطفاء, مكافحة حريق, fire alarm, firefighting, fire protection
لحام, لحيم, ويلدنج, ولدنج, ويلدر, ولدر, welding, welder
لحام كهرباء, لحام قوس, لحام القوس الكهربائي, arc welding, stick welding
لحام أرجون, أرجون, أرغون, تيج, tig, argon
لحام ثاني أكسيد الكربون, لحام ميج, ميج, mig, mag
حدادة, حداد, حدادين, حدايد, كريتال, blacksmith, metal work, ironwork
حداد مسلح, حديد مسلح, حدادة مسلح, حديد تسليح, تسليح, rebar, reinforcing steel, steel fixing, steel fixer
خراطة, خراط, خراطين, مخرطة, مخارط, lathe, turning, turner, machinist
تفريز, فريزة, فريزر ماكينة, milling
سي ان سي, cnc, machining
ألوميتال, المونتال, alumetal
ألومنيوم, المونيوم, aluminum, aluminium
هيدروليك, هيدروليكي, نيوماتيك, نيوماتيكي, hydraulic, hydraulics, pneumatic, pneumatics
ميكانيكا, ميكانيكي, mechanics, mechanic, mechanical
ميكانيكي سيارات, ميكانيكي عربيات, كهرباء وميكانيكا سيارات, موتور عربية, ميكانيكا سيارات, تصليح سيارات, صيانة سيارات, إصلاح سيارات, تصليح عربيات, ميكانيكي عربيات, car mechanic, auto mechanic, car repair, vehicle repair
سيارة, سيارات, عربية, عربيات, مركبة, مركبات, car, vehicle, auto, automotive
سمكري عربيات, سمكري سيارات, سمكرة, سمكري, دوكو, car body, bodywork, panel beating
موتوسيكل, موتوسيكلات, دراجة بخارية, توك توك, motorcycle, motorbike, scooter
سباكة, سباك, سباكين, صنايعي سباكة, أدوات صحية, أعمال صحية, مواسير, صرف صحي, plumbing, plumber, pipes, sanitary, drainage
نجارة, نجار, نجارين, خشب, أخشاب, carpentry, carpenter, joiner, joinery, wood, woodwork
نجار مسلح, نجارة مسلح, شدة خشبية, formwork, shuttering, form work
نجار باب وشباك, نجارة باب وشباك, أبواب وشبابيك, doors and windows, joinery
موبيليا, موبليا, أثاث, عفش, أنتريهات, غرف نوم, صناعة أثاث, نجار موبيليا, furniture, cabinet maker, furniture making
استورجي, أويما, دهان أثاث, ورنيش, lacquer, wood finishing
تنجيد, منجد, upholstery, upholsterer
نقاش, نقاشة, نقاشين, معجون, طلاء, دهان, دهانات, بوية, بويات, painter, painting, paint, decorator
محارة, مبيض محارة, محارجي, مبيض, بياض, لياسة, plastering, plasterer, plaster
جبس, جبس بورد, جبسوم بورد, جبسمبورد, أسقف معلقة, gypsum board, drywall, plasterboard, gypsum
سيراميك, سراميك, مبلط, تبليط, بلاط, بورسلين, أرضيات, مبلط سيراميك, tiles, tiling, tiler, ceramic tiles, flooring
رخام, مرخماتي, جرانيت, marble, granite
بناء, بنا, بنايين, بنا طوب, بناي, مباني, طوب, بناء طوب, bricklaying, bricklayer, mason, masonry, brick
خرسانة, مسلح, نحات خرسانة, concrete
سقالة, سقالات, سقايل, scaffold, scaffolding, scaffolder
زجاج, قزاز, ازاز, زجاجي, مرايات, مرايا, سيكوريت, زجاج سيكوريت, glass, glazing, glazier
عزل, عزل أسطح, عوازل, insulation, waterproofing
لودر, حفار, بلدوزر, بلدوزرات, كراكة, جريدر, سواق لودر, سائق لودر, سائق معدات, digger driver, loader driver, excavator driver, equipment operator, backhoe, معدات ثقيلة, معدات حفر, loader, digger, excavator, bulldozer, heavy equipment, earthmoving
ونش, أوناش, رافعة, crane
كلارك, فوركلفت, فورك ليفت, شوكة, fork lift, رافعة شوكية, forklift
سواق, سائق, سائقين, سواقة, قيادة, driver, driving
خياطة, خياط, خياطين, تفصيل, ترزي, ترزية, خياطة حريمي, خياطة رجالي, حياكة, خياطة ملابس, تفصيل ملابس, sewing, tailoring, tailor, dressmaking, seamstress, dressmaker
ملابس, لبس, هدوم, أزياء, clothes, clothing, garments, garment, apparel, fashion
ماكينة خياطة, ماكينات خياطة, مكن خياطة, مكنة خياطة, sewing machine, sewing machines
باترون, باترونات, باترونيست, تصميم أزياء, pattern making, patternmaking, pattern maker, pattern
تطريز, مطرزة, كروشيه, تريكو, embroidery, crochet, knitting
نسيج, غزل, نول, نول يدوي, textile, weaving, spinning
سجاد, سجادة, كليم, سجاجيد, نول, carpet, rug, kilim
خيامية, فن الخيامية, applique, tentmaking, tentmaker
جلد, جلود, حزام, أحزمة, محفظة, جلدي, شنط, شنطة, حقائب, محافظ, leather, bags, leather goods, wallets
جزم, جزمة, كوتشي, كوتشيات, صنادل, جزمجي, أحذية, حذاء, إسكافي, shoes, shoemaking, shoemaker, cobbler, footwear
مكوجي, كي, كواء, مغسلة, ironing, laundry
شبكة, شبكات, واي فاي, راوتر, wifi, router, شبكات كمبيوتر, شبكات حاسب, نتورك, إنترنت, network, networks, networking, computer network, computer networking
سيرفر, سيرفرات, سيسكو, cisco, خادم, خوادم, إدارة شبكات, server, servers, network administration
كمبيوتر, حاسب, حاسب آلي, حاسوب, حاسبات, كومبيوتر, computer, computers, pc
صيانة كمبيوتر, تصليح كمبيوتر, صيانة حاسب آلي, لابتوب, لاب توب, لابتوبات, صيانة لابتوب, computer repair, computer maintenance, laptop, laptop repair
موبايل, موبايلات, موبيل, سمارت فون, آيفون, iphone, android, أندرويد, سوفت وير موبايل, محمول, جوال, هاتف, هواتف, تليفون, تليفونات, تلفون, صيانة موبايل, تصليح موبايل, تصليح موبايلات, mobile, mobile phone, phone, cell phone, smartphone, mobile repair, phone repair
كاميرا مراقبة, كاميرات مراقبة, كاميرات أمنية, دي في آر, dvr, surveillance, كاميرات, كاميرا, cctv, security camera, surveillance camera, camera
برمجة, مبرمج, تطوير برمجيات, programming, programmer, coding, software development
موقع, مواقع, ويب, سايت, مبرمج مواقع, html, frontend, web developer, web designer, مواقع إنترنت, تصميم مواقع, web, website, web design, web development
جرافيك, جرافيكس, جرافيك ديزاين, جرافيك ديزاينر, ديزاينر, اليستريتور, لوجو, logo, designer, تصميم جرافيك, مصمم جرافيك, فوتوشوب, فوتو شوب, graphic design, graphics, graphic designer, photoshop, illustrator
أوفيس, اوفيس, ورد, برامج مكتبية, برامج مكتب, icdl, office, word, microsoft office
إكسل, اكسيل, إكسيل, excel, spreadsheet, spreadsheets
طبخ, طباخ, طهي, طاهي, شيف, cooking, cook, chef, cookery
مطبخ, مطابخ, kitchen
خباز, خبازين, عيش بلدي, فينو, مخبوزات, معجنات, مخبز, مخابز, خبز, عيش, فرن, أفران, فران, baker, bakery, baking, bread
حلواني, حلوياتي, حلويات, بسكويت, بيتي فور, كنافة, بسبوسة, شوكولاتة, حلويات شرقية, جاتوه, تورتة, تورتات, كيك, pastry, confectionery, sweets, cakes, cake, dessert
جزار, جزارة, لحوم, butcher, meat
فكهاني, خضري, فاكهة, خضار, فواكه, خضروات, fruit, greengrocer, vegetables
بقال, بقالة, سوبر ماركت, supermarket, grocery, grocer
ويتر, جارسون, جرسون, نادل, متر, كابتن مطعم, سفرجي, خدمة مطاعم, مطعم, مطاعم, waiter, waitress, restaurant, restaurant service
باريستا, قهوة, قهوجي, barista, coffee
فندق, فنادق, فندقة, فندقي, سياحة, hotel, hotels, hospitality, tourism
هاوس كيبنج, هاوس كيبينج, هاوسكيبنج, روم سيرفس, عامل نظافة, chambermaid, maid, خدمة غرف, إشراف داخلي, تدبير فندقي, نظافة, تنظيف, housekeeping, room service, cleaning, cleaner
استقبال, ريسبشن, موظف استقبال, reception, receptionist
حلاق, حلاقة, حلاقين, مزين, حلاق رجالي, barber, barbering, men's haircut
كوافير, كوافيرة, تسريحات, تسريحة, سشوار, صبغة شعر, بروتين شعر, تصفيف شعر, مصفف شعر, شعر, hairdresser, hairdressing, hair, hair stylist
تجميل, خبيرة تجميل, مكياج, ماكياج, ميكب, ميك أب, ميكاب, ميكب أرتست, ميك أب أرتست, makeup artist, facial, بشرة, عناية بالبشرة, beauty, makeup, make up, cosmetics, beautician, skin care
تمريض, ممرض, ممرضة, ممرضين, تمريضي, رعاية صحية, مساعد ممرض, health care, healthcare, caregiving, nurse, nursing
مسنين, كبار السن, عجائز, مرافق مسن, مسن, رعاية كبار السن, رعاية مسنين, جليس مسنين, جليسة مسنين, elderly, elderly care, old people, senior care, seniors, caregiver
حضانة, حضانات, رعاية أطفال, جليسة أطفال, مربية, دادة, بيبي سيتر, nursery, child care, childcare, kindergarten, babysitter, nanny
طفل, أطفال, child, children, kids
إسعاف, إسعافات أولية, مسعف, first aid, paramedic
زراعة, مزارع, فلاح, فلاحة, farming, agriculture, farmer, growing
صوبة, صوب, صوبات, صوب زراعية, بيوت محمية, greenhouse, greenhouses
ري, ري حديث, تنقيط, رش, irrigation, drip irrigation, sprinkler
جنايني, بستاني, حدائق, مشاتل, لاندسكيب, gardener, gardening, landscaping
دواجن, فراخ, كتاكيت, بط, فرارجي, تربية دواجن, مزرعة دواجن, poultry, chicken, chickens
نحل, نحال, نحالة, عسل, خلايا نحل, تربية نحل, مناحل, منحل, bees, beekeeping, beekeeper, honey
ماشية, مواشي, بقر, تربية مواشي, cattle, livestock
سمك, أسماك, استزراع سمكي, fish, fish farming, aquaculture
حفظ أغذية, تعبئة, تغليف, تعبئة أغذية, مخللات, مربى, food preservation, food packing, packaging, pickles, canning
ألبان, لبن, جبنة بيضا, معمل ألبان, جبن, جبنة, أجبان, زبادي, لبان, dairy, milk, cheese, yogurt
فخار, خزف, فواخيري, طين, صلصال, clay, فخراني, خزاف, pottery, ceramics, potter
حلي, ذهب, فضة, اكسسوارات, إكسسوار, صايغ, صائغ, مجوهرات, صياغة, جواهرجي, jewelry, jewellery, jeweler, goldsmith, silversmith
طباعة, مطبعة, مطابع, مطبعجي, أوفست, printing, printer, offset, print
مبيعات, بيع, كاشير, تسويق, marketing, cashier, retail, بائع, بياع, خدمة عملاء, سيلز, sales, selling, salesman, customer service
كول سنتر, مركز اتصال, مراكز الاتصال, مركز الاتصالات, call center, call centre, contact center, contact centre
أمين مخزن, أمين عهدة, مستودع, مستودعات, مخازن, مخزن, مخزنجي, تخزين, storekeeper, warehouse, storekeeping, inventory
محاسبة, محاسب, ضرائب, دفاتر, حسابات, مسك دفاتر, accounting, accountant, bookkeeping, bookkeeper
سكرتارية, سكرتير, مساعد إداري, أرشيف, admin assistant, administrative assistant, سكرتيرة, إدارة مكاتب, أعمال مكتبية, secretary, secretarial, office management
إنجليزي, انجليزية, انجلش, إنجلش, محادثة إنجليزية, لغة إنجليزية, إنجلش, english, english language
ألماني, المانية, دويتش, ألمانيا, deutsch, لغة ألمانية, german, german language
فرنسي, فرنسية, لغة فرنسية, french, french language
لغة, لغات, language, languages
سلامة مهنية, سلامة وصحة مهنية, صحة مهنية, سيفتي, أوشا, مسئول سلامة, safety engineer, أوشا, سلامه وصحه مهنيه, occupational safety, safety, hse, osha, health and safety, safety officer
أمن, حراسة, حارس, فرد أمن, security, guard, security guard
تصوير, مصور, فوتوغرافيا, photography, photographer
ديكور, تصميم داخلي, interior design, decor
صيانة, تصليح, إصلاح, صيانات, repair, maintenance, servicing, fixing
تركيب, تركيبات, installation, installing, fitting
مبتدئ, مبتدئين, مبادئ, أساسيات, من الصفر, من البداية, beginner, basics, introduction, basic, from scratch
متقدم, احتراف, محترف, محترفين, advanced, professional
ماكينة, ماكينات, مكنة, مكن, آلة, آلات, machine, machines, machinery
منزل, منازل, بيت, بيوت, منزلي, house, home, domestic, household
شقة, شقق, apartment, flat
حريمي, نسائي, سيدات, ستات, حريم, women, ladies, womens
رجالي, رجال, men, mens
شباك, شبابيك, نافذة, نوافذ, window, windows
باب, أبواب, door, doors
سقف, أسقف, سطح, أسطح, roof, rooftop, ceiling
مركز, مراكز, center, centre, centers
بنت, بنات, girls
عامل مساعد, عمال مساعدون
عامل نصف ماهر, عمال نصف مهرة
عامل ماهر, عمال مهرة
فني متخصص, فنيون متخصصون, specialist technician
6 أكتوبر, السادس من أكتوبر, ستة أكتوبر, أكتوبر, 6th of october, october
10 رمضان, العاشر من رمضان, العاشر, عشرة رمضان, 10th of ramadan, tenth of ramadan
طلمبة, طلمبات, مضخة, مضخات, ظلمبة, pump, pumps
""".strip().splitlines()


def write_groups(apps, _schema_editor):
    group = apps.get_model("courses", "SynonymGroup")
    group.objects.bulk_create(group(words="\n".join(trade.split(", "))) for trade in TRADES)


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_reference_data")]

    operations = [migrations.RunPython(write_groups, migrations.RunPython.noop)]
