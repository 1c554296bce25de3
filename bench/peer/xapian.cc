/* xapian - Xapian on the retrieval task.
 *
 *   xapian NOTICES.tsv MIX.tsv TRUE.tsv STOPWORDS DATABASE RESULTS SECONDS
 *
 * On-disk database, committed once and compacted. Terms without positions (nothing asks for
 * phrases) and without stemming (three languages); Han runs as n-grams on both sides; the query is
 * the OR of the terms without function words, BM25, the best 10 with no check beyond them
 * (check_at_least = 0), so that the matcher may stop early.
 */
#include "peer.h"

#include <xapian.h>

#include <string>

namespace {

Xapian::SimpleStopper stopper;

struct engine {
    Xapian::Database db;
    Xapian::TermGenerator terms;
    Xapian::Enquire enquire;
    explicit engine(const std::string &path) : db(path), enquire(db) {
        terms.set_stopper(&stopper);
        terms.set_stopper_strategy(Xapian::TermGenerator::STOP_ALL);
        enquire.set_weighting_scheme(Xapian::BM25Weight());
    }
};

void index_text(Xapian::TermGenerator &g, Xapian::Document &d, const char *text) {
    g.set_document(d);
    g.index_text_without_positions(text);
}

void build(const char *notices, const std::string &path) {
    peer_texts t = peer_read(notices);
    double start = peer_cpu();
    {
        Xapian::WritableDatabase db(path + ".raw",
                                    Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC);
        Xapian::TermGenerator g;
        g.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
        g.set_stopper(&stopper);
        g.set_stopper_strategy(Xapian::TermGenerator::STOP_ALL);
        db.begin_transaction(false);
        for (size_t i = 0; i < t.n; i++) {
            Xapian::Document d;
            index_text(g, d, t.v[i]);
            db.add_document(d);
        }
        db.commit_transaction();
        db.commit();
    }
    Xapian::Database(path + ".raw")
        .compact(path, Xapian::DBCOMPACT_MULTIPASS | Xapian::DBCOMPACT_NO_RENUMBER);
    peer_figure("build_cpu_s", peer_cpu() - start);
}

/* The terms of the offer come from the same generator as those of the notices. */
size_t search(void *p, const char *text, unsigned best[PEER_TOP]) {
    engine *e = static_cast<engine *>(p);
    Xapian::Document d;
    index_text(e->terms, d, text);
    e->enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, d.termlist_begin(), d.termlist_end()));
    Xapian::MSet m = e->enquire.get_mset(0, static_cast<Xapian::doccount>(PEER_TOP), 0u);
    size_t n = 0;
    for (Xapian::MSetIterator i = m.begin(); i != m.end(); ++i) best[n++] = *i;
    return n;
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 8) peer_die("usage", "xapian NOTICES MIX TRUE STOPWORDS DATABASE RESULTS SECONDS");
    try {
        peer_texts stop = peer_stopwords(argv[4]);
        for (size_t i = 0; i < stop.n; i++) stopper.add(stop.v[i]);
        build(argv[1], argv[5]);
        printf("version\tXapian %s\n", Xapian::version_string());
        engine e(argv[5]);
        e.terms.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
        double seconds = strtod(argv[7], nullptr);
        peer_run("mix", argv[2], nullptr, seconds, search, &e);
        peer_run("true", argv[3], argv[6], seconds, search, &e);
    } catch (const Xapian::Error &e) {
        peer_die("xapian", e.get_description().c_str());
    }
    return 0;
}
