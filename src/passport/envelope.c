#include "envelope.h"

enum { INDEX_BITS = 53 }; /* of an integer that every JSON reader keeps */

void tape_strings(tape *t, const char *name, const char *const *v, size_t n) {
    tape_key(t, ts_str_c(name));
    tape_array(t);
    for (size_t i = 0; i < n; i++) tape_str(t, ts_str_c(v[i]));
    tape_end(t);
}

void tape_type(tape *t, const char *type) { tape_strings(t, "type", &type, 1); }

static void write_time(tape *t, const char *name, int64_t time) {
    char text[24];
    tape_kstr(t, name, ts_str_dup(t->a, ts_instant_iso(time, text)));
}

static void write_issuer(tape *t, const envelope *v, const ts_credential_terms *o) {
    tape_key(t, TS_S("issuer"));
    tape_object(t);
    if (v->issuer_type) tape_type(t, v->issuer_type);
    tape_kstr(t, "id", o->issuer);
    tape_kstr_opt(t, "name", o->issuer_name);
    tape_end(t);
}

static void write_index(tape *t, uint64_t index, bool number) {
    ts_buf b = ts_buf_new(t->a, 24);
    ts_buf_u64(&b, index);
    const ts_json node = {.p = b.p, .n = (uint32_t)b.n, .span = 1, .type = TS_JSON_NUMBER};
    if (number)
        tape_member(t, TS_S("statusListIndex"), &node);
    else
        tape_kstr(t, "statusListIndex", ts_buf_str(&b));
}

static bool write_status(tape *t, const ts_status_entry *s, bool number, ts_error *e) {
    if (!s->purpose.n || !s->list.n)
        return ts_fail(e, TS_E_USAGE, "a status needs a purpose and the address of its list");
    if (s->index >> INDEX_BITS)
        return ts_fail(e, TS_E_USAGE, "the index in the status list is too large for a number");
    tape_key(t, TS_S("credentialStatus"));
    tape_object(t);
    tape_kstr(t, "type", TS_S("BitstringStatusListEntry"));
    tape_kstr_opt(t, "id", s->id);
    tape_kstr(t, "statusPurpose", s->purpose);
    write_index(t, s->index, number);
    tape_kstr(t, "statusListCredential", s->list);
    tape_end(t);
    return true;
}

bool envelope_open(tape *t, const envelope *v, const ts_credential_terms *o, ts_error *e) {
    const char *const contexts[] = {TS_VC_CONTEXT, v->context},
                      *types[] = {v->type, "VerifiableCredential"};
    tape_object(t);
    tape_strings(t, "@context", contexts, v->context ? 2 : 1);
    tape_strings(t, "type", v->type ? types : types + 1, v->type ? 2 : 1);
    tape_kstr(t, "id", o->id);
    tape_kstr_opt(t, "name", v->name);
    write_issuer(t, v, o);
    write_time(t, "validFrom", o->from);
    if (o->until != TS_NO_TIME) write_time(t, "validUntil", o->until);
    return !o->status || write_status(t, o->status, v->number_index, e);
}
