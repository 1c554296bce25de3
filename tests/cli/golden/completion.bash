_touchstone() {
    local cur=${COMP_WORDS[COMP_CWORD]} cmd="${COMP_WORDS[1]} ${COMP_WORDS[2]}" words=
    case $cmd in
    "import "*) words=" --store --source --notice-format --help --quiet --lang --share" ;;
    "sync "*) words=" --store --list --all --since --full --accept --dry-run --max-bytes --timeout --base-url --allow-private --proxy --ca-file --format --help --quiet --lang --share" ;;
    "screen "*) words=" --offers --notices --index --store --format --model --threshold --market --map --offer-format --notice-format --include-outside --top --per-offer --source --threads --passports --fetch-passports --fetch-most --with --trust --cache --allow-private --proxy --ca-file --help --quiet --lang --share" ;;
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
    "passport new"*) words=" --gtin --product --granularity --batch --serial --stem --name --model-number --operator --operator-name --of-model --of-batch --pack --all --id --out --help --quiet --lang --share" ;;
    "passport check"*) words=" --format --store --day --all --sbom --kev --osv --help --quiet --lang --share" ;;
    "passport issue"*) words=" --key --issuer --issuer-name --method --store --form --audience --status-list --until --lines --out --help --quiet --lang --share" ;;
    "passport verify"*) words=" --format --product --store --with --schemas --trust --cache --accept-did --offline --allow-private --proxy --ca-file --challenge --domain --help --quiet --lang --share" ;;
    "passport show"*) words=" --store --format --audience --at --versions --top --help --quiet --lang --share" ;;
    "passport label"*) words=" --format --symbol --module --size --marks --store --out --help --quiet --lang --share" ;;
    "passport export"*) words=" --store --as --audience --at --with --status-list --key --issuer --issuer-name --method --challenge --domain --out --help --quiet --lang --share" ;;
    "passport import"*) words=" --store --with --schemas --trust --cache --accept-did --offline --allow-private --proxy --ca-file --as --product --id --name --operator --operator-name --category --modified --report --out --help --quiet --lang --share" ;;
    "passport key"*) words=" --new --kind --did-document --did --rotate --revoke --help --quiet --lang --share" ;;
    "passport revoke"*) words=" --store --key --issuer --issuer-name --method --renew --out --help --quiet --lang --share" ;;
    "passport identify"*) words=" --help --quiet --lang --share" ;;
    "passport event"*) words=" --store --kind --product --input --output --parent --child --modified --at --zone --place --note --passport --by --as --operator --key --issuer --issuer-name --method --form --help --quiet --lang --share" ;;
    "passport life"*) words=" --store --format --audience --out --help --quiet --lang --share" ;;
    "passport affected"*) words=" --store --notice --notices --all --top --format --help --quiet --lang --share" ;;
    "passport safety"*) words=" --store --format --status --notice --notices --text --affected --directly --form --key --issuer --issuer-name --method --help --quiet --lang --share" ;;
    "passport statement"*) words=" --store --status --notice --notices --text --contest --lift --reason --add --key --issuer --issuer-name --method --with --schemas --trust --cache --accept-did --offline --allow-private --proxy --ca-file --out --help --quiet --lang --share" ;;
    "passport canonical"*) words=" --out --help --quiet --lang --share" ;;
    "passport sign"*) words=" --key --issuer --issuer-name --method --as --schemas --out --help --quiet --lang --share" ;;
    "passport log"*) words=" --store --prove --checkpoint --log --key --issuer --issuer-name --method --out --peers --after --top --format --help --quiet --lang --share" ;;
    "passport follow"*) words=" --store --token-file --log-issuer --every --stale --limit --with --schemas --trust --cache --accept-did --offline --allow-private --proxy --ca-file --help --quiet --lang --share" ;;
    "passport backup"*) words=" --store --out --restore --log --key --issuer --issuer-name --method --with --schemas --trust --cache --accept-did --offline --allow-private --proxy --ca-file --help --quiet --lang --share" ;;
    "passport register"*) words=" --store --out --endpoint --backup-provider --commodity --proof --format --help --quiet --lang --share" ;;
    "serve "*) words=" --store --listen --base --key --issuer --issuer-name --method --form --status-list --did-document --log --threads --connections --per-address --timeout --body-max --rate --behind-front --verbose --help --quiet --lang --share" ;;
    "token issue"*) words=" --store --name --audience --right --operator --days --out --help --quiet --lang --share" ;;
    "token list"*) words=" --store --format --help --quiet --lang --share" ;;
    "token revoke"*) words=" --store --help --quiet --lang --share" ;;
    "help "*) words=" --man --completion --help --quiet --lang --share" ;;
    esac
    if [ $COMP_CWORD -eq 1 ]; then words="import sync screen show sources index serve help bench"; fi
    if [ $COMP_CWORD -eq 2 ] && [ "${COMP_WORDS[1]}" = bench ]; then words="derive pairs screen world train evaluate explain learn new check issue verify show label export import key revoke identify event life affected safety statement canonical sign log follow backup register issue list revoke "; fi
    if [[ $cur == -* || $COMP_CWORD -eq 1 || ( $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == bench ) ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    else
        COMPREPLY=($(compgen -f -- "$cur"))
    fi
}
complete -o filenames -F _touchstone touchstone
