# Prints the figures of bench/scale as a table, as JSON, or as an SVG plot. One file of "name<TAB>value" lines per size, in order.
BEGIN { FS = "\t" }
FNR == 1 { n++ }
{ v[n, $1] = $2 }
END {
    if (format == "json") json()
    else if (format == "svg") svg()
    else table()
}

function has(i, name) { return ((i, name) in v) && v[i, name] != "null" && v[i, name] != "" }
function of(i, name, form, unit) { return has(i, name) ? sprintf(form, v[i, name] / unit) : "-" }
function grouped(x,    s) {
    s = sprintf("%.0f", x)
    while (match(s, /[0-9][0-9][0-9][0-9](,|$)/)) s = substr(s, 1, RSTART) "," substr(s, RSTART + 1)
    return s
}
function quoted(s) {
    gsub(/[\\"]/, "\\\\&", s)
    return "\"" s "\""
}

function table(    i, row) {
    printf "%s offers at each size, the fastest of %d screenings, memory limit %d GiB, seed %d\n%s\n\n", grouped(offers), repeat, memory, seed, machine
    row = "%11s %8s %9s %9s %8s %10s %10s %10s %9s %9s %7s %9s %9s %9s %7s\n"
    printf row, "notices", "build s", "build MB", "index MB", "load ms", "offers/s", "offers/s", "offers per", "MB RSS", "MB RSS", "recall", "postings", "scored", "compared", "left"
    printf row, "", "", "RSS", "", "", "1 thread", "2 threads", "CPU second", "1 thread", "2 threads", "", "per offer", "per offer", "per offer", "early"
    for (i = 1; i <= n; i++) {
        printf row, grouped(v[i, "notices"]), of(i, "build_s", "%.2f", 1), of(i, "build_peak_rss_bytes", "%.0f", 1e6), of(i, "index_bytes", "%.1f", 1e6), of(i, "load_ms_1", "%.1f", 1),
            (has(i, "offers_per_second_1") ? grouped(v[i, "offers_per_second_1"]) : "-"), (has(i, "offers_per_second_2") ? grouped(v[i, "offers_per_second_2"]) : "-"),
            (has(i, "offers_per_cpu_second_1") ? grouped(v[i, "offers_per_cpu_second_1"]) : "-"), of(i, "screen_peak_rss_bytes_1", "%.0f", 1e6), of(i, "screen_peak_rss_bytes_2", "%.0f", 1e6), of(i, "recall_1", "%.4f", 1), of(i, "postings_per_offer", "%.2f", 1),
            of(i, "verified_per_offer", "%.2f", 1), of(i, "judged_per_offer", "%.3f", 1), of(i, "left_early_share", "%.3f", 1)
        if (has(i, "failed")) printf "%11s did not fit or failed: %s\n", "", v[i, "failed"]
    }
}

function json(    i, k, names, count) {
    count = split("build_s build_cpu_s build_peak_rss_bytes index_bytes terms load_ms_1 offers_per_second_1 offers_per_cpu_second_1 screen_peak_rss_bytes_1 " \
        "offers_per_second_2 offers_per_cpu_second_2 screen_peak_rss_bytes_2 recall_1 precision_1 postings_per_offer verified_per_offer judged_per_offer left_early_share", names, " ")
    printf "{\n  \"offers\": %d,\n  \"repeat\": %d,\n  \"memory_limit_gib\": %d,\n  \"seed\": %d,\n  \"machine\": %s,\n  \"offers_are\": \"derived\",\n  \"sizes\": [", offers, repeat, memory, seed, quoted(machine)
    for (i = 1; i <= n; i++) {
        printf "%s\n    {\n      \"notices\": %d", (i > 1 ? "," : ""), v[i, "notices"]
        for (k = 1; k <= count; k++) if (has(i, names[k])) printf ",\n      \"%s\": %s", names[k], v[i, names[k]]
        if (has(i, "failed")) printf ",\n      \"failed\": %s", quoted(v[i, "failed"])
        printf "\n    }"
    }
    print "\n  ]\n}"
}

# ---- the plot: four panels, both axes logarithmic ----

function log10(x) { return log(x) / log(10) }
function px(notices) { return left + (log10(notices) - x0) / (x1 - x0) * width }
function py(value) { return top + height - (log10(value) - y0) / (y1 - y0) * height }
function short(x) { return x >= 1e9 ? x / 1e9 "G" : x >= 1e6 ? x / 1e6 "M" : x >= 1e3 ? x / 1e3 "k" : x "" }
function floor_of(x,    k) {
    k = int(x)
    return k > x ? k - 1 : k
}

# Decades that hold all values of the named series.
function range(names, count,    i, k, any, lo, hi) {
    for (k = 1; k <= count; k++)
        for (i = 1; i <= n; i++)
            if (has(i, names[k]) && v[i, names[k]] > 0) {
                if (!any || v[i, names[k]] < lo) lo = v[i, names[k]]
                if (!any || v[i, names[k]] > hi) hi = v[i, names[k]]
                any = 1
            }
    if (!any) lo = hi = 1
    y0 = floor_of(log10(lo) + 1e-9)
    y1 = -floor_of(-log10(hi) + 1e-9)
    if (y1 <= y0) y1 = y0 + 1
}

function axes(title,    d) {
    printf "<text x=\"%d\" y=\"%d\" class=\"title\">%s</text>\n", left, top - 12, title
    for (d = y0; d <= y1; d++) {
        printf "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>\n", left, left + width, py(10 ^ d), py(10 ^ d)
        printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", left - 6, py(10 ^ d) + 4, short(10 ^ d)
    }
    for (d = x0; d <= x1; d++) printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", px(10 ^ d), top + height + 16, short(10 ^ d)
    printf "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">notices</text>\n", left + width / 2, top + height + 32
}

function curve(name, label, class, line,    i, points, at) {
    for (i = 1; i <= n; i++)
        if (has(i, name) && v[i, name] > 0) {
            points = points sprintf("%.1f,%.1f ", px(v[i, "notices"]), py(v[i, name]))
            printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" class=\"%s\"><title>%s: %s</title></circle>\n", px(v[i, "notices"]), py(v[i, name]), class, label, v[i, name]
        }
    printf "<polyline points=\"%s\" class=\"%s\"/>\n", points, class
    at = left + 135 + 100 * line
    printf "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"3\" class=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>\n", at, top - 17, class, at + 14, top - 12, label
}

function panel(column, row, title, first, first_label, second, second_label,    names) {
    left = 70 + column * 400
    top = 60 + row * 300
    names[1] = first
    names[2] = second
    range(names, second ? 2 : 1)
    axes(title)
    curve(first, first_label, "one", 0)
    if (second) curve(second, second_label, "two", 1)
}

function svg(    i, lo, hi) {
    lo = hi = v[1, "notices"]
    for (i = 2; i <= n; i++) {
        if (v[i, "notices"] + 0 < lo + 0) lo = v[i, "notices"]
        if (v[i, "notices"] + 0 > hi + 0) hi = v[i, "notices"]
    }
    x0 = floor_of(log10(lo) + 1e-9)
    x1 = -floor_of(-log10(hi) + 1e-9)
    if (x1 <= x0) x1 = x0 + 1
    width = 300
    height = 200
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\" height=\"640\" viewBox=\"0 0 820 640\">"
    print "<style>text{font:12px sans-serif;fill:#333}.title{font-weight:bold}.grid{stroke:#ddd}polyline{fill:none;stroke-width:2}"
    print "polyline.one{stroke:#0b6aa2}polyline.two{stroke:#c2571a}circle.one,rect.one{fill:#0b6aa2}circle.two,rect.two{fill:#c2571a}</style>"
    print "<rect width=\"820\" height=\"640\" fill=\"#fff\"/>"
    printf "<text x=\"70\" y=\"22\">touchstone: cost by number of notices (%s offers at each size)</text>\n", grouped(offers)
    panel(0, 0, "offers per second", "offers_per_second_1", "1 thread", "offers_per_second_2", "2 threads")
    panel(1, 0, "per offer", "postings_per_offer", "postings", "verified_per_offer", "scored")
    panel(0, 1, "peak memory", "build_peak_rss_bytes", "making it", "screen_peak_rss_bytes_1", "screening")
    panel(1, 1, "index", "index_bytes", "bytes", "", "")
    print "</svg>"
}
