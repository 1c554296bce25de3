# Reads sources that write HTML. Text may enter a page only through ts_html's %h, %u, %d, %k and ts_html_text; a line that puts
# bytes in otherwise says why that is right: /* trusted: made by this program */
function finding(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }
/\/\* trusted: [a-z]/ { next }
/ts_buf_(put|fmt|c)\(/ { finding("bytes enter the page past the formatter; use ts_html or say /* trusted: why */") }
/ts_html\([^,]*,[ \t]*[^" \t]/ { finding("the format of ts_html must be a literal") }
{
    line = $0
    while (match(line, /"([^"\\]|\\.)*"/)) {
        text = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        gsub(/%%/, "", text)
        if (text ~ /%[-+ #0-9.*]*(l|ll|j|z|t)?[spn]/ || text ~ /%[-+ #0-9.*]*[cr]/)
            finding("raw directive in " text "; %h escapes")
        if (text ~ /(href|src|action|formaction)=\\"%[^u]/) finding("an address is written with %u: " text)
    }
}
