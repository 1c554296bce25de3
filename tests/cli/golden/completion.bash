_touchstone() {
    local cur=${COMP_WORDS[COMP_CWORD]} cmd="${COMP_WORDS[1]} ${COMP_WORDS[2]}" words=
    case $cmd in
    "import "*) words=" --store --source --notice-format --help --quiet --lang --share" ;;
    "sync "*) words=" --store --list --all --since --full --accept --dry-run --max-bytes --timeout --base-url --allow-private --proxy --ca-file --format --help --quiet --lang --share" ;;
    "screen "*) words=" --offers --notices --index --store --format --model --threshold --market --map --offer-format --notice-format --include-outside --top --per-offer --source --threads --help --quiet --lang --share" ;;
    "show "*) words=" --store --format --top --help --quiet --lang --share" ;;
    "sources "*) words=" --store --format --help --quiet --lang --share" ;;
    "index "*) words=" --store --notices --output --notice-format --help --quiet --lang --share" ;;
    "bench derive"*) words=" --notices --output --half --positives --seed --help --quiet --lang --share" ;;
    "bench pairs"*) words=" --notices --others --output --half --positives --count-most --seed --help --quiet --lang --share" ;;
    "bench screen"*) words=" --notices --index --offers --format --threads --model --threshold --check-retrieval --errors --help --quiet --lang --share" ;;
    "bench world"*) words=" --notices --count --offers --output-notices --output-offers --seed --help --quiet --lang --share" ;;
    "match train"*) words=" --pairs --output --train-split --valid-split --seed --threads --name --threshold --prevalence --band --monotone --without --rounds --epochs --help --quiet --lang --share" ;;
    "match evaluate"*) words=" --pairs --split --model --format --threshold --help --quiet --lang --share" ;;
    "match explain"*) words=" --pairs --split --pair --model --format --help --quiet --lang --share" ;;
    "match learn"*) words=" --decisions --output --model --notices --replace --help --quiet --lang --share" ;;
    "help "*) words=" --man --completion --help --quiet --lang --share" ;;
    esac
    if [ $COMP_CWORD -eq 1 ]; then words="import sync screen show sources index help bench"; fi
    if [ $COMP_CWORD -eq 2 ] && [ "${COMP_WORDS[1]}" = bench ]; then words="derive pairs screen world train evaluate explain learn "; fi
    if [[ $cur == -* || $COMP_CWORD -eq 1 || ( $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == bench ) ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    else
        COMPREPLY=($(compgen -f -- "$cur"))
    fi
}
complete -o filenames -F _touchstone touchstone
