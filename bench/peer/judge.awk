# How often the true notice is among the ten that were found, in all and by language.
#
#   awk -f judge.awk notices.tsv true.tsv results
#
# Results: offer's line in true.tsv, then the notice's id or its line in notices.tsv.
BEGIN { FS = "\t" }
FILENAME == ARGV[1] { id[FNR] = $1; next }
FILENAME == ARGV[2] { truth[FNR] = $1; language[FNR] = $2; offers = FNR; of[$2]++; next }
{
    found = $2 ~ /^[0-9]+$/ ? id[$2] : $2
    if (++rank[$1] <= 10 && found == truth[$1] && !hit[$1]) {
        hit[$1] = 1
        hits++
        hits_of[language[$1]]++
        if (rank[$1] == 1) first++
    }
}
END {
    printf "recall_at_10\t%.4f\n", offers ? hits / offers : 0
    printf "recall_at_1\t%.4f\n", offers ? first / offers : 0
    split("en de zh", l, " ")
    for (i = 1; i <= 3; i++) if (of[l[i]]) printf "recall_at_10_%s\t%.4f\n", l[i], hits_of[l[i]] / of[l[i]]
}
