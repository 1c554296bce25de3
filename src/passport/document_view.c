/* Who sees what of a document: its packs, the classes of its elements, and the document with the
 * others left out. */
#include "document.h"
#include "form.h"
#include "tape.h"

/* ---- classes ---- */

/* Whether all packs that have a class of that name open it to `who`; no pack has it: false. */
static bool class_open(const ts_packs *packs, ts_str name, ts_audiences who) {
    bool found = false;
    for (size_t i = 0; i < packs->n; i++)
        for (size_t k = 0; k < packs->v[i].classes.n; k++) {
            const ts_disclosure_class *c = &packs->v[i].classes.v[k];
            if (!ts_str_eq(c->name, name)) continue;
            if (!ts_may_see(c, who)) return false;
            found = true;
        }
    return found;
}

/* The document's own class of a path, when `kind` of it is an id. */
static ts_str own_class(const ts_document *d, ts_str path, form_path_kind *kind) {
    uint64_t at;
    *kind = form_paths_get(&d->class_paths, path, &at);
    return *kind == FORM_PATH_ID ? ts_json_str(d->root + at) : TS_NONE;
}

/* What a path is to packs and document; of an id, *see says whether all that class it open it. An
 * id that has others inside it for another pack is treated as if nobody knew it. */
static form_path_kind judge(const ts_document *d, const ts_packs *packs, ts_str path,
                            ts_audiences who, bool *see) {
    form_path_kind kind;
    ts_str own = own_class(d, path, &kind);
    unsigned found = 1u << kind;
    *see = kind != FORM_PATH_ID || class_open(packs, own, who);
    for (size_t i = 0; i < packs->n; i++) {
        const ts_pack_element *el;
        if (!ts_pack_path(&packs->v[i], path, &el)) continue;
        if (el && !ts_may_see(el->class, who)) *see = false;
        found |= 1u << (el ? FORM_PATH_ID : FORM_PATH_BEGINNING);
    }
    bool id = found >> FORM_PATH_ID & 1, beginning = found >> FORM_PATH_BEGINNING & 1;
    if (id != beginning) return id ? FORM_PATH_ID : FORM_PATH_BEGINNING;
    *see = false;
    return FORM_PATH_NONE;
}

/* "a.b" and "c" as "a.b.c"; too long for an id: a path that none has. */
static ts_str join(char room[FORM_PATH_MAX], ts_str path, ts_str name) {
    size_t dot = path.n != 0;
    if (path.n + dot + name.n > FORM_PATH_MAX) return TS_NONE;
    if (path.n) memmove(room, path.p, path.n);
    if (dot) room[path.n] = '.';
    if (name.n) memcpy(room + path.n + dot, name.p, name.n);
    return (ts_str){room, path.n + dot + name.n};
}

/* A name inside objects is a step, so one with a dot in it leads nowhere. */
static ts_str path_of(char room[FORM_PATH_MAX], ts_str path, ts_str name) {
    return path.n && ts_str_chr(name, '.') != TS_NPOS ? TS_NONE : join(room, path, name);
}

/* ---- packs ---- */

typedef struct holding {
    const ts_document *d;
    const ts_packs *packs;
    form f;
} holding;

static bool classed(const holding *h, const ts_json *obj, ts_str path) {
    TS_JSON_EACH_MEMBER(name, value, obj) {
        char room[FORM_PATH_MAX];
        bool see;
        ts_str inner = path_of(room, path, ts_json_str(name));
        form_path_kind kind = judge(h->d, h->packs, inner, 0, &see);
        if (kind == FORM_PATH_ID) continue;
        if (kind == FORM_PATH_NONE)
            return form_bad(&h->f, name,
                            "no pack of this passport knows the element, so it has no disclosure "
                            "class; name the pack, or give it a class in \"classes\"");
        if (!form_type(&h->f, value, FORM_OBJECT) || !classed(h, value, inner)) return false;
    }
    return true;
}

static bool class_known(const holding *h, const ts_json *value) {
    ts_str name = ts_json_str(value), like = TS_NONE;
    for (size_t i = 0; i < h->packs->n; i++)
        for (size_t k = 0; k < h->packs->v[i].classes.n; k++) {
            ts_str one = h->packs->v[i].classes.v[k].name;
            if (ts_str_eq(one, name)) return true;
            if (form_nearest(name, &one, 1).n) like = one;
        }
    return form_bad(&h->f, value, "no pack of this passport has the class \"%s\"%s%.*s%s",
                    FORM_SHOW(name), like.n ? "; did you mean \"" : "", TS_P(like),
                    like.n ? "\"?" : "; name one that a pack has");
}

/* An entry of "classes" that is in the way of a pack. */
static bool class_free(const holding *h, const ts_json *name) {
    ts_str id = ts_json_str(name);
    for (size_t i = 0; i < h->packs->n; i++) {
        const ts_pack *p = &h->packs->v[i];
        const ts_pack_element *el;
        bool known = ts_pack_path(p, id, &el);
        for (size_t k = 0; !known && k < id.n; k++)
            if (id.p[k] == '.' && ts_pack_path(p, ts_str_to(id, k), &el) && el) known = true;
        if (known)
            return form_bad(&h->f, name,
                            "the pack \"%.*s\" gives a class to this element, or to one inside or "
                            "around it; leave the entry out",
                            TS_P(p->id));
    }
    return true;
}

static bool own_classes(const holding *h) {
    TS_JSON_EACH_MEMBER(name, value, h->d->classes) {
        if (!class_known(h, value) || !class_free(h, name)) return false;
    }
    return true;
}

/* Elements of one pack inside those of another: who may see the inner one could not be told. */
static bool packs_apart(const holding *h, ts_arena scratch) {
    ts_map all = {0};
    for (size_t i = 0; i < h->packs->n; i++) {
        const ts_pack *p = &h->packs->v[i];
        for (size_t k = 0; k < p->elements.n; k++) {
            const char *why;
            ts_str id = p->elements.v[k].id, other;
            if (form_paths_get(&all, id, 0) == FORM_PATH_ID) continue; /* shared, or asked twice */
            if (!form_paths_add(&scratch, &all, id, 0, &why, &other))
                return form_bad(
                    &h->f, ts_json_member(h->d->root, "packs"),
                    "the packs do not go together: the element %.*s of \"%.*s\" %s%s%.*s", TS_P(id),
                    TS_P(p->id), why, ts_str_eq(id, other) ? "" : ": ",
                    ts_str_eq(id, other) ? 0 : (int)other.n, other.p);
        }
    }
    return true;
}

static bool category(const holding *h, const ts_pack *p, size_t i) {
    ts_str name = h->d->packs.v[i].category;
    const ts_json *node = ts_json_at(ts_json_member(h->d->root, "packs"), i);
    char all[400];
    size_t at = 0;
    if (!name.n) return true;
    for (size_t k = 0; k < p->categories.n; k++)
        if (ts_str_eq(p->categories.v[k], name)) return true;
    all[0] = 0;
    for (size_t k = 0; k < p->categories.n && at < sizeof all; k++)
        at += (size_t)snprintf(all + at, sizeof all - at, "%s%.*s", k ? ", " : "",
                               TS_P(p->categories.v[k]));
    return form_bad(&h->f, ts_json_member(node, "category"),
                    "the pack \"%.*s\" has no category \"%s\"; %s%s", TS_P(p->id), FORM_SHOW(name),
                    all[0] ? "it has: " : "it has none: leave it out", all);
}

static bool kept_pack(ts_pack_shelf *shelf, ts_str name, ts_pack *out, ts_error *e) {
    for (size_t i = 0; i < shelf->n; i++)
        if (ts_str_eq(shelf->v[i].name, name)) return *out = shelf->v[i].pack, true;
    ts_arena mark = *shelf->a;
    ts_str own = ts_str_dup(shelf->a, name);
    if (!ts_pack_read(shelf->a, own, ts_pack_find_shared, 0, out, e)) {
        *shelf->a = mark; /* names that are no pack's do not fill the shelf */
        return false;
    }
    __typeof__(shelf->v) one = ts_push(shelf->a, shelf);
    one->name = own;
    one->pack = *out;
    return true;
}

bool ts_document_packs(ts_arena *a, const ts_document *d, ts_pack_find *find, void *ctx,
                       ts_packs *out, ts_error *e) {
    *out = (ts_packs){0};
    holding h = {d, out, {"passport", TS_NONE, d->root, e}};
    for (size_t i = 0; i < d->packs.n; i++) {
        ts_pack *p = ts_push(a, out);
        ts_str name = d->packs.v[i].id;
        bool keep = find == ts_pack_find_shared && ctx;
        if (!(keep ? kept_pack(ctx, name, p, e) : ts_pack_read(a, name, find, ctx, p, e)) ||
            !category(&h, p, i))
            return false;
    }
    return (out->n < 2 || packs_apart(&h, *a)) && own_classes(&h) &&
           classed(&h, d->elements, TS_NONE);
}

/* ---- the view ---- */

typedef struct viewing {
    const ts_document *d;
    const ts_packs *packs;
    ts_audiences who;
    tape t;
    size_t omitted;
} viewing;

static void view_members(viewing *x, const ts_json *obj, ts_str path);

/* An object on the way to elements; left out when nothing of it may be seen. */
static void view_way(viewing *x, ts_str name, const ts_json *value, ts_str path) {
    size_t before = x->t.n, omitted = x->omitted;
    tape_key(&x->t, name);
    tape_object(&x->t);
    view_members(x, value, path);
    bool nothing = x->t.v[x->t.open[x->t.depth - 1]].n == 0;
    tape_end(&x->t);
    if (nothing && x->omitted > omitted) tape_undo(&x->t, before);
}

static void view_members(viewing *x, const ts_json *obj, ts_str path) {
    TS_JSON_EACH_MEMBER(name, value, obj) {
        char room[FORM_PATH_MAX];
        bool see;
        ts_str inner = path_of(room, path, ts_json_str(name));
        form_path_kind kind = judge(x->d, x->packs, inner, x->who, &see);
        if (kind == FORM_PATH_BEGINNING && value->type == TS_JSON_OBJECT)
            view_way(x, ts_json_str(name), value, inner);
        else if (kind == FORM_PATH_ID && see)
            tape_member(&x->t, ts_json_str(name), value);
        else
            x->omitted++;
    }
}

/* What an element is called may say enough: a class is shown to whom its element is. */
static void view_classes(viewing *x) {
    TS_JSON_EACH_MEMBER(name, value, x->d->classes) {
        bool see;
        judge(x->d, x->packs, ts_json_str(name), x->who, &see);
        if (see) tape_member(&x->t, ts_json_str(name), value);
    }
}

static void view_sbom(viewing *x, const ts_json *value) {
    form_path_kind kind;
    ts_str own = own_class(x->d, TS_S("sbom"), &kind);
    if (kind == FORM_PATH_ID && class_open(x->packs, own, x->who))
        tape_member(&x->t, TS_S("sbom"), value);
    else
        x->omitted++;
}

static void view_root(viewing *x) {
    tape_object(&x->t);
    TS_JSON_EACH_MEMBER(name, value, x->d->root) {
        if (value == x->d->sbom) {
            view_sbom(x, value);
        } else if (value == x->d->elements || value == x->d->classes) {
            tape_key(&x->t, ts_json_str(name));
            tape_object(&x->t);
            if (value == x->d->elements)
                view_members(x, value, TS_NONE);
            else
                view_classes(x);
            tape_end(&x->t);
        } else {
            tape_member(&x->t, ts_json_str(name), value);
        }
    }
    tape_end(&x->t);
}

const ts_json *ts_document_view_tree(ts_arena *a, const ts_document *d, const ts_packs *packs,
                                     ts_audiences who, size_t *omitted) {
    if (omitted) *omitted = 0;
    if (who >> TS_AUD_OPERATOR & 1) return d->root;
    viewing x = {.d = d, .packs = packs, .who = who, .t = {.a = a}};
    view_root(&x);
    if (omitted) *omitted = x.omitted;
    return x.t.v;
}

bool ts_document_view(ts_arena *a, const ts_document *d, const ts_packs *packs, ts_audiences who,
                      ts_str *out, size_t *omitted, ts_error *e) {
    return tape_canonical(a, ts_document_view_tree(a, d, packs, who, omitted), SIZE_MAX, out, e);
}
