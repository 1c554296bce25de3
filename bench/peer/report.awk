# Prints the figures of all peers as a table or as JSON. One file of "name<TAB>value" lines per peer; its name says which.
BEGIN { FS = "\t" }
FNR == 1 {
    who = FILENAME
    sub(/.*\//, "", who)
    sub(/\.figures$/, "", who)
    order[++n] = who
}
{ v[who, $1] = $2 }

function rate(w, sample) { return (w, sample "_cpu_s") in v && v[w, sample "_cpu_s"] > 0 ? v[w, sample "_offers"] / v[w, sample "_cpu_s"] : 0 }
function whole(x) { return x ? sprintf("%.0f", x) : "-" }
function text(w, name, form) { return (w, name) in v ? sprintf(form, v[w, name]) : "-" }
function mb(w) { return (w, "index_bytes") in v ? sprintf("%.1f", v[w, "index_bytes"] / 1e6) : "-" }
function times(w, sample) { return rate(w, sample) && rate("touchstone", sample) ? sprintf("%.2f", rate("touchstone", sample) / rate(w, sample)) : "-" }
function member(name, value) { return value == "-" || value == "" ? "" : sprintf(",\n      \"%s\": %s", name, value) }
function quoted(s) {
    gsub(/[\\"]/, "\\\\&", s)
    return "\"" s "\""
}

END {
    label["touchstone"] = "touchstone, top 10"
    label["screen"] = "touchstone, bench screen"
    label["lucene"] = "Lucene BM25"
    label["xapian"] = "Xapian BM25"
    label["fts5"] = "SQLite FTS5 bm25"
    label["gist"] = "pg_trgm GiST <->"
    label["gin"] = "pg_trgm GIN % " threshold
    if (format == "json") json()
    else table()
}

function table(    i, w, row) {
    printf "%d notices; %d offers as they come (mix) and %d of a notice's product (true); seed %d; fields: %s\n%s\n", count, sample, sample, seed, fields, machine
    print "CPU time on one core, index building apart. \"slower\" = how many times as much CPU per offer as touchstone's top 10.\n"
    row = "%-25s %10s %9s %7s %10s %7s %10s %9s %7s %7s %7s %9s %9s  %s\n"
    printf row, "", "mix", "CPU", "", "true", "", "recall@10", "recall@1", "@10 en", "@10 de", "@10 zh", "build", "index", ""
    printf row, "", "offers/s", "us/offer", "slower", "offers/s", "slower", "", "", "", "", "", "CPU s", "MB", "version"
    for (i = 1; i <= n; i++) {
        w = order[i]
        if ((w, "skipped") in v) {
            printf "%-25s skipped: %s\n", label[w], v[w, "skipped"]
            continue
        }
        printf row, label[w], whole(rate(w, "mix")), rate(w, "mix") ? sprintf("%.1f", 1e6 / rate(w, "mix")) : "-", times(w, "mix"), whole(rate(w, "true")),
            times(w, "true"), text(w, "recall_at_10", "%.4f"), text(w, "recall_at_1", "%.4f"), text(w, "recall_at_10_en", "%.4f"), text(w, "recall_at_10_de", "%.4f"),
            text(w, "recall_at_10_zh", "%.4f"), text(w, "build_cpu_s", "%.2f"), mb(w), v[w, "version"]
    }
    if (("screen", "listed_recall") in v)
        printf "\n`bench screen` decides as well: it lists %.4f of the true offers with their notice, at its threshold and not among ten.\n", v["screen", "listed_recall"]
}

function json(    i, w) {
    printf "{\n  \"task\": \"the ten notices most like each offer\",\n  \"notices\": %d,\n  \"sample\": %d,\n  \"seed\": %d,\n  \"fields\": %s,\n  \"machine\": %s,\n  \"offers_are\": \"derived\",\n  \"peers\": [", count, sample, seed, quoted(fields), quoted(machine)
    for (i = 1; i <= n; i++) {
        w = order[i]
        printf "%s\n    {\n      \"name\": %s", (i > 1 ? "," : ""), quoted(w)
        printf ",\n      \"label\": %s", quoted(label[w])
        if ((w, "skipped") in v) printf ",\n      \"skipped\": %s", quoted(v[w, "skipped"])
        if ((w, "version") in v) printf ",\n      \"version\": %s", quoted(v[w, "version"])
        printf "%s", member("mix_offers_per_cpu_second", whole(rate(w, "mix")))
        printf "%s", member("mix_cpu_us_per_offer", rate(w, "mix") ? sprintf("%.2f", 1e6 / rate(w, "mix")) : "-")
        printf "%s", member("mix_times_slower_than_touchstone", times(w, "mix"))
        printf "%s", member("true_offers_per_cpu_second", whole(rate(w, "true")))
        printf "%s", member("true_times_slower_than_touchstone", times(w, "true"))
        printf "%s", member("recall_at_10", text(w, "recall_at_10", "%.4f"))
        printf "%s", member("recall_at_1", text(w, "recall_at_1", "%.4f"))
        printf "%s", member("recall_at_10_en", text(w, "recall_at_10_en", "%.4f"))
        printf "%s", member("recall_at_10_de", text(w, "recall_at_10_de", "%.4f"))
        printf "%s", member("recall_at_10_zh", text(w, "recall_at_10_zh", "%.4f"))
        printf "%s", member("listed_recall", text(w, "listed_recall", "%.4f"))
        printf "%s", member("index_build_cpu_seconds", text(w, "build_cpu_s", "%.3f"))
        printf "%s", member("index_bytes", text(w, "index_bytes", "%d"))
        printf "\n    }"
    }
    print "\n  ]\n}"
}
