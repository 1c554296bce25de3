# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is used by the two scripts
# common.sh - what bench/peers and bench/scale share. Sourced, not run.

set -euo pipefail
export LC_ALL=C

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$ROOT/build/release
OUT=$ROOT/build/bench
BUILD_FIRST=yes
SEED=1
FORMAT=table
NOTICES=()
LOAD_BEFORE=$(cut -d ' ' -f 1 /proc/loadavg)

say() { printf '%s\n' "$*" >&2; }
die() {
    say "${0##*/}: $*"
    exit 1
}
usage_error() {
    say "${0##*/}: $*"
    say "see ${0##*/} --help"
    exit 2
}

# The comment at the head of the script is its help.
show_help() {
    awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
    exit 0
}

need_number() { [[ $2 =~ ^[1-9][0-9]*$ ]] || usage_error "$1 is a number above 0, not '$2'"; }

# Handles an option that both scripts have; returns how many words it took in TAKEN, 0 for an unknown one.
common_option() {
    TAKEN=2
    case $1 in
    --notices | --seed | --format | --build | --output) (($# > 1)) || usage_error "$1 needs a value" ;;
    esac
    case $1 in
    --notices) NOTICES+=("$2") ;;
    --seed) need_number "$1" "$2" && SEED=$2 ;;
    --format)
        [[ $2 == table || $2 == json ]] || usage_error "--format is table or json, not '$2'"
        FORMAT=$2
        ;;
    --build) BUILD=$2 ;;
    --output) OUT=$2 ;;
    --no-build) BUILD_FIRST=no TAKEN=1 ;;
    --help | -h) show_help ;;
    *) TAKEN=0 ;;
    esac
}

# ---- what is measured ----

# Builds the program and the small helpers of this folder. A helper is made anew when its source, a header or the library is newer.
prepare() {
    mkdir -p "$OUT"
    OUT=$(cd "$OUT" && pwd)
    if [[ $BUILD_FIRST == yes ]]; then
        if [[ $BUILD == "$ROOT/build/release" ]]; then
            [[ -f $BUILD/build.ninja ]] || (cd "$ROOT" && cmake --preset release >"$OUT/build.log" 2>&1) || die "cmake failed: $OUT/build.log"
        fi
        cmake --build "$BUILD" --target touchstone_cli libtouchstone.so >"$OUT/build.log" 2>&1 || die "the build failed: $OUT/build.log"
    fi
    [[ -x $BUILD/touchstone && -f $BUILD/libtouchstone.so ]] || die "there is no touchstone in $BUILD: build it (cmake --preset release && cmake --build --preset release), or name another folder with --build"
    BUILD=$(cd "$BUILD" && pwd)
    TOUCHSTONE=$BUILD/touchstone
    CC=${CC:-gcc}
    compile rusage "$ROOT/bench/rusage.c" || die "bench/rusage.c does not compile: $OUT/rusage.log"
}

# compile NAME SOURCE [FLAG…] : OUT/NAME from a C source. Made anew when a source, the library or the command differs from last time.
compile() {
    local name=$1 source=$2 newer command
    shift 2
    command=("$CC" -std=gnu17 -O2 -Wall -Wextra -D_GNU_SOURCE "-I$ROOT/src" -o "$OUT/$name" "$source" "$@")
    newer=$(find -L "$source" "$ROOT/bench/peer" "$BUILD/libtouchstone.so" -newer "$OUT/$name" 2>/dev/null || echo yes)
    [[ -x $OUT/$name && -z $newer && $(cat "$OUT/$name.command" 2>/dev/null) == "${command[*]}" ]] && return
    "${command[@]}" >"$OUT/$name.log" 2>&1 || return
    printf '%s\n' "${command[*]}" >"$OUT/$name.command"
}

# A helper that uses touchstone's own library.
compile_with_library() {
    compile "$1" "$ROOT/bench/peer/$1.c" "$BUILD/libtouchstone.so" "-Wl,-rpath,$BUILD" || die "bench/peer/$1.c does not compile: $OUT/$1.log"
}

# ---- worlds ----

default_notices() {
    ((${#NOTICES[@]})) && return
    local folder=${TOUCHSTONE_DATA:-$ROOT/../shared/data}/notices name file
    for file in safety_gate_2009_2012.jsonl cpsc_2023_2026.jsonl safety_gate_2022_2024.jsonl samr_samples_zh.jsonl cpsc_to_2013.json; do
        if [[ -f $folder/$file ]]; then NOTICES+=("$folder/$file"); fi
    done
    if ! ((${#NOTICES[@]})); then
        for name in "$ROOT"/demo/notices/*; do if [[ -f $name ]]; then NOTICES+=("$name"); fi; done
    fi
    ((${#NOTICES[@]})) || die "no notices to start from: name some with --notices FILE, or set TOUCHSTONE_DATA"
}

# make_world COUNT OFFERS [MIB] : sets WORLD to a folder with notices.jsonl and offers.jsonl. One made before is used again when the
# program, the notices and the numbers are the same. Fails when it needs more than MIB of memory.
make_world() {
    local count=$1 offers=$2 limit=${3:-0} args=() f stamp
    WORLD=$OUT/world-$count-$offers-$SEED
    for f in "${NOTICES[@]}"; do args+=(--notices "$f"); done
    stamp=$(cksum "$TOUCHSTONE" "${NOTICES[@]}")
    if [[ -f $WORLD/stamp && $(<"$WORLD/stamp") == "$stamp" ]]; then
        say "world: $WORLD (made before)"
        return
    fi
    say "world: $count notices, $offers offers"
    rm -rf "$WORLD"
    mkdir -p "$WORLD"
    "$OUT/rusage" -m "$limit" -o "$WORLD/made.figures" "$TOUCHSTONE" bench world "${args[@]}" --count "$count" --offers "$offers" --seed "$SEED" \
        --output-notices "$WORLD/notices.jsonl" --output-offers "$WORLD/offers.jsonl" --quiet || return
    printf '%s\n' "$stamp" >"$WORLD/stamp"
}

# ---- figures: lines "name<TAB>value" ----

figure() { awk -F '\t' -v name="$2" '$1 == name { print $2; exit }' "$1"; }

# A number of the top level of the object that `bench screen --format json` prints; "null" where there is none.
json_number() { awk -v key="\"$2\":" '/^  "/ && $1 == key { sub(/,$/, "", $2); print $2; exit }' "$1"; }

# Processor, how many, memory, and how busy the machine was before the measurement.
machine() {
    local cpu
    cpu=$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)
    printf '%s, %s processors, %s, load average %s at the start' "${cpu:-unknown processor}" "$(nproc)" "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)" "$LOAD_BEFORE"
}
