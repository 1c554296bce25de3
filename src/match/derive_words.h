/* derive_words.h - templates and word lists of derived offers. Private to match/. Fixed: see
 * derive.h. */
#ifndef TS_MATCH_DERIVE_WORDS_H
#define TS_MATCH_DERIVE_WORDS_H

/* By language: 0 en, 1 de, 2 zh. Lists end with NULL. */
static const char *const derive_marketing[3][25] = {
    {"New",
     "Hot Sale",
     "Free Shipping",
     "Best Seller",
     "Premium",
     "High Quality",
     "2026",
     "Official",
     "Gift",
     "Original",
     "Top Rated",
     "Limited Offer",
     "Fast Delivery",
     "Deal",
     "Genuine",
     "Upgraded",
     "Must Have",
     "Popular",
     "Exclusive",
     "Sale",
     "Great Value",
     "Trusted",
     0},
    {"Neu",          "Angebot", "Versandkostenfrei", "Bestseller",  "Premium",
     "Top Qualität", "2026",    "Original",          "Geschenk",    "Sofort lieferbar",
     "OVP",          "Rabatt",  "Blitzversand",      "Markenware",  "Aktion",
     "Günstig",      "Beliebt", "Exklusiv",          "Sonderpreis", "Lagerware",
     "Händler",      0},
    {"新款",   "包邮",     "正品", "热卖",     "官方旗舰店", "特价", "爆款",   "送礼",
     "高品质", "限时优惠", "现货", "2026新款", "厂家直销",   "网红", "升级款", "好评如潮",
     "清仓",   "秒杀",     "推荐", "同款",     "高档",       0},
};
static const char *const derive_colours[3][11] = {
    {"black", "white", "blue", "red", "grey", "pink", "green", "silver", "navy", "beige", 0},
    {"schwarz", "weiß", "blau", "rot", "grau", "rosa", "grün", "silber", "dunkelblau", "beige", 0},
    {"黑色", "白色", "蓝色", "红色", "灰色", "粉色", "绿色", "银色", "藏青", "米色", 0},
};
static const char *const derive_traits[3][13] = {
    {"portable", "for home", "lightweight", "with LED", "adjustable", "waterproof", "for kids",
     "durable", "foldable", "easy to clean", "compact", "for travel", 0},
    {"tragbar", "für Zuhause", "leicht", "mit LED", "verstellbar", "wasserdicht", "für Kinder",
     "robust", "faltbar", "leicht zu reinigen", "kompakt", "für Reisen", 0},
    {"便携", "家用", "轻便", "带灯", "可调节", "防水", "儿童", "耐用", "折叠", "易清洗", "小巧",
     "旅行", 0},
};
static const char *const derive_used[3][3] = {
    {"Used", "Second hand, very good condition", "Pre-owned, tested and working"},
    {"Gebraucht", "aus zweiter Hand, sehr guter Zustand", "B-Ware, geprüft"},
    {"二手", "闲置九成新", "二手 成色好 功能正常"},
};
static const char *const derive_used_story[3] = {
    "We bought it last year and used it only a few times. Private sale, no returns.",
    "Wurde letztes Jahr gekauft und nur wenige Male benutzt. Privatverkauf, keine Rücknahme.",
    "去年买的，只用过几次，个人闲置转让，不退不换。",
};
static const char *const derive_gift[3][3] = {
    {"+ free gift bag", "with storage bag", "incl. carrying pouch"},
    {"+ Gratis Tasche", "mit Aufbewahrungsbeutel", "inkl. Tragebeutel"},
    {"送收纳袋", "赠礼品袋", "含便携袋"},
};
static const char *const derive_count[3][3] = {
    {"2 pcs", "Set of 2", "2x"}, {"2 Stück", "2er Set", "2x"}, {"2个装", "两件套", "2只装"}};
static const char *const derive_for[3][3] = {{"for", "compatible with", "replacement for"},
                                             {"für", "passend für", "kompatibel mit"},
                                             {"适用于", "适用", "兼容"}};
static const char *const derive_description[3][4] = {
    {"This %s is a good choice for every day. Ships within 24 hours from our warehouse.",
     "Our %s comes in original packaging. See pictures for details. Contact us with any question.",
     "%s, easy to use, made of quality materials. 30 days return.",
     "Brand new %s. Colour may differ slightly from the pictures."},
    {"%s in guter Qualität für jeden Tag. Versand innerhalb von 24 Stunden aus unserem Lager.",
     "%s in Originalverpackung. Einzelheiten siehe Bilder. Bei Fragen schreiben Sie uns.",
     "%s, einfach zu benutzen, aus hochwertigem Material. 30 Tage Rückgabe.",
     "Neu: %s. Die Farbe kann leicht abweichen."},
    {"%s 品质好，日常使用方便，24小时内发货。", "%s 原包装，细节请看图片，有问题请联系客服。",
     "%s 操作简单，用料扎实，支持七天无理由退换。", "全新%s，颜色以实物为准。"},
};
static const char *const derive_genuine[3] = {"authorised dealer", "vom Fachhändler", "专柜正品"};
static const char *const derive_successor[] = {"2", "II", "Pro", "Plus", "V2", "Max", 0};
static const char *const derive_lot[3] = {"Lot", "Charge", "批号"};
static const char *const derive_made[3] = {"Manufactured", "Hergestellt", "生产日期"};
static const char *const derive_signs[] = {"★", "✅", "【热】", "|", "❤", "!!!", "~", "🔥", 0};
/* Syllables of invented brands. */
static const char *const derive_syllables[] = {
    "ba", "be", "bo", "ca", "co", "da", "de", "do", "fa", "fe", "fi", "ga", "go", "ha",
    "he", "ho", "jo", "ka", "ke", "ko", "la", "le", "li", "lo", "lu", "ma", "me", "mi",
    "mo", "na", "ne", "ni", "no", "nu", "pa", "pe", "po", "ra", "re", "ri", "ro", "sa",
    "se", "si", "so", "su", "ta", "te", "ti", "to", "tu", "va", "ve", "vi", "vo", "wa",
    "we", "xi", "xo", "ya", "yo", "za", "ze", "zi", "zo", 0};
static const char *const derive_endings[] = {"n",   "r",   "x",  "s",  "l", "m", "tek", "ra", "nix",
                                             "son", "ley", "go", "fy", "",  "",  "",    0};

#endif
