/* The template for authorities that publish no feed: a table (CSV) or one JSON object per line
 * whose columns have plain names in English, German or Chinese. The names stand here once;
 * docs/formats.md lists them from this table. */
#include "notice_make.h"

typedef enum {
    T_NUMBER,
    T_DATE,
    T_MODIFIED,
    T_AUTHORITY,
    T_SOURCE,
    T_TITLE,
    T_PRODUCER,
    T_IMPORTER,
    T_SELLER,
    T_BRAND,
    T_PRODUCT,
    T_NAME,
    T_MODEL,
    T_MODELS,
    T_LOT,
    T_SERIAL,
    T_MADE,
    T_SOLD,
    T_QUANTITY,
    T_GTIN,
    T_CATEGORY,
    T_DESCRIPTION,
    T_DEFECT,
    T_CONSEQUENCE,
    T_RISK,
    T_RISK_LEVEL,
    T_REMEDY,
    T_MEASURES,
    T_CONTACT,
    T_LEGAL,
    T_URL,
    T_RECALL_URL,
    T_IMAGE,
    T_COUNTRY,
    T_ORIGIN,
    T_COMPULSORY,
    T_COUNTERFEIT,
    T_STATE,
    T_KIND,
    T_LANGUAGE,
    T_IGNORED,
    T_FIELDS
} field;

/* What a name says of the file: that it is about a notice at all, and not about an offer. */
enum { PLAIN = 0, NOTICE = 1 };

static const struct {
    field f;
    int says;
    const char *names; /* lower case, letters and digits only; "_", "-" and blanks in a file do not
                          matter */
} columns[] = {
    {T_NUMBER, PLAIN,
     "number noticenumber recallnumber nummer aktenzeichen meldungsnummer 编号 召回编号 公告编号"},
    {T_DATE, PLAIN, "date published datum veröffentlicht 日期 发布日期 公告日期 召回时间"},
    {T_MODIFIED, NOTICE, "modified updated geändert aktualisiert 更新日期"},
    {T_AUTHORITY, NOTICE,
     "authority agency behörde behoerde marktüberwachungsbehörde 机构 发布机构 监管部门 主管部门"},
    {T_SOURCE, PLAIN, "source quelle 来源"},
    {T_TITLE, PLAIN, "title heading titel überschrift 标题 公告标题"},
    {T_PRODUCER, PLAIN,
     "producer manufacturer hersteller 生产者 生产商 生产企业 制造商 生产者名称"},
    {T_IMPORTER, PLAIN, "importer einführer importeur 进口商 进口者"},
    {T_SELLER, PLAIN, "seller soldat händler verkauftbei 销售者 销售商 销售渠道 channel 渠道"},
    {T_BRAND, PLAIN, "brand marke 品牌 商标"},
    {T_PRODUCT, PLAIN, "product produkt erzeugnis 产品名称 产品 召回产品 商品名称"},
    {T_NAME, PLAIN, "name productname bezeichnung 名称 商品名"},
    {T_MODEL, PLAIN, "model modell typ 型号 规格型号 产品型号 型号规格"},
    {T_MODELS, NOTICE, "models"},
    {T_LOT, PLAIN, "lot lots batch batches charge chargen los 批次 批号 生产批次 生产批号"},
    {T_SERIAL, PLAIN, "serial serials seriennummer seriennummern 序列号 编号范围"},
    {T_MADE, PLAIN,
     "made producedon productiondate herstellungsdatum herstellungszeitraum hergestellt 生产日期 "
     "生产时间 制造日期"},
    {T_SOLD, PLAIN, "sold verkauft verkaufszeitraum 销售日期 销售时间"},
    {T_QUANTITY, PLAIN, "quantity units unitstotal menge stückzahl anzahl 数量 召回数量 涉及数量"},
    {T_GTIN, PLAIN, "gtin ean upc barcode strichcode 条码 商品条码 条形码"},
    {T_CATEGORY, PLAIN, "category kategorie produktkategorie 类别 产品类别"},
    {T_DESCRIPTION, PLAIN, "description beschreibung 描述 产品描述 note bemerkung 备注"},
    {T_DEFECT, NOTICE, "defect mangel 缺陷 缺陷情况 缺陷描述 存在问题"},
    {T_CONSEQUENCE, NOTICE,
     "consequence hazard gefahr gefährdung folgen 可能后果 后果 危害 可能导致的后果"},
    {T_RISK, PLAIN, "risk risks risiko risiken 风险 风险类型"},
    {T_RISK_LEVEL, NOTICE, "risklevel risikostufe 风险等级 风险级别"},
    {T_REMEDY, NOTICE, "remedy abhilfe 召回措施 补救措施 处理措施"},
    {T_MEASURES, NOTICE, "measures measure maßnahmen massnahmen 监管措施 措施"},
    {T_CONTACT, PLAIN, "contact kontakt 联系方式 联系电话"},
    {T_LEGAL, NOTICE, "legalbasis legal rechtsgrundlage 依据 法律依据 召回依据"},
    {T_URL, PLAIN, "url link 链接 网址"},
    {T_RECALL_URL, NOTICE, "recallurl recallpage rückrufseite 召回页面"},
    {T_IMAGE, PLAIN, "image images bild bilder 图片"},
    {T_COUNTRY, PLAIN, "country land 国家"},
    {T_ORIGIN, PLAIN, "origin countryoforigin ursprungsland herkunft 原产国 产地"},
    {T_COMPULSORY, NOTICE,
     "compulsory compulsion verpflichtend behördlichangeordnet 是否责令召回 责令召回 召回类型"},
    {T_COUNTERFEIT, NOTICE, "counterfeit fälschung faelschung 假冒 是否假冒"},
    {T_STATE, NOTICE, "state status 状态"},
    {T_KIND, PLAIN, "kind art 类型"},
    {T_LANGUAGE, PLAIN, "language lang sprache 语言"},
    {T_IGNORED, PLAIN, "related"},
};

/* Letters, digits and bytes outside ASCII, lower case; of the capitals outside ASCII those of
 * Latin-1 (U+00C0 to U+00DE), which are C3 80 to C3 9E in UTF-8. */
static ts_str squeeze_name(ts_str s, char buf[64]) {
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < 64; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool capital = i > 0 && (unsigned char)s.p[i - 1] == 0xC3 && c >= 0x80 && c <= 0x9E;
        if (ts_is_alnum(c) || c >= 0x80) buf[n++] = (char)(capital ? c + 0x20 : ts_lower(c));
    }
    return (ts_str){buf, n};
}

static field field_of(ts_str name, int *says) {
    char buf[64];
    ts_str key = squeeze_name(name, buf);
    for (size_t i = 0; key.n && i < sizeof columns / sizeof *columns; i++) {
        ts_str l = ts_str_c(columns[i].names);
        while (l.p)
            if (ts_str_eq(ts_str_cut(&l, ' '), key)) return *says = columns[i].says, columns[i].f;
    }
    return *says = PLAIN, T_FIELDS;
}

bool template_name(ts_str name) {
    int says;
    return field_of(name, &says) < T_FIELDS;
}

bool template_fits(const ts_strs *names) {
    enum { KNOWN_MIN = 3 };
    size_t known = 0, notice = 0;
    bool product = false;
    for (size_t i = 0; i < names->n; i++) {
        int says;
        field f = field_of(names->v[i], &says);
        known += f < T_FIELDS;
        notice += says == NOTICE;
        product |= f == T_PRODUCT || f == T_NAME;
    }
    return known >= KNOWN_MIN && notice > 0 && product;
}

static bool han_in(ts_str s) {
    for (size_t i = 0; i < s.n;)
        if (ts_is_han(ts_utf8_next(s, &i))) return true;
    return false;
}

/* The authority's key: "samr" for Chinese ones, else its name folded. */
static const char *source_key(maker *m, ts_str authority, ts_str source) {
    enum { KEY_MAX = 40 };
    bool chinese = han_in(authority) || ts_str_istarts(m->n->language, TS_S("zh")) ||
                   ts_str_is(m->n->country, "CN") ||
                   ts_str_ifind(authority, TS_S("samr")) != TS_NPOS;
    if (chinese) return "samr";
    ts_str name = source.n ? source : authority;
    ts_tokens t = ts_tokenise(m->a, name, false);
    ts_buf b = ts_buf_new(m->a, KEY_MAX);
    for (size_t i = 0; i < t.n && !b.full; i++) {
        if (b.n) ts_buf_c(&b, '_');
        ts_buf_put(&b, ts_token_text(&t, i));
    }
    return b.n ? ts_str_z(m->a, ts_buf_str(&b)) : "template";
}

/* One piece of letters, digits and what joins them: a code, whatever unit it may look like
 * ("0517A"). */
static bool one_piece(ts_str s) {
    enum { PIECE_MAX = 32 };
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        if (!ts_is_alnum((unsigned char)s.p[i]) && !memchr("-_/.+#", s.p[i], 6)) return false;
        digit |= ts_is_digit(s.p[i]);
    }
    return digit && s.n <= PIECE_MAX;
}

/* A model named outright: a code, or a name without digits ("funny"). */
static void one_model(maker *m, ts_str s) {
    enum { NAME_MAX = 48 };
    s = ts_str_trim(s);
    if (!s.n || make_unknown(m, s)) return;
    if (one_piece(s)) {
        make_model(m, s);
        return;
    }
    size_t before = m->n->models.n + m->n->identifiers.n;
    ts_str name = m->n->name;
    make_models(m, s);
    m->n->name = name;
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) digit |= ts_is_digit(s.p[i]);
    if (m->n->models.n + m->n->identifiers.n == before && !digit && s.n <= NAME_MAX)
        record_add(m->a, &m->n->models, s);
}

/* Values separated by semicolons, 、 or line ends. */
static void separated(maker *m, ts_str s, void (*put)(maker *, ts_str)) {
    size_t from = 0;
    for (size_t i = 0; i <= s.n;) {
        ts_str rest = ts_str_from(s, i);
        size_t k = i == s.n                                                             ? 1
                   : ts_str_starts(rest, TS_S("、")) || ts_str_starts(rest, TS_S("；")) ? 3
                   : s.p[i] == ';' || s.p[i] == '\n' || s.p[i] == '|'                   ? 1
                                                                                        : 0;
        if (k) {
            ts_str one = ts_str_trim((ts_str){s.p + from, i - from});
            if (one.n) put(m, one);
            from = i + k;
        }
        i += k ? k : 1;
    }
}

/* models: [{model, batches, made, units}]; their units are added up where they are plain numbers.
 */
static void model_objects(maker *m, const char *name) {
    uint64_t total = 0, units;
    bool plain = true;
    TS_JSON_EACH(x, record_json(m->r, name)) {
        if (!ts_json_is(x, TS_JSON_OBJECT)) {
            one_model(m, record_clean(m->a, ts_json_text(x)));
            continue;
        }
        record one = record_of(m->a, x);
        ts_strs lots = {0};
        one_model(m, record_first(&one, "model 型号"));
        record_all(&one, "batches", &lots);
        record_all(&one, "batch", &lots);
        record_all(&one, "批次", &lots);
        for (size_t i = 0; i < lots.n; i++) make_lots(m, lots.v[i]);
        make_made(m, record_first(&one, "made 生产日期"));
        ts_str count = record_first(&one, "units 数量");
        if (!count.n) continue;
        if (!m->n->units.n) m->n->units = count;
        plain &= ts_u64_parse(count, &units) && units < UINT32_MAX;
        if (plain) total += units;
    }
    if (!plain || !total) return;
    ts_buf b = ts_buf_new(m->a, 32);
    ts_buf_u64(&b, total);
    m->n->units = ts_buf_str(&b);
}

static void put_source(maker *m, ts_str s, ts_str *source) {
    ts_str address = s;
    if (ts_str_istarts(s, TS_S("http")))
        make_text(&m->n->url, ts_str_cut(&address, ' '));
    else if (!ts_str_istarts(s, TS_S("same")))
        *source = s;
}

static void put(maker *m, field f, ts_str s, ts_str *authority, ts_str *source) {
    ts_notice *n = m->n;
    switch (f) {
    case T_NUMBER: make_text(&n->number, s); break;
    case T_DATE: n->published = make_day(s, m->us); break;
    case T_MODIFIED: n->modified = make_day(s, m->us); break;
    case T_AUTHORITY: make_text(authority, s); break;
    case T_SOURCE: put_source(m, s, source); break;
    case T_TITLE: make_text(&n->title, s); break;
    case T_PRODUCER:
    case T_IMPORTER: make_operator(m, s); break;
    case T_SELLER:
        record_add(m->a, &n->sellers, s);
        make_sellers(m, s);
        break;
    case T_BRAND: make_brands(m, s); break;
    case T_PRODUCT: make_product(m, s); break;
    case T_NAME: make_text(&n->name, s); break;
    case T_MODEL: separated(m, s, one_model); break;
    case T_LOT: separated(m, s, make_lots); break;
    case T_MADE: make_made(m, s); break;
    case T_SOLD: make_sold(m, s); break;
    case T_QUANTITY: make_text(&n->units, s); break;
    case T_GTIN: make_barcodes(m, s); break;
    case T_CATEGORY: make_text(&n->category, s); break;
    case T_DESCRIPTION: make_text(&n->description, s); break;
    case T_RISK: make_risks(m, s); break;
    case T_RISK_LEVEL: make_risk_level(m, s); break;
    case T_MEASURES: make_text(&n->measures, s); break;
    case T_LEGAL: make_text(&n->legal, s); break;
    case T_URL: make_text(&n->url, s); break;
    case T_RECALL_URL: make_text(&n->recall_url, s); break;
    case T_IMAGE: record_add(m->a, &n->images, s); break;
    case T_COUNTRY: n->country = make_country(m, s); break;
    case T_ORIGIN: n->origin = make_country(m, s); break;
    case T_COMPULSORY:
        if (says_yes(s))
            n->compulsion = TS_MEASURE_COMPULSORY;
        else if (says_no(s))
            n->compulsion = TS_MEASURE_VOLUNTARY;
        else
            make_compulsion(m, s);
        break;
    case T_COUNTERFEIT: make_counterfeit(m, s); break;
    case T_STATE: make_state(m, s); break;
    case T_KIND: make_kind(m, s); break;
    case T_LANGUAGE: make_text(&n->language, s); break;
    default: break;
    }
}

static void add_text(maker *m, ts_str *slot, ts_str s) {
    if (!s.n) return;
    const ts_str both[2] = {*slot, s};
    *slot = slot->n ? ts_str_clip(ts_str_join(m->a, both, 2, TS_S("\n")), RECORD_TEXT_MAX) : s;
}

/* Columns whose meaning depends on others: the defect before its consequence, the remedy before
 * whom to call. */
static void put_late(maker *m, field f, ts_str s) {
    if (f == T_DEFECT || f == T_CONSEQUENCE) add_text(m, &m->n->hazard, s);
    if (f == T_REMEDY || f == T_CONTACT) add_text(m, &m->n->remedy, s);
    if (f == T_SERIAL) {
        ts_mentions mentions = {0};
        ts_mentions_read(m->a, s, TS_MENTION_SERIAL, m->us, &mentions);
        scope_add(m->a, &mentions, &m->n->scope);
    }
}

typedef struct cell {
    field f;
    ts_str text;
    ts_str name;
} cell;

static size_t cells_of(maker *m, cell *out, size_t max) {
    size_t n = 0;
    int says;
    if (m->r->json) {
        TS_JSON_EACH_MEMBER(k, v, m->r->json) {
            (void)v;
            field f = field_of(ts_json_str(k), &says);
            if (f < T_FIELDS && n < max) out[n++] = (cell){f, TS_NONE, ts_json_str(k)};
        }
    } else {
        for (size_t i = 0; i < m->r->names->n; i++) {
            field f = field_of(m->r->names->v[i], &says);
            if (f < T_FIELDS && n < max) out[n++] = (cell){f, TS_NONE, m->r->names->v[i]};
        }
    }
    for (size_t i = 0; i < n; i++)
        if (ts_str_chr(out[i].name, '.') == TS_NPOS)
            out[i].text = record_text(m->r, ts_str_z(m->a, out[i].name));
    return n;
}

bool read_template(maker *m, ts_error *e) {
    enum { CELLS = 64 };
    cell cells[CELLS];
    size_t count = cells_of(m, cells, CELLS);
    ts_str authority = TS_NONE, source = TS_NONE;
    ts_notice *n = m->n;
    n->kind = TS_NOTICE_RECALL;
    for (size_t i = 0; i < count; i++)
        if (cells[i].text.n) put(m, cells[i].f, cells[i].text, &authority, &source);
    for (int f = T_SERIAL; f <= T_CONTACT; f++) /* in the order of the fields, not of the columns */
        for (size_t i = 0; i < count; i++)
            if ((int)cells[i].f == f) put_late(m, cells[i].f, cells[i].text);
    for (size_t i = 0; i < count; i++)
        if (cells[i].f == T_MODELS || (cells[i].f == T_MODEL && m->r->json && !cells[i].text.n))
            model_objects(m, ts_str_z(m->a, cells[i].name));
    for (size_t i = 0; i < count; i++) /* "units_total" says more than the first model's */
        if (cells[i].f == T_QUANTITY && cells[i].text.n) n->units = cells[i].text;
    make_prose(m, n->description);
    if (!n->product.n && !n->name.n && !n->title.n)
        return ts_fail(e, TS_E_INPUT,
                       "the record names no product: fill the column \"product\" (产品名称)");
    ts_str number = n->number;
    const char *key = source_key(m, authority, source);
    if (ts_str_is(ts_str_c(key), "samr") && !n->country.n) n->country = TS_S("CN");
    make_id(m, key, number);
    return true;
}
