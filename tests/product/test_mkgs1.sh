#!/bin/sh
# The generator of the GS1 tables stops at what it does not understand, and names the line.
set -u
mkgs1=$TS_BUILD/mkgs1
dictionary=$TS_SOURCE/gs1/gs1-syntax-dictionary.txt
[ -x "$mkgs1" ] || { echo "$mkgs1 is missing"; exit 1; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# refused LINE MESSAGE: the dictionary with this line behind it is refused, at that line.
refused() {
    { cat "$dictionary"; printf '%s\n' "$1"; } >"$work/d"
    if "$mkgs1" "$work/d" >"$work/out" 2>"$work/err"; then
        echo "taken: $1"
        failed=1
    elif ! grep -qF "gs1-syntax-dictionary.txt:$(wc -l <"$work/d"): $2" "$work/err"; then
        echo "$1: $(cat "$work/err")"
        failed=1
    fi
}

"$mkgs1" "$dictionary" >"$work/once" || failed=1
"$mkgs1" "$dictionary" | cmp - "$work/once" || failed=1

refused "89 X..20,colour" "a linter that the program does not have"
refused "89 N6,csum,csum,csum,csum" "more linters than a component can hold"
refused "89 ! X..20" "a flag that the program does not know"
refused "89 X..20 colour=1" "an attribute that the program does not know"
refused "89 X..20 req=" "an attribute that the program does not know"
refused "89 X..20 req=01 req=02" "an attribute that is repeated"
refused "89 X..20 req=0x" "an AI has two to four digits"
refused "89 X..20 req=1" "is no AI and no pattern"
refused "89 X..20 ex=01+21" "'+' has no meaning here"
refused "89 X..20 dlpkey=1|2|3" "an AI has two to four digits"
refused "89 X..20 dlpkey=10|21|22" "too many qualifiers"
refused "89 W5" "is no component"
refused "89 N" "is no component"
refused "89 N0" "a component without length"
refused "89 N..0" "a component without length"
refused "89 N..x" "is not a number"
refused "89 N999" "is not a number"
refused "89 X..5 N2" "only the last component may vary in length"
refused "89 [N2] N2" "a mandatory component behind an optional one"
refused "89 * X..5" "predefined length that varies"
refused "89" "no components, or too long ones"
refused "89 N100 N100 N100" "no components, or too long ones"
refused "01 N14" "is there twice"
refused "310 N6" "AIs that begin alike have different lengths"
refused "8 N6" "an AI has two to four digits"
refused "80001 N6" "an AI has two to four digits"
refused "890-905 N6" "a range differs in its last digit"
refused "895-890 N6" "a range differs in its last digit"

"$mkgs1" "$work/missing" >"$work/out" 2>"$work/err" && { echo "a missing dictionary was read"; failed=1; }
"$mkgs1" >"$work/out" 2>"$work/err" && { echo "no argument was accepted"; failed=1; }
exit $failed
