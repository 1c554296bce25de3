#!/bin/sh
# Labels read back by a reader that is not ours (ZXing): the text in them is the text asked for, whatever the symbol and the form.
# PDF goes through pdftoppm, SVG through Chromium, where they are installed.
set -u
: "${TOUCHSTONE:?}"
command -v ZXingReader >/dev/null || { echo "ZXingReader is not installed: skipped"; exit 0; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
read_back=0
# fontconfig keeps what it has read until the process ends; the leak sanitizer is told so.
echo 'leak:libfontconfig' >"$work/leaks"
export LSAN_OPTIONS="suppressions=$work/leaks:print_suppressions=0"

label() { "$TOUCHSTONE" passport label --quiet "$@"; }
# One line for each code on the picture: format, text.
codes() { ZXingReader -1 "$1" | sed 's/^[^ ]* //'; }

# Label N of a sheet (4 in a row), or an SVG. The reader looks for a Data Matrix in the middle of the picture.
from_pdf() { # FILE N
    pdftoppm -r 254 -singlefile -png -x $((80 + 485 * ($2 % 4))) -y $((80 + 485 * ($2 / 4))) -W 485 -H 485 "$1" "$1" 2>"$work/log"
}
from_svg() { # FILE
    mv "$1" "$1.svg"
    echo "<img src='$1.svg' style='position: fixed; left: 250px; top: 340px; width: 300px'>" >"$1.html"
    timeout 120 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=800,800 --virtual-time-budget=5000 \
        --user-data-dir="$work/profile" --screenshot="$1.png" "file://$1.html" >"$work/log" 2>&1
}
picture() { # FORM FILE: FILE.png
    case $1 in
    png) cp "$2" "$2.png" ;;
    pdf) from_pdf "$2" 0 ;;
    svg) from_svg "$2" ;;
    esac || { echo "no picture of $1: $(tail -3 "$work/log")"; failed=1; }
}
forms=png
if command -v pdftoppm >/dev/null; then forms="$forms pdf"; else echo "pdftoppm is not installed: PDF skipped"; fi
if command -v chromium >/dev/null; then browser=svg; else browser='' && echo "chromium is not installed: SVG skipped"; fi

# reads SYMBOL FORMS TEXT LABEL-ARGUMENT…: what the label of the arguments says is SYMBOL and TEXT.
reads() {
    symbol=$1 as=$2 text=$3
    shift 3
    case $symbol in qr) name=QRCode ;; *) name=DataMatrix ;; esac
    for form in $as; do
        rm -f "$work"/label*
        label --symbol "$symbol" --format "$form" --out "$work/label" "$@" || { echo "no $form of $*"; failed=1; continue; }
        picture "$form" "$work/label"
        said=$(codes "$work/label.png")
        read_back=$((read_back + 1))
        case $symbol in gs1*) # FNC1 comes first, ISO/IEC 15424
            ZXingReader "$work/label.png" | grep -q '^Identifier: \]d2$' || { echo "$form of $*: no GS1 Data Matrix"; failed=1; } ;;
        esac
        [ "$said" = "$name \"$text\"" ] && continue
        echo "$symbol as $form of $*: read $said, not $name \"$text\""
        failed=1
    done
}

item=https://id.example.com/01/09521234543213/10/LOT%2F7/21/7Q2MX9HDKCW4
reads qr "$forms $browser" "$item" "$item"
reads data-matrix "$forms $browser" "$item" "$item"
reads gs1-data-matrix "$forms $browser" '010952123454321310LOT/7<GS>217Q2MX9HDKCW4' "$item"

# Identifiers of every length and kind; modules from the smallest to the largest.
for id in https://a.de/01/09521234543213 https://id.gs1.org/8006/095212345432130102 did:web:maker.example:p:1 \
    'https://id.example.com/01/09521234543213/21/%21%22%25%26%27%28%29%2A%2B%2C-.%2F' \
    "https://www.example.com/a/very/long/path/indeed/01/09521234543213/10/ABCDEFGHIJKLMNOPQRST/21/12345678901234567890?11=261123&3103=000123" \
    'https://maker.example/?S=7Q2MX9HDKCW4&M=K17'; do
    reads qr png "$id" "$id"
    reads data-matrix png "$id" "$id"
done
for module in 0.25 1 5; do reads qr png "$item" --module $module "$item"; done
reads qr "$forms" "$item" --module 0.25 "$item"
reads gs1-data-matrix png '0109521234543213' https://a.de/01/09521234543213
reads gs1-data-matrix png '8006095212345432130102' https://id.gs1.org/8006/095212345432130102
reads gs1-data-matrix png '010952123454321321A%B<GS>3103000123' '(01)09521234543213(21)A%B(3103)000123'

# A sheet: each label in its place.
if command -v pdftoppm >/dev/null; then
    for symbol in qr data-matrix; do
        label --format pdf --marks --symbol $symbol --out "$work/sheet" \
            "$item-0" "$item-1" "$item-2" "$item-3" "$item-4" "$item-5" || failed=1
        for n in 0 1 2 3 4 5; do
            from_pdf "$work/sheet" $n
            codes "$work/sheet.png" | grep -qF "\"$item-$n\"" || { echo "label $n of a sheet: $(codes "$work/sheet.png")"; failed=1; }
            read_back=$((read_back + 1))
        done
    done
fi
echo "$read_back labels read"
exit $failed
