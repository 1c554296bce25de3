#include "cli.h"

static const option_spec *find(const option_spec *list, ts_str name) {
    for (; list && list->name; list++)
        if (ts_str_is(name, list->name)) return list;
    return 0;
}

/* Letters to add, drop or change to make the one of the other (Levenshtein); long words count as
 * far apart. */
static size_t distance(ts_str a, ts_str b) {
    enum { LONGEST = 31 };
    size_t row[LONGEST + 1];
    if (a.n > LONGEST || b.n > LONGEST) return LONGEST;
    for (size_t j = 0; j <= b.n; j++) row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t change = corner + (a.p[i - 1] != b.p[j - 1]), up = row[j] + 1,
                   left = row[j - 1] + 1;
            corner = row[j];
            row[j] = change < up ? change : up;
            if (left < row[j]) row[j] = left;
        }
    }
    return row[b.n];
}

/* The known option most like a mistyped one, for "did you mean": at most two letters off, or cut
 * short. */
static const char *nearest(const command *cmd, ts_str name) {
    const char *best = 0;
    size_t least = 3;
    for (int l = 0; l < 2; l++)
        for (const option_spec *o = l ? global_options : cmd->options; o && o->name; o++) {
            ts_str known = ts_str_c(o->name);
            size_t d = name.n > 2 && ts_str_starts(known, name) ? 1 : distance(name, known);
            if (d < least && d < known.n) least = d, best = o->name;
        }
    return best;
}

static bool one_option(cli *c, int argc, char **argv, int *i, ts_error *e) {
    ts_str name = ts_str_c(argv[*i] + 2), value = name;
    name = ts_str_cut(&value, '=');
    const option_spec *o = find(c->cmd->options, name);
    if (!o) o = find(global_options, name);
    if (!o) {
        const char *like = nearest(c->cmd, name);
        return ts_fail(e, TS_E_USAGE, "%s has no option --%.*s%s%s%s", c->cmd->name, TS_P(name),
                       like ? "; did you mean --" : "", like ? like : "", like ? "?" : "");
    }
    const char *v = value.p;
    if (!o->arg && v) return ts_fail(e, TS_E_USAGE, "--%s takes no value", o->name);
    if (o->arg && !v) {
        if (*i + 1 >= argc)
            return ts_fail(e, TS_E_USAGE, "--%s needs a value: --%s %s", o->name, o->name, o->arg);
        v = argv[++*i];
    }
    if (c->given_n == VALUES_MAX)
        return ts_fail(e, TS_E_USAGE, "more than %d options; give them in several calls",
                       VALUES_MAX);
    c->given[c->given_n].o = o;
    c->given[c->given_n++].value = v ? v : "";
    return true;
}

bool options_parse(cli *c, int argc, char **argv, ts_error *e) {
    bool only_operands = false;
    for (int i = 0; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && strncmp(argv[i], "--", 2) == 0) {
            if (!one_option(c, argc, argv, &i, e)) return false;
        } else if (!only_operands && argv[i][0] == '-' && argv[i][1]) {
            return ts_fail(e, TS_E_USAGE, "options are written out with two dashes; '%s' is none",
                           argv[i]);
        } else if (c->operands_n < VALUES_MAX) {
            c->operand[c->operands_n++] = argv[i];
        } else {
            return ts_fail(e, TS_E_USAGE, "more than %d arguments; give them in several calls",
                           VALUES_MAX);
        }
    }
    if (c->operands_n && !c->cmd->operands && !flag(c, "help"))
        return ts_fail(e, TS_E_USAGE, "%s takes no further arguments ('%s')", c->cmd->name,
                       c->operand[0]);
    return true;
}

const char *option(const cli *c, const char *name) {
    for (size_t i = c->given_n; i-- > 0;)
        if (strcmp(c->given[i].o->name, name) == 0) return c->given[i].value;
    return 0;
}

bool flag(const cli *c, const char *name) { return option(c, name) != 0; }

size_t option_all(cli *c, const char *name, const char *const **values) {
    const char **v = ts_new_n(&c->arena, const char *, c->given_n + 1);
    size_t n = 0;
    for (size_t i = 0; i < c->given_n; i++)
        if (strcmp(c->given[i].o->name, name) == 0) v[n++] = c->given[i].value;
    *values = v;
    return n;
}

bool option_number(const cli *c, const char *name, uint64_t least, uint64_t most,
                   uint64_t otherwise, uint64_t *out, ts_error *e) {
    const char *v = option(c, name);
    *out = otherwise;
    if (!v) return true;
    if (ts_u64_parse(ts_str_c(v), out) && *out >= least && *out <= most) return true;
    return ts_fail(e, TS_E_USAGE, "--%s is a whole number from %llu to %llu, not '%s'", name,
                   (unsigned long long)least, (unsigned long long)most, v);
}

bool option_fraction(const cli *c, const char *name, double otherwise, double *out, ts_error *e) {
    const char *v = option(c, name);
    *out = otherwise;
    if (!v) return true;
    if (ts_f64_parse(ts_str_c(v), out) && *out > 0 && *out < 1) return true;
    return ts_fail(e, TS_E_USAGE, "--%s is a number between 0 and 1, not '%s'", name, v);
}

ts_strs option_strs(cli *c, const char *name) {
    const char *const *v;
    ts_strs out = {0};
    size_t n = option_all(c, name, &v);
    for (size_t i = 0; i < n; i++) *ts_push(&c->arena, &out) = ts_str_c(v[i]);
    return out;
}

void option_network(cli *c, ts_fetch_options *o) {
    o->allow_private = option_strs(c, "allow-private");
    if (option(c, "proxy")) o->proxy = ts_str_c(option(c, "proxy"));
    if (option(c, "ca-file")) o->ca_file = ts_str_c(option(c, "ca-file"));
}

exit_status usage(const cli *c, const ts_error *e) {
    ts_log_error(e);
    ts_log_problem("see `touchstone %s --help`", c->cmd->name);
    return EXIT_USAGE;
}

exit_status failed(const ts_error *e) {
    ts_log_error(e);
    return e->code == TS_E_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

const char *plural(uint64_t n, const char *one, const char *more) { return n == 1 ? one : more; }

exit_status print(const ts_buf *b) {
    ts_error e;
    if (b->full)
        return ts_fail(&e, TS_E_LIMIT,
                       "the output is larger than it may be; ask for less with --top"),
               failed(&e);
    return ts_fd_write(1, ts_buf_str(b), "standard output", &e) ? EXIT_DONE : failed(&e);
}
