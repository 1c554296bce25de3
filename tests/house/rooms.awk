# Reads src/floors, then sources. Prints includes that leave the plan; writes the edges of the include graph to
# EDGES/rooms and EDGES/files for tsort.
function room_of(path,  p) { split(path, p, "/"); return p[2] }
function there(path,  line, rc) { rc = (getline line < path); close(path); return rc >= 0 }
function finding(what) { printf "%s:%d: #include \"%s\" %s\n", FILENAME, FNR, name, what }

FILENAME == "src/floors" || FILENAME ~ /\/src\/floors$/ {
    if ($1 ~ /^#/ || NF == 0) next
    if ($1 == "generated") made[$3 "/" $2] = 1
    else floor[$1] = $2
    next
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    name = $0
    sub(/^[^<]*</, "", name)
    sub(/>.*/, "", name)
    split(name, part, "/")
    if (part[1] in floor && there("src/" name)) finding("in angle brackets; rooms are included in quotes")
    next
}
/^[ \t]*#[ \t]*include[ \t]/ {
    name = $0
    if (!sub(/^[^"]*"/, "", name)) { name = $0; finding("names no file"); next }
    sub(/".*/, "", name)
    own = room_of(FILENAME)
    n = split(name, part, "/")
    if (n == 1) {
        if ((own "/" name) in made) next
        if (!there("src/" own "/" name)) finding("is no header of this room")
        else print FILENAME, "src/" own "/" name > (edges "/files")
        next
    }
    other = part[1]
    if (!(other in floor)) finding("names no room of src/floors")
    else if (n != 2 || part[2] != other ".h") finding("reaches into another room; include \"" other "/" other ".h\"")
    else if (!there("src/" name)) finding("does not exist")
    else if (other == own) finding("goes out by the front door; use the bare name")
    else if (floor[other] == floor[own]) finding("goes sideways: " own " and " other " are both on floor " floor[own])
    else if (floor[other] > floor[own])
        finding("goes up: " own " is on floor " floor[own] ", " other " on floor " floor[other])
    if (other in floor && other != own) {
        print own, other > (edges "/rooms")
        print FILENAME, "src/" name > (edges "/files")
    }
}
