/* An event of our own: a kind said in EPCIS. */
#include "epcis_part.h"

static bool has_role(const ts_life_make *m, const char *role) {
    for (size_t i = 0; i < m->about.n; i++)
        if (ts_str_is(m->about.v[i].role, role)) return true;
    return false;
}

static bool is_role(ts_str role) {
    static const char *const all[] = {"subject", "input", "output", "parent", "child"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (ts_str_is(role, all[i])) return true;
    return false;
}

/* As a URI that EPCIS takes: what was given where it is one, else the canonical identifier. */
static ts_str uri_of(const ts_life_about *x) {
    if (x->given.n && ts_uri_valid(x->given, false, false)) return x->given;
    return ts_uri_valid(x->product, false, false) ? x->product : TS_NONE;
}

/* A class of things is counted, a single thing is listed. */
static bool is_class(ts_arena scratch, const ts_life_about *x) {
    ts_product_id id;
    ts_error none = {0};
    ts_str name = x->product.n ? x->product : epcis_product(&scratch, x->given);
    return ts_product_id_read(&scratch, name, &id, &none) && id.kind == TS_PID_GS1 &&
           ts_gs1_grain(&id.link.ais) != TS_GRAIN_ITEM;
}

static void put_list(ts_arena *a, tape *t, const ts_life_make *m, const char *role,
                     const char *singles, const char *classes) {
    for (int counted = 0; counted < 2; counted++) {
        size_t n = 0;
        for (size_t i = 0; i < m->about.n; i++) {
            const ts_life_about *x = &m->about.v[i];
            if (!ts_str_is(x->role, role) || is_class(*a, x) != (counted == 1)) continue;
            if (n++ == 0) tape_key(t, ts_str_c(counted ? classes : singles)), tape_array(t);
            if (counted) tape_object(t), tape_key(t, TS_S("epcClass"));
            tape_str(t, uri_of(x));
            if (counted) tape_end(t);
        }
        if (n) tape_end(t);
    }
}

/* ---- What fits together ---- */

/* Work that makes something else of inputs; a harvest may also be parts taken off their whole. */
static const char *type_of(const ts_life_make *m) {
    if (m->kind == TS_LIFE_HARVEST && has_role(m, "parent")) return "AssociationEvent";
    if (has_role(m, "input") || has_role(m, "output")) return "TransformationEvent";
    return life_saying_of(m->kind)->type;
}

static bool named(const ts_life_make *m, ts_error *e) {
    if (m->about.n == 0) return ts_fail(e, TS_E_USAGE, "an event is about at least one product");
    for (size_t i = 0; i < m->about.n; i++) {
        const ts_life_about *x = &m->about.v[i];
        if (!is_role(x->role))
            return ts_fail(e, TS_E_USAGE,
                           "'%.*s' is no role in an event: subject, input, output, parent or child",
                           TS_P(x->role));
        if (!uri_of(x).n)
            return ts_fail(e, TS_E_USAGE,
                           "'%.*s' is no product identifier that EPCIS takes: give a Digital Link, "
                           "an address, a DID or a URN",
                           TS_P(x->given.n ? x->given : x->product));
    }
    return true;
}

static size_t count_role(const ts_life_make *m, const char *role) {
    size_t n = 0;
    for (size_t i = 0; i < m->about.n; i++) n += ts_str_is(m->about.v[i].role, role);
    return n;
}

static bool fits(const ts_life_make *m, const char *type, ts_error *e) {
    size_t subjects = count_role(m, "subject"), parents = count_role(m, "parent"),
           children = count_role(m, "child"), in = count_role(m, "input"),
           out = count_role(m, "output");
    if (!named(m, e)) return false;
    if (strcmp(type, "AssociationEvent") == 0)
        return (parents == 1 && children && !(subjects + in + out)) ||
               ts_fail(e, TS_E_USAGE,
                       "parts are taken off one parent, and are its children; products of several, "
                       "or what they went into, are inputs and outputs");
    if (strcmp(type, "TransformationEvent") == 0)
        return (in && out && !(subjects + parents + children)) ||
               ts_fail(e, TS_E_USAGE, "%s says what went in (input) and what came of it (output)",
                       ts_life_name(m->kind));
    return (subjects && !(parents + children)) ||
           ts_fail(e, TS_E_USAGE, "%s is about its subject; it has no parent and no children",
                   ts_life_name(m->kind));
}

static bool zone_is(ts_str z) {
    return z.n == 0 || (z.n == 6 && (z.p[0] == '+' || z.p[0] == '-') && z.p[3] == ':');
}

/* ---- Writing ---- */

static void put_context(tape *t) {
    tape_key(t, TS_S("@context"));
    tape_array(t);
    tape_str(t, TS_S(TS_EPCIS_CONTEXT));
    tape_object(t);
    tape_kstr(t, "touchstone", TS_S(TS_LIFE_PREFIX));
    tape_end(t);
    tape_end(t);
}

static void put_set(tape *t, const char *name, const char *value) {
    tape_key(t, TS_S("persistentDisposition"));
    tape_object(t);
    tape_key(t, ts_str_c(name));
    tape_array(t);
    tape_str(t, ts_str_c(value));
    tape_end(t);
    tape_end(t);
}

static void put_things(ts_arena *a, tape *t, const ts_life_make *m, const char *type) {
    if (strcmp(type, "TransformationEvent") == 0) {
        put_list(a, t, m, "input", "inputEPCList", "inputQuantityList");
        put_list(a, t, m, "output", "outputEPCList", "outputQuantityList");
    } else if (strcmp(type, "AssociationEvent") == 0) {
        for (size_t i = 0; i < m->about.n; i++)
            if (ts_str_is(m->about.v[i].role, "parent"))
                tape_kstr(t, "parentID", uri_of(&m->about.v[i]));
        put_list(a, t, m, "child", "childEPCs", "childQuantityList");
    } else {
        put_list(a, t, m, "subject", "epcList", "quantityList");
    }
}

static void put_body(ts_arena *a, tape *t, const ts_life_make *m, const char *type) {
    const life_saying *s = life_saying_of(m->kind);
    char when[24];
    bool whole = strcmp(type, "AssociationEvent") == 0;
    tape_kstr(t, "type", ts_str_c(type));
    tape_kstr(t, "eventTime", ts_str_dup(a, ts_instant_iso(m->at, when)));
    tape_kstr(t, "eventTimeZoneOffset", m->zone.n ? m->zone : TS_S("+00:00"));
    if (whole)
        tape_kstr(t, "action", TS_S("DELETE"));
    else if (strcmp(type, "ObjectEvent") == 0)
        tape_kstr(t, "action", ts_str_c(s->action ? s->action : "OBSERVE"));
    if (s->step) tape_kstr(t, "bizStep", ts_str_c(s->step));
    if (s->disposition) tape_kstr(t, "disposition", ts_str_c(s->disposition));
    if (s->set) put_set(t, "set", s->set);
    if (s->unset) put_set(t, "unset", s->unset);
    put_things(a, t, m, type);
    if (m->place.n) {
        tape_key(t, TS_S("readPoint"));
        tape_object(t);
        tape_kstr(t, "id", m->place);
        tape_end(t);
    }
    tape_kstr(t, "touchstone:kind", ts_str_c(ts_life_name(m->kind)));
    if (m->modified != TS_MODIFIED_NOT_ASKED)
        tape_kstr(t, "touchstone:substantialModification", ts_str_c(ts_modified_name(m->modified)));
    tape_kstr_opt(t, "touchstone:by", m->by);
    tape_kstr_opt(t, "touchstone:note", m->note);
}

bool ts_life_event_make(ts_arena *a, const ts_life_make *m, ts_str *event, ts_error *e) {
    const char *type = type_of(m);
    if (!fits(m, type, e)) return false;
    if (!zone_is(m->zone))
        return ts_fail(e, TS_E_USAGE, "the time zone is written as +01:00, unlike '%.*s'",
                       TS_P(m->zone));
    if (m->place.n && !ts_uri_valid(m->place, false, false))
        return ts_fail(e, TS_E_USAGE,
                       "the place '%.*s' is no URI: give an address, a geo: URI or a GLN as "
                       "https://id.gs1.org/414/…",
                       TS_P(m->place));
    ts_life_event back;                    /* what is written is what is read */
    for (int pass = 0; pass < 2; pass++) { /* the second with the id made of the first */
        tape t = {.a = a};
        ts_str id = m->id.n ? m->id : pass ? ts_life_event_id(a, &back) : TS_NONE;
        tape_object(&t);
        put_context(&t);
        tape_kstr_opt(&t, "eventID", id);
        put_body(a, &t, m, type);
        tape_end(&t);
        if (!tape_canonical(a, t.v, EPCIS_EVENT_MAX, event, e) ||
            !ts_epcis_read_event(a, *event, &back, e))
            return false;
    }
    return true;
}
