/* fts5 - SQLite's full-text index on the retrieval task.
 *
 *   fts5 NOTICES.tsv MIX.tsv TRUE.tsv STOPWORDS DATABASE RESULTS SECONDS
 *
 * Contentless table, filled in one transaction and merged into one segment ('optimize'); one
 * prepared statement; the query is the OR of the offer's distinct words without function words;
 * ORDER BY rank, which the manual gives as the fastest way to the best rows. The unicode61
 * tokenizer takes a run of Han characters, and Latin letters stuck to them, as one word: Han runs
 * are therefore handed over as overlapping pairs of characters, set apart by blanks, as the other
 * engines' analysers make them.
 */
#include "peer.h"

#include <ctype.h>
#include <sqlite3.h>

static sqlite3 *db;
static peer_texts stop;

static void check(int rc, const char *what) {
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
        peer_die(what, sqlite3_errmsg(db));
}
static void run(const char *sql) { check(sqlite3_exec(db, sql, 0, 0, 0), sql); }

/* Bytes of the Han character at p (the CJK blocks of the basic plane, three bytes in UTF-8), or 0.
 */
static size_t han(const char *p) {
    const unsigned char *u = (const unsigned char *)p;
    if (u[0] < 0xE3 || u[0] > 0xE9 || !u[1] || !u[2]) return 0;
    unsigned c = (u[0] & 15u) << 12 | (u[1] & 63u) << 6 | (u[2] & 63u);
    return c >= 0x3400 && c <= 0x9FFF ? 3 : 0;
}

/* The text with Han runs as pairs. `out` holds three times the text and more. */
static void segment(const char *s, char *out) {
    while (*s) {
        size_t run_n = 0;
        while (han(s + run_n)) run_n += 3;
        if (!run_n) {
            *out++ = *s++;
            continue;
        }
        *out++ = ' ';
        for (size_t i = 0; i == 0 || i + 6 <= run_n; i += 3) {
            size_t n = run_n < 6 ? run_n : 6;
            memcpy(out, s + i, n);
            out += n;
            *out++ = ' ';
        }
        s += run_n;
    }
    *out = 0;
}

static char *segmented(const char *s) {
    char *out = malloc(strlen(s) * 4 + 16);
    if (!out) peer_die("fts5", "out of memory");
    segment(s, out);
    return out;
}

static void build(const char *path) {
    peer_texts t = peer_read(path);
    sqlite3_stmt *st;
    double start = peer_cpu();
    run("PRAGMA journal_mode = OFF");
    run("PRAGMA synchronous = OFF");
    run("PRAGMA cache_size = -262144");
    run("CREATE VIRTUAL TABLE n USING fts5(text, content='', tokenize='unicode61 remove_diacritics "
        "2')");
    run("BEGIN");
    check(sqlite3_prepare_v2(db, "INSERT INTO n(rowid, text) VALUES (?, ?)", -1, &st, 0), "insert");
    for (size_t i = 0; i < t.n; i++) {
        sqlite3_bind_int64(st, 1, (sqlite3_int64)i + 1);
        sqlite3_bind_text(st, 2, segmented(t.v[i]), -1, free);
        check(sqlite3_step(st), "insert");
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    run("COMMIT");
    run("INSERT INTO n(n) VALUES ('optimize')");
    peer_figure("build_cpu_s", peer_cpu() - start);
}

static int word_byte(unsigned char c) { return c >= 0x80 || isalnum(c); }

/* "word" OR "word" …, each word once. `out` holds eight times the text and more. */
static void query(char *text, char *out) {
    const char *seen[256];
    size_t len[256], n = 0;
    *out = 0;
    for (char *p = text; *p && n < 256;) {
        while (*p && !word_byte((unsigned char)*p)) p++;
        char *from = p;
        for (; *p && word_byte((unsigned char)*p); p++) *p = (char)tolower((unsigned char)*p);
        size_t k = (size_t)(p - from), i = 0;
        if (!k || peer_is_stopword(&stop, from, k)) continue;
        while (i < n && !(len[i] == k && memcmp(seen[i], from, k) == 0)) i++;
        if (i < n) continue;
        out += sprintf(out, "%s\"%.*s\"", n ? " OR " : "", (int)k, from);
        seen[n] = from;
        len[n++] = k;
    }
}

static size_t search(void *engine, const char *text, unsigned best[PEER_TOP]) {
    sqlite3_stmt *st = engine;
    char *seg = segmented(text), *match = malloc(strlen(seg) * 8 + 16);
    size_t n = 0;
    if (!match) peer_die("fts5", "out of memory");
    query(seg, match);
    if (*match) {
        sqlite3_bind_text(st, 1, match, -1, SQLITE_STATIC);
        int rc;
        while ((rc = sqlite3_step(st)) == SQLITE_ROW && n < PEER_TOP)
            best[n++] = (unsigned)sqlite3_column_int64(st, 0);
        check(rc, match);
        sqlite3_reset(st);
    }
    free(match);
    free(seg);
    return n;
}

int main(int argc, char **argv) {
    if (argc != 8) peer_die("usage", "fts5 NOTICES MIX TRUE STOPWORDS DATABASE RESULTS SECONDS");
    double seconds = strtod(argv[7], 0);
    stop = peer_stopwords(argv[4]);
    remove(argv[5]);
    check(sqlite3_open(argv[5], &db), argv[5]);
    build(argv[1]);
    printf("version\tSQLite %s\n", sqlite3_libversion());
    sqlite3_stmt *st;
    run("PRAGMA mmap_size = 4294967296");
    check(sqlite3_prepare_v3(db, "SELECT rowid FROM n WHERE n MATCH ? ORDER BY rank LIMIT 10", -1,
                             SQLITE_PREPARE_PERSISTENT, &st, 0),
          "select");
    peer_run("mix", argv[2], 0, seconds, search, st);
    peer_run("true", argv[3], argv[6], seconds, search, st);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return 0;
}
