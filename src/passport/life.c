/* What kinds of events there are in a product's life, who may add them, and how EPCIS says them. */
#include "epcis_part.h"

static const char *const names[TS_LIVES] = {
    "other",     "make",    "sell",   "inspect", "repair", "refurbish", "remanufacture",
    "repurpose", "harvest", "resell", "recall",  "lift",   "recycle",   "destroy"};

const char *ts_life_name(ts_life_kind k) { return names[k]; }

bool ts_life_by_name(ts_str name, ts_life_kind *k) {
    for (int i = 0; i < TS_LIVES; i++)
        if (ts_str_is(name, names[i])) return *k = (ts_life_kind)i, true;
    return false;
}

static const char *const modified_names[] = {"not_asked", "not_substantial", "substantial",
                                             "cannot_be_told"};
const char *ts_modified_name(ts_modified m) { return modified_names[m]; }

bool ts_modified_by_name(ts_str name, ts_modified *m) {
    for (int i = 0; i <= TS_MODIFIED_OPEN; i++)
        if (ts_str_is(name, modified_names[i])) return *m = (ts_modified)i, true;
    return false;
}

/* Where work is done on a used product that is placed on the market again or stays in use. */
bool ts_life_asks_modified(ts_life_kind k) {
    return k == TS_LIFE_REPAIR || k == TS_LIFE_REFURBISH || k == TS_LIFE_REMANUFACTURE ||
           k == TS_LIFE_REPURPOSE;
}

/* Making and what its safety is are the responsible operator's to say, the latter an authority's,
 * too; what is done to a product is said by who did it; anybody who may see behind the public part
 * may say that it is gone. */
ts_audiences ts_life_open_to(ts_life_kind k) {
    const ts_audiences operator= 1u << TS_AUD_OPERATOR, worker = 1u << TS_AUD_LEGITIMATE_INTEREST,
                       authority = 1u << TS_AUD_AUTHORITY, body = 1u << TS_AUD_NOTIFIED_BODY;
    switch (k) {
    case TS_LIFE_MAKE: return operator;
    case TS_LIFE_RECALL:
    case TS_LIFE_LIFT: return operator| authority;
    case TS_LIFE_INSPECT: return operator| worker | authority | body;
    case TS_LIFE_RECYCLE:
    case TS_LIFE_DESTROY:
    case TS_LIFE_OTHER: return operator| worker | authority;
    default: return operator| worker;
    }
}

/* CBV 2.0 has names for steps that are common in trade; those of the circular economy that it lacks
 * are our own. What is more exact than its step says so in touchstone:kind. */
const life_saying *life_saying_of(ts_life_kind k) {
    static const life_saying all[TS_LIVES] = {
        [TS_LIFE_OTHER] = {"ObjectEvent", "OBSERVE", "other", 0, 0, 0},
        [TS_LIFE_MAKE] = {"ObjectEvent", "ADD", "commissioning", "active", 0, 0},
        [TS_LIFE_SELL] = {"ObjectEvent", "OBSERVE", "retail_selling", "retail_sold", 0, 0},
        [TS_LIFE_INSPECT] = {"ObjectEvent", "OBSERVE", "inspecting", 0, 0, 0},
        [TS_LIFE_REPAIR] = {"ObjectEvent", "OBSERVE", "repairing", 0, 0, 0},
        [TS_LIFE_REFURBISH] = {"ObjectEvent", "OBSERVE", "touchstone:refurbishing", 0, 0, 0},
        [TS_LIFE_REMANUFACTURE] = {"TransformationEvent", 0, "touchstone:remanufacturing", 0, 0, 0},
        [TS_LIFE_REPURPOSE] = {"TransformationEvent", 0, "touchstone:repurposing", 0, 0, 0},
        [TS_LIFE_HARVEST] = {"TransformationEvent", 0, "disassembling", 0, 0, 0},
        [TS_LIFE_RESELL] = {"ObjectEvent", "OBSERVE", "retail_selling", "retail_sold", 0, 0},
        [TS_LIFE_RECALL] = {"ObjectEvent", "OBSERVE", 0, "recalled", "recalled", 0},
        [TS_LIFE_LIFT] = {"ObjectEvent", "OBSERVE", 0, 0, 0, "recalled"},
        [TS_LIFE_RECYCLE] = {"ObjectEvent", "DELETE", "decommissioning", "disposed", 0, 0},
        [TS_LIFE_DESTROY] = {"ObjectEvent", "DELETE", "destroying", "destroyed", 0, 0}};
    return &all[k];
}

/* What the CBV's words say by themselves. Decommissioning takes an identifier off a thing and says
 * nothing about the thing. */
static ts_life_kind told(const epcis_signs *s) {
    static const struct {
        const char *step;
        ts_life_kind kind;
    } steps[] = {{"retail_selling", TS_LIFE_SELL},
                 {"inspecting", TS_LIFE_INSPECT},
                 {"repairing", TS_LIFE_REPAIR},
                 {"disassembling", TS_LIFE_HARVEST},
                 {"destroying", TS_LIFE_DESTROY},
                 {TS_LIFE_PREFIX "refurbishing", TS_LIFE_REFURBISH},
                 {TS_LIFE_PREFIX "remanufacturing", TS_LIFE_REMANUFACTURE},
                 {TS_LIFE_PREFIX "repurposing", TS_LIFE_REPURPOSE}};
    if (s->set_recalled || ts_str_is(s->disposition, "recalled")) return TS_LIFE_RECALL;
    if (s->unset_recalled) return TS_LIFE_LIFT;
    if (ts_str_is(s->step, "commissioning"))
        return ts_str_is(s->type, "ObjectEvent") && ts_str_is(s->action, "ADD") ? TS_LIFE_MAKE
                                                                                : TS_LIFE_OTHER;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (ts_str_is(s->step, steps[i].step)) return steps[i].kind;
    return TS_LIFE_OTHER;
}

bool life_kind_of(const epcis_signs *s, ts_life_kind *out, ts_error *e) {
    ts_life_kind by_words = told(s), declared = by_words;
    *out = TS_LIFE_OTHER;
    if (s->set_recalled && s->unset_recalled)
        return ts_fail(e, TS_E_INPUT, "the disposition recalled is set and unset at once");
    if (s->declared.n && !ts_life_by_name(s->declared, &declared))
        return ts_fail(e, TS_E_INPUT,
                       "touchstone:kind is '%.*s', which is no kind of event: say other, make, "
                       "sell, inspect, repair, refurbish, remanufacture, repurpose, harvest, "
                       "resell, recall, lift, recycle or destroy",
                       TS_P(s->declared));
    bool recall = by_words == TS_LIFE_RECALL || by_words == TS_LIFE_LIFT ||
                  declared == TS_LIFE_RECALL || declared == TS_LIFE_LIFT;
    if (recall && declared != by_words)
        return ts_fail(e, TS_E_INPUT,
                       "touchstone:kind says %s, the disposition says %s: an event says one of "
                       "both, a recall by the disposition recalled, its end by unsetting it",
                       ts_life_name(declared),
                       by_words == TS_LIFE_RECALL ? "recalled"
                       : by_words == TS_LIFE_LIFT ? "no longer recalled"
                                                  : "nothing of a recall");
    if (!s->wrong) *out = declared;
    return true;
}
