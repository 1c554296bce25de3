#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cli.h"

const command *const commands[] = {&cmd_import,
                                   &cmd_sync,
                                   &cmd_screen,
                                   &cmd_show,
                                   &cmd_sources,
                                   &cmd_index,
                                   &cmd_bench_derive,
                                   &cmd_bench_pairs,
                                   &cmd_bench_screen,
                                   &cmd_bench_world,
                                   &cmd_match_train,
                                   &cmd_match_evaluate,
                                   &cmd_match_explain,
                                   &cmd_match_learn,
                                   &cmd_passport_new,
                                   &cmd_passport_check,
                                   &cmd_passport_issue,
                                   &cmd_passport_verify,
                                   &cmd_passport_show,
                                   &cmd_passport_label,
                                   &cmd_passport_export,
                                   &cmd_passport_import,
                                   &cmd_passport_key,
                                   &cmd_passport_revoke,
                                   &cmd_passport_identify,
                                   &cmd_passport_event,
                                   &cmd_passport_life,
                                   &cmd_passport_affected,
                                   &cmd_passport_safety,
                                   &cmd_passport_statement,
                                   &cmd_passport_canonical,
                                   &cmd_passport_sign,
                                   &cmd_passport_log,
                                   &cmd_passport_follow,
                                   &cmd_passport_backup,
                                   &cmd_passport_register,
                                   &cmd_serve,
                                   &cmd_token_issue,
                                   &cmd_token_list,
                                   &cmd_token_revoke,
                                   &cmd_help,
                                   0};

const option_spec global_options[] = {
    {"help", 0, "show this help", false},
    {"quiet", 0, "no notes and no progress on standard error; problems are still named", false},
    {"lang", "LANG",
     "language of reasons and reports: en, de or zh (default: from the environment)", false},
    {"share", "DIR", "folder with the program's read-only data (i18n, rules, models …)", false},
    {0},
};

exit_status worse(exit_status a, exit_status b) {
    static const int rank[] = {[EXIT_DONE] = 0,
                               [EXIT_UNDETERMINED] = 1,
                               [EXIT_PARTLY] = 2,
                               [EXIT_FAILED] = 3,
                               [EXIT_USAGE] = 4};
    return rank[a] >= rank[b] ? a : b;
}

/* A file opened later must never become number 0, 1 or 2 because the caller closed these: results
 * would be written into it. Closed ones are filled the wrong way round, so that using them is an
 * error. */
static void fill_standard_files(void) {
    int fd;
    while ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0 && fd < 3) {
        close(fd);
        if (open("/dev/null", fd == 1 ? O_RDONLY : O_WRONLY) != fd) return;
    }
    if (fd >= 0) close(fd);
}

static bool words_match(const char *name, int argc, char **argv, int *used) {
    ts_str rest = ts_str_c(name);
    int i = 1;
    while (rest.p) {
        ts_str w = ts_str_cut(&rest, ' ');
        if (i >= argc || !ts_str_is(w, argv[i])) return false;
        i++;
    }
    *used = i;
    return true;
}

static const command *find_command(int argc, char **argv, int *used) {
    for (size_t i = 0; commands[i]; i++)
        if (words_match(commands[i]->name, argc, argv, used)) return commands[i];
    return 0;
}

/* The first word of commands of two. */
static bool is_group(const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; commands[i]; i++)
        if (strncmp(commands[i]->name, word, n) == 0 && commands[i]->name[n] == ' ') return true;
    return false;
}

static exit_status no_command(int argc, char **argv) {
    ts_arena a = ts_arena_new(1 << 24);
    ts_buf b = ts_buf_new(&a, 1 << 20);
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        ts_buf_lit(&b, "touchstone " TS_VERSION "\n");
        return print(&b);
    }
    help_all(&b);
    if (argc > 1 && strcmp(argv[1], "--help") == 0) return print(&b);
    if (argc > 1 && is_group(argv[1]))
        ts_log_problem("'%s' is a group of commands: write `touchstone %s COMMAND`; `touchstone "
                       "--help` lists them",
                       argv[1], argv[1]);
    else if (argc > 1)
        ts_log_problem("there is no command '%s'; `touchstone --help` lists them", argv[1]);
    else
        fprintf(stderr, "%.*s", TS_P(ts_buf_str(&b)));
    return EXIT_USAGE;
}

static exit_status run(cli *c, ts_error *e) {
    if (option(c, "share")) setenv("TOUCHSTONE_SHARE", option(c, "share"), 1);
    ts_log_quiet(flag(c, "quiet"));
    const char *lang = option(c, "lang");
    if (lang && strcmp(lang, "en") != 0 && strcmp(lang, "de") != 0 && strcmp(lang, "zh") != 0) {
        ts_fail(e, TS_E_USAGE, "--lang is en, de or zh, not '%s'", lang);
        return usage(c, e);
    }
    if (!ts_catalogue_load(&c->arena, lang ? lang : ts_catalogue_default(), &c->catalogue, e))
        return failed(e);
    return c->cmd->run(c);
}

int main(int argc, char **argv) {
    static cli c; /* large; the one thing of its kind */
    ts_error e = {0};
    int used;
    fill_standard_files();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is a write error like others */
    c.cmd = find_command(argc, argv, &used);
    if (!c.cmd) return no_command(argc, argv);
    c.arena = ts_arena_new((size_t)4 << 30);
    if (!options_parse(&c, argc - used, argv + used, &e)) return usage(&c, &e);
    if (flag(&c, "help")) {
        ts_buf b = ts_buf_new(&c.arena, 1 << 20);
        help_command(&b, c.cmd);
        return print(&b);
    }
    return run(&c, &e);
}
