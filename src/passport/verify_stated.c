/* Validity, status lists, and schema. */
#include "verify_part.h"

/* ---- Validity ---- */

static bool from_to(verify_run *r, int64_t from, int64_t to, ts_verdict *d) {
    if (from != TS_NO_TIME && from > r->o->now + VERIFY_SKEW)
        return verify_set(r->a, d, TS_NO, "it is valid from %s only", WHEN(from)), false;
    if (to != TS_NO_TIME && r->o->now >= to)
        return verify_set(r->a, d, TS_NO, "it expired on %s", WHEN(to)), false;
    return true;
}

bool verify_in_time(verify_run *r, const verify_item *it, ts_verdict *d) {
    const ts_credential *c = &it->c.credential;
    int64_t iat, nbf, exp;
    if (!from_to(r, c->from, c->until, d)) return false;
    if (c->until == TS_NO_TIME && ts_json_member(c->root, "validUntil"))
        return verify_set(r->a, d, TS_OPEN, "its validUntil cannot be read"), false;
    if (!it->token || !verify_token_times(it, &iat, &nbf, &exp)) return true;
    return from_to(r, nbf, exp, d);
}

/* ---- Status lists ---- */

static bool is_ban(const ts_status_entry *s) {
    return ts_str_is(s->purpose, "revocation") || ts_str_is(s->purpose, "suspension");
}

/* The text of a value of several bits, or empty. */
static ts_str message_of(const ts_status_entry *s, uint64_t value) {
    TS_JSON_EACH(m, s->messages) {
        ts_str hex = ts_json_str(ts_json_member(m, "status"));
        uint64_t v = 0;
        if (ts_str_istarts(hex, TS_S("0x"))) hex = ts_str_from(hex, 2);
        for (size_t i = 0; i < hex.n && i < 16; i++) {
            int c = ts_lower((unsigned char)hex.p[i]);
            v = v << 4 | (uint64_t)(ts_is_digit(c) ? c - '0' : (c - 'a' + 10) & 15);
        }
        if (v == value) return ts_json_str(ts_json_member(m, "message"));
    }
    return TS_NONE;
}

static void say_value(verify_run *r, const ts_status_entry *s, const verify_list *l, uint64_t value,
                      ts_verdict *d) {
    bool suspension = ts_str_is(s->purpose, "suspension");
    const char *word = suspension ? "suspended" : "revoked";
    ts_str message = message_of(s, value);
    if (!is_ban(s))
        verify_set(r->a, d, TS_YES, "%s: %s", SHOW(s->purpose),
                   message.n ? SHOW(message)
                   : value   ? "set"
                             : "not set");
    else if (value)
        verify_set(r->a, d, TS_NO, "it is %s%s%s, says the list %s", word, message.n ? ": " : "",
                   SHOW(message), SHOW(s->list));
    else if (l->old)
        verify_set(r->a, d, TS_OPEN,
                   "it was not %s on %s, says a list that was brought along; what happened since, "
                   "it does not tell",
                   word,
                   l->list->from == TS_NO_TIME ? "a day it does not name" : WHEN(l->list->from));
    else
        verify_set(r->a, d, TS_YES, "not %s, says the list %s", word, SHOW(s->list));
    if (l->old && !value) d->cure = verify_say(r->a, "allow that %s be fetched", SHOW(s->list));
}

static void entry_status(verify_run *r, const verify_item *it, const ts_status_entry *s,
                         ts_verdict *d) {
    uint64_t value = 0;
    ts_error e = {0};
    if (!ts_str_is(s->type, "BitstringStatusListEntry")) {
        verify_set(r->a, d, TS_OPEN, "status of type \"%s\" is not read here", SHOW(s->type));
        return;
    }
    if (s->fault.n) {
        verify_set(r->a, d, TS_OPEN, "its status entry cannot be looked up: %.*s", TS_P(s->fault));
        return;
    }
    verify_list l = verify_status_list(r, s->list, it->c.credential.issuer);
    if (!l.list) {
        verify_set(r->a, d, TS_OPEN, "%s: %.*s", SHOW(s->list), TS_P(l.why));
        d->cure = l.cure;
    } else if (!ts_str_eq(l.list->issuer, it->c.credential.issuer)) {
        verify_set(r->a, d, TS_OPEN, "the list %s is by %s, not by the credential's issuer",
                   SHOW(s->list), SHOW(l.list->issuer));
    } else if (!ts_status_list_get(l.list, s, &value, &e)) {
        verify_set(r->a, d, TS_OPEN, "%s: %s", SHOW(s->list), e.msg);
    } else {
        say_value(r, s, &l, value, d);
    }
}

/* The worst of what revokes or suspends; the others are told, and decide nothing. */
static void lists_status(verify_run *r, const verify_item *it, ts_verdict *d) {
    const ts_credential *c = &it->c.credential;
    ts_str others = TS_NONE;
    size_t bans = 0;
    for (size_t i = 0; i < c->status.n; i++) {
        const ts_status_entry *s = &c->status.v[i];
        ts_verdict one = {0};
        bool decides = is_ban(s) || !ts_str_is(s->type, "BitstringStatusListEntry");
        entry_status(r, it, s, &one);
        one.at = c->status.n > 1 ? verify_say(r->a, "/credentialStatus/%zu", i)
                                 : TS_S("/credentialStatus");
        if (!decides) {
            others = verify_say(r->a, "%.*s; %.*s", TS_P(others), TS_P(one.reason));
            continue;
        }
        if (bans && one.answer == TS_YES && d->answer == TS_YES)
            d->reason = verify_say(r->a, "%.*s; %.*s", TS_P(d->reason), TS_P(one.reason));
        else if (!bans || verify_worse(one.answer, d->answer))
            *d = one;
        bans++;
    }
    if (!bans)
        verify_set(r->a, d, TS_OPEN,
                   "it names no list that would tell whether it was revoked or suspended");
    d->reason = verify_say(r->a, "%.*s%.*s", TS_P(d->reason), TS_P(others));
}

void verify_stated(verify_run *r, verify_item *it) {
    const ts_credential *c = &it->c.credential;
    ts_verdict *d = &it->c.step[TS_STEP_STATUS];
    if (it->stated) return;
    it->stated = true;
    if (it->broken.n) {
        verify_set(r->a, d, TS_OPEN, "it cannot be read");
    } else if (!verify_in_time(r, it, d)) {
        return;
    } else if (c->kind == TS_VC_PRESENTATION) {
        verify_set(r->a, d, TS_OPEN, "a presentation has no status of its own");
    } else if (!c->status.n) {
        verify_set(r->a, d, TS_OPEN,
                   "it names no status list: whether it was revoked, nobody tells");
        d->cure = TS_S("ask its issuer");
    } else {
        lists_status(r, it, d);
    }
}

/* ---- Schema ---- */

/* UNTP's vocabulary of another version than the one whose schemas are read. */
static bool other_untp(const ts_credential *c) {
    bool other = false;
    for (size_t i = 0; i < c->contexts.n; i++) {
        if (ts_str_is(c->contexts.v[i], TS_UNTP_CONTEXT)) return false;
        other |= ts_str_find(c->contexts.v[i], TS_S("uncefact.org")) != TS_NPOS;
    }
    return other;
}

static void say_faults(verify_run *r, ts_untp_type type, const ts_schema_faults *f, ts_verdict *d) {
    ts_str all = TS_NONE;
    for (size_t i = 0; i < f->n; i++)
        all = verify_say(r->a, "%.*s%s%s %s", TS_P(all), i ? "; " : "",
                         f->v[i].at.n ? SHOW(f->v[i].at) : "(whole)", SHOW(f->v[i].text));
    verify_set(r->a, d, TS_NO, "it does not keep UNTP's schema of %s: %.*s",
               ts_untp_type_name(type), TS_P(all));
    if (f->n) d->at = f->v[0].at;
}

static void untp_formed(verify_run *r, const verify_item *it, ts_verdict *d) {
    ts_untp_type type = it->c.type;
    const ts_schema *schema = verify_schema_of(r->o->schemas, type);
    ts_schema_faults faults = {0};
    ts_error e = {0};
    ts_answer kept = TS_OPEN;
    if (other_untp(&it->c.credential)) {
        verify_set(r->a, d, TS_OPEN,
                   "it keeps VCDM 2.0, and is of another version of UNTP than 0.7.0");
        return;
    }
    if (!schema) {
        verify_set(r->a, d, TS_OPEN, "it keeps VCDM 2.0; UNTP's schema %s is not at hand",
                   ts_untp_schema_file(type));
        d->cure = TS_S("give the folder with UNTP's schemas");
        return;
    }
    kept = ts_schema_check(schema, r->a, it->c.credential.root, 3, &faults, &e);
    if (kept == TS_NO)
        say_faults(r, type, &faults, d);
    else if (kept == TS_YES)
        verify_set(r->a, d, TS_YES, "it keeps VCDM 2.0 and UNTP's schema of %s",
                   ts_untp_type_name(type));
    else
        verify_set(r->a, d, TS_OPEN, "it keeps VCDM 2.0; UNTP's schema cannot be told: %s", e.msg);
}

void verify_formed(verify_run *r, verify_item *it) {
    const ts_credential *c = &it->c.credential;
    ts_verdict *d = &it->c.step[TS_STEP_SCHEMA];
    if (it->formed) return;
    it->formed = true;
    if (it->broken.n) {
        verify_set(r->a, d, TS_OPEN, "it cannot be read");
    } else if (it->rule.n) {
        verify_set(r->a, d, TS_NO, "%.*s", TS_P(it->rule));
        d->at = it->rule_at;
    } else if (it->c.type != TS_UNTP_NONE) {
        untp_formed(r, it, d);
    } else if (c->schemas.n) {
        verify_set(r->a, d, TS_OPEN,
                   "it keeps VCDM 2.0; the schema %s that it names is not fetched",
                   SHOW(ts_json_str(ts_json_member(c->schemas.v[0], "id"))));
    } else {
        verify_set(r->a, d, TS_YES, "it keeps VCDM 2.0, and names no schema of its own");
    }
}
