/* cli.h - the command line: one table row per command, from which parsing, --help, the man page and
 * shell completion are made. Private to cli/.
 */
#ifndef TS_CLI_CLI_H
#define TS_CLI_CLI_H

#include "pipeline/pipeline.h"

/* Exit status: the worst of 1 > 4 > 3 > 0 wins; usage errors are 2. */
typedef enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_UNDETERMINED = 3,
    EXIT_PARTLY = 4
} exit_status;
exit_status worse(exit_status a, exit_status b);

typedef struct option_spec {
    const char *name; /* without the dashes */
    const char *arg;  /* what the value is called in help; NULL = a flag */
    const char *help;
    bool repeated;
} option_spec;

typedef struct cli cli;
typedef struct command {
    const char *name;            /* "screen", "bench derive" */
    const char *operands;        /* in help: "FILE…" */
    const char *summary;         /* one line */
    const char *text;            /* a paragraph or more */
    const option_spec *options;  /* ended by a NULL name */
    const char *const *examples; /* command line, then what it does, in pairs; ended by NULL */
    exit_status (*run)(cli *c);
} command;

extern const command *const commands[]; /* ended by NULL */
extern const option_spec global_options[];

enum { VALUES_MAX = 4096 };
struct cli {
    const command *cmd;
    ts_arena arena;
    struct {
        const option_spec *o;
        const char *value;
    } given[VALUES_MAX];
    size_t given_n;
    const char *operand[VALUES_MAX];
    size_t operands_n;
    ts_catalogue catalogue;
};

/* Fills c->given and c->operand; false with TS_E_USAGE. */
bool options_parse(cli *c, int argc, char **argv, ts_error *e);
const char *option(const cli *c, const char *name); /* the last value given, or NULL */
bool flag(const cli *c, const char *name);
size_t option_all(cli *c, const char *name, const char *const **values);
/* A number within bounds; `otherwise` when the option is not given. */
bool option_number(const cli *c, const char *name, uint64_t least, uint64_t most,
                   uint64_t otherwise, uint64_t *out, ts_error *e);
bool option_fraction(const cli *c, const char *name, double otherwise, double *out, ts_error *e);

/* All values of an option. */
ts_strs option_strs(cli *c, const char *name);
/* --allow-private, --proxy and --ca-file. */
void option_network(cli *c, ts_fetch_options *o);

/* The model named with --model, else the one that comes with the program. */
bool open_model(cli *c, ts_model *m, ts_error *e);
bool write_model(cli *c, const ts_model *m, const char *path, ts_error *e);
exit_status usage(const cli *c, const ts_error *e); /* prints the error and where help is */
exit_status failed(const ts_error *e);              /* prints the error */
const char *plural(uint64_t n, const char *one, const char *more); /* the word that goes with n */
void help_all(ts_buf *b);
void help_command(ts_buf *b, const command *cmd);
void help_man(ts_buf *b);
bool help_completion(ts_buf *b, const char *shell);
exit_status print(
    const ts_buf *b); /* to standard output; EXIT_FAILED, with the reason said, when that fails */

extern const command cmd_passport_log, cmd_passport_follow, cmd_passport_backup,
    cmd_passport_register;
extern const command cmd_passport_event, cmd_passport_life, cmd_passport_affected;
extern const command cmd_serve, cmd_token_issue, cmd_token_list, cmd_token_revoke;
extern const command cmd_import, cmd_sync, cmd_screen, cmd_show, cmd_sources, cmd_index, cmd_help,
    cmd_bench_derive, cmd_bench_pairs, cmd_bench_screen, cmd_bench_world, cmd_match_train,
    cmd_match_evaluate, cmd_match_explain, cmd_match_learn, cmd_passport_new, cmd_passport_check,
    cmd_passport_issue, cmd_passport_verify, cmd_passport_show, cmd_passport_label,
    cmd_passport_export, cmd_passport_import, cmd_passport_key, cmd_passport_revoke,
    cmd_passport_identify, cmd_passport_safety, cmd_passport_statement, cmd_passport_canonical,
    cmd_passport_sign;

#endif
