/* --help, the man page and shell completion, all from the table of commands. */
#include "cli.h"

#include "web/web.h"

static void pad(ts_buf *b, size_t from, size_t to) {
    for (; from < to; from++) ts_buf_c(b, ' ');
}

/* Text wrapped at 92 columns behind an indent; the first line starts where the cursor is. */
static void wrapped(ts_buf *b, ts_str text, size_t indent) {
    enum { WIDTH = 92 };
    size_t column = indent;
    bool blank = false; /* before the next word */
    for (ts_str rest = text; rest.n;) {
        if (rest.p[0] == '\n') {
            ts_buf_c(b, '\n');
            pad(b, 0, indent);
            column = indent;
            blank = false;
            rest = ts_str_from(rest, 1);
            continue;
        }
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\n') n++;
        size_t cells = ts_cells(ts_str_to(rest, n));
        if (column > indent && column + blank + cells > WIDTH) {
            ts_buf_c(b, '\n');
            pad(b, 0, indent);
            column = indent;
            blank = false;
        }
        pad(b, 0, blank);
        ts_buf_put(b, ts_str_to(rest, n));
        column += blank + cells;
        blank = false;
        rest = ts_str_from(rest, n);
        if (rest.n && rest.p[0] == ' ') rest = ts_str_from(rest, 1), blank = true;
    }
    ts_buf_c(b, '\n');
}

void help_all(ts_buf *b) {
    ts_buf_lit(b, "touchstone " TS_VERSION
                  " - finds recalled products on sale; issues and verifies product passports\n\n"
                  "usage: touchstone COMMAND [OPTION…] [ARGUMENT…]\n\n");
    for (size_t i = 0; commands[i]; i++) {
        size_t n = strlen(commands[i]->name);
        ts_buf_fmt(b, "  %s", commands[i]->name);
        pad(b, n, 20);
        wrapped(b, ts_str_c(commands[i]->summary), 22);
    }
    ts_buf_lit(b,
               "\n`touchstone COMMAND --help` shows a command with its options and examples.\n"
               "Exit status: 0 done; 1 failed or refused; 2 wrong usage; 3 undetermined (a silent "
               "source, nothing\n"
               "checked); 4 partly read (bad records named). The worst of 1 > 4 > 3 > 0 wins.\n");
}

static void option_lines(ts_buf *b, const option_spec *o) {
    for (; o && o->name; o++) {
        size_t start = b->n;
        ts_buf_fmt(b, "  --%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
        size_t n = ts_cells((ts_str){b->p + start, b->n - start});
        if (n > 24) ts_buf_c(b, '\n'), n = 0;
        pad(b, n, 26);
        wrapped(b, ts_str_c(o->help), 26);
    }
}

static void route_lines(ts_buf *b) {
    enum { CAP = 1 << 16, INDENT = 10 };
    ts_buf routes = ts_buf_new(b->a, CAP);
    ts_server_routes(&routes);
    ts_buf_lit(b, "\nwhat is served (in brackets: the right a token must have):\n");
    for (ts_str text = ts_buf_str(&routes); text.n;) {
        ts_str line = ts_str_cut(&text, '\n'), told = ts_str_trim(line);
        if (told.p - line.p == INDENT) {
            pad(b, 0, INDENT);
            wrapped(b, told, INDENT);
        } else {
            ts_buf_put(b, line);
            ts_buf_c(b, '\n');
        }
    }
}

void help_command(ts_buf *b, const command *cmd) {
    ts_buf_fmt(b, "touchstone %s - %s\n\nusage: touchstone %s [OPTION…]%s%s\n\n", cmd->name,
               cmd->summary, cmd->name, cmd->operands ? " " : "",
               cmd->operands ? cmd->operands : "");
    wrapped(b, ts_str_c(cmd->text), 0);
    if (cmd->options) ts_buf_lit(b, "\noptions:\n");
    option_lines(b, cmd->options);
    ts_buf_lit(b, "\neverywhere:\n");
    option_lines(b, global_options);
    if (cmd == &cmd_serve) route_lines(b);
    if (cmd->examples && cmd->examples[0]) ts_buf_lit(b, "\nexamples:\n");
    for (const char *const *x = cmd->examples; x && x[0]; x += 2) {
        ts_buf_fmt(b, "  %s\n      ", x[0]);
        wrapped(b, ts_str_c(x[1]), 6);
    }
}

/* ---- man page (man(7) macros) ---- */

static void roff(ts_buf *b, const char *s) {
    bool start = true;
    for (; *s; s++) {
        if (start && (*s == '.' || *s == '\'')) ts_buf_lit(b, "\\&");
        if (*s == '\\')
            ts_buf_lit(b, "\\e");
        else if (*s == '-')
            ts_buf_lit(b, "\\-");
        else
            ts_buf_c(b, *s);
        start = *s == '\n';
    }
}

static void man_options(ts_buf *b, const option_spec *o) {
    for (; o && o->name; o++) {
        ts_buf_lit(b, ".TP\n.B \\-\\-");
        roff(b, o->name);
        if (o->arg) ts_buf_lit(b, "\\fR \\fI"), roff(b, o->arg), ts_buf_lit(b, "\\fR");
        ts_buf_c(b, '\n');
        roff(b, o->help);
        ts_buf_c(b, '\n');
    }
}

void help_man(ts_buf *b) {
    ts_buf_lit(b, ".TH TOUCHSTONE 1 \"\" \"touchstone " TS_VERSION
                  "\" \"User Commands\"\n.SH NAME\ntouchstone \\- screens offers against the "
                  "recall notices of authorities\n"
                  ".SH SYNOPSIS\n.B touchstone\n.I COMMAND\n[\\fIOPTION\\fR...] "
                  "[\\fIARGUMENT\\fR...]\n.SH COMMANDS\n");
    for (size_t i = 0; commands[i]; i++) {
        ts_buf_lit(b, ".SS ");
        roff(b, commands[i]->name);
        if (commands[i]->operands) ts_buf_c(b, ' '), roff(b, commands[i]->operands);
        ts_buf_c(b, '\n');
        roff(b, commands[i]->text);
        ts_buf_c(b, '\n');
        man_options(b, commands[i]->options);
        for (const char *const *x = commands[i]->examples; x && x[0]; x += 2) {
            ts_buf_lit(b, ".PP\n.nf\n.RS\n");
            roff(b, x[0]);
            ts_buf_lit(b, "\n.RE\n.fi\n");
            roff(b, x[1]);
            ts_buf_c(b, '\n');
        }
    }
    ts_buf_lit(b, ".SH OPTIONS OF ALL COMMANDS\n");
    man_options(b, global_options);
    ts_buf_lit(b, ".SH EXIT STATUS\n0 done; 1 something failed or was refused; 2 wrong usage; 3 "
                  "undetermined, not checked, or a silent source; "
                  "4 partly read, bad records are named. The worst of 1 > 4 > 3 > 0 wins.\n"
                  ".SH ENVIRONMENT\n.TP\n.B TOUCHSTONE_SHARE\nfolder with the program's "
                  "read\\-only data, as with \\-\\-share\n");
}

/* ---- completion ---- */

static void names(ts_buf *b, const option_spec *o) {
    for (; o && o->name; o++) ts_buf_fmt(b, " --%s", o->name);
}

static void bash(ts_buf *b) {
    ts_buf_lit(b, "_touchstone() {\n    local cur=${COMP_WORDS[COMP_CWORD]} cmd=\"${COMP_WORDS[1]} "
                  "${COMP_WORDS[2]}\" words=\n    case $cmd in\n");
    for (size_t i = 0; commands[i]; i++) {
        ts_buf_fmt(b, "    \"%s%s\"*) words=\"", commands[i]->name,
                   strchr(commands[i]->name, ' ') ? "" : " ");
        names(b, commands[i]->options);
        names(b, global_options);
        ts_buf_lit(b, "\" ;;\n");
    }
    ts_buf_lit(b, "    esac\n    if [ $COMP_CWORD -eq 1 ]; then words=\"");
    for (size_t i = 0; commands[i]; i++)
        if (!strchr(commands[i]->name, ' ')) ts_buf_fmt(b, "%s ", commands[i]->name);
    ts_buf_lit(b, "bench\"; fi\n    if [ $COMP_CWORD -eq 2 ] && [ \"${COMP_WORDS[1]}\" = bench ]; "
                  "then words=\"");
    for (size_t i = 0; commands[i]; i++)
        if (strchr(commands[i]->name, ' '))
            ts_buf_fmt(b, "%s ", strchr(commands[i]->name, ' ') + 1);
    ts_buf_lit(b, "\"; fi\n    if [[ $cur == -* || $COMP_CWORD -eq 1 || ( $COMP_CWORD -eq 2 && "
                  "${COMP_WORDS[1]} == bench ) ]]; then\n"
                  "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n    else\n        "
                  "COMPREPLY=($(compgen -f -- \"$cur\"))\n    fi\n}\n"
                  "complete -o filenames -F _touchstone touchstone\n");
}

bool help_completion(ts_buf *b, const char *shell) {
    bool zsh = strcmp(shell, "zsh") == 0;
    if (!zsh && strcmp(shell, "bash") != 0) return false;
    if (zsh) ts_buf_lit(b, "#compdef touchstone\nautoload -U +X bashcompinit && bashcompinit\n");
    bash(b);
    return true;
}

/* ---- the command ---- */

static exit_status run(cli *c) {
    ts_buf b = ts_buf_new(&c->arena, 1 << 20);
    ts_error e;
    if (flag(c, "man")) {
        help_man(&b);
    } else if (option(c, "completion")) {
        if (!help_completion(&b, option(c, "completion"))) {
            ts_fail(&e, TS_E_USAGE, "--completion is bash or zsh, not '%s'",
                    option(c, "completion"));
            return usage(c, &e);
        }
    } else if (c->operands_n) {
        const command *hit = 0;
        for (size_t i = 0; commands[i]; i++) {
            ts_buf name = ts_buf_new(&c->arena, 256);
            ts_buf_fmt(&name, "%s%s%s", c->operand[0], c->operands_n > 1 ? " " : "",
                       c->operands_n > 1 ? c->operand[1] : "");
            if (ts_str_is(ts_buf_str(&name), commands[i]->name)) hit = commands[i];
        }
        if (!hit) {
            ts_fail(&e, TS_E_USAGE, "there is no command '%s%s%s'; `touchstone --help` lists them",
                    c->operand[0], c->operands_n > 1 ? " " : "",
                    c->operands_n > 1 ? c->operand[1] : "");
            return usage(c, &e);
        }
        help_command(&b, hit);
    } else {
        help_all(&b);
    }
    return print(&b);
}

static const option_spec options[] = {
    {"man", 0, "print the manual page (man(7) source)", false},
    {"completion", "SHELL", "print the completion script for bash or zsh", false},
    {0},
};
static const char *const examples[] = {
    "touchstone help screen",
    "Help on one command.",
    "touchstone help --completion bash > /etc/bash_completion.d/touchstone",
    "Completion for all users.",
    0,
};
const command cmd_help = {
    "help",
    "[COMMAND]",
    "help on a command, the manual page, shell completion",
    "Shows the list of commands, or one command with its options and examples.",
    options,
    examples,
    run};
