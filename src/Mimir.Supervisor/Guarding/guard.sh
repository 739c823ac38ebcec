# The guard of a running Mimir. Its stdin is a pipe that only Mimir holds. Mimir notes there each process group it makes ("+ ID")
# and each that is gone ("- ID"). When the notes end without a farewell ("bye"), Mimir was killed: whoever carries its mark or sits
# in one of its groups is ended. A grace of 1 s (they have lost their stdin), SIGTERM, 2 s, SIGKILL until nobody is left.
# All of it is read before the first note is: this text comes through the same pipe.

# Prints /proc/ID/environ for whoever carries the mark.
marked() {
    if [ -n "$fast" ]; then
        grep -lsF -e "$mark" /proc/[0-9]*/environ 2>/dev/null
        return
    fi
    for file in /proc/[0-9]*/environ; do
        carries "$file" && echo "$file"
    done 2>/dev/null
}

# Whether this one carries the mark now. Nothing is started for it.
carries() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in *"$mark"*) return 0 ;; esac
    done 2>/dev/null <"$1"
    return 1
}

# Sends a signal (0: none) to everyone, forgets groups that are gone, and says through $left whether anyone was there.
# A marked process that leads a group answers for all of it, noted or not. (This way of writing kill is the one that dash, bash and
# busybox have in common.)
signal_all() {
    left=
    for file in $(marked); do
        id=${file#/proc/}
        id=${id%/environ}
        read -r stat 2>/dev/null <"/proc/$id/stat" || continue

        # The list is as old as the walk took: by now the number may be somebody else's.
        carries "$file" || continue
        learn "$id" ${stat##*) }
        kill "-$1" "$id" 2>/dev/null && left=yes
    done
    here=' '
    for group in $groups; do
        kill "-$1" "-$group" 2>/dev/null && here="$here$group " left=yes
    done
    groups=$here
}

# ID STATE PARENT GROUP ...
learn() {
    [ "$1" = "$4" ] || return 0
    case $groups in *" $1 "*) ;; *) groups="$groups$1 " ;; esac
}

# Hundredths of a second; where the system does not tell them, rounds are counted.
now() {
    if read -r up _ 2>/dev/null </proc/uptime; then now=${up%.*}${up#*.}; else now=$((${now:-100000} + 10)); fi
}

# Lets go whoever waited at a gate for Mimir: it runs, and is found then. (A pipe that is gone fails one command, not the shell.)
open_gates() {
    [ -n "$gates" ] || return 0
    for gate in "$gates"/gate-*; do
        [ -p "$gate" ] && true 3<>"$gate"
    done 2>/dev/null
}

# Nobody must have been seen four times in a row, and not in the first second alone: one who forks and ends can be missed more than
# once, and who was just being made shows its mark only once its program is loaded.
end_all() {
    open_gates
    now
    began=$now
    empty=0
    asked=
    while [ $((now - began)) -lt 1500 ]; do
        if [ $((now - began)) -ge 300 ]; then
            signal_all KILL
        elif [ $((now - began)) -ge 100 ] && [ -z "$asked" ]; then
            asked=yes
            signal_all TERM
        else
            signal_all 0
        fi
        if [ -n "$left" ]; then empty=0; else empty=$((empty + 1)); fi
        [ "$empty" -ge 4 ] && [ $((now - began)) -ge 100 ] && return
        sleep 0.1 2>/dev/null || sleep 1
        now
    done
}

guard() {
    mark=$1
    gates=$3
    groups=' '
    trap '' HUP INT QUIT TERM

    # Not every grep looks behind a NUL.
    if printf 'a\0%s' x | grep -lsF -e x >/dev/null 2>&1; then fast=yes; else fast=; fi
    echo ready
    exec >&2
    while read -r verb group; do
        case $verb in
            +) groups="$groups$group " ;;
            -) case $groups in *" $group "*) groups="${groups%% "$group" *} ${groups#* "$group" }" ;; esac ;;
            bye) exit 0 ;;
        esac
    done
    end_all
    exit 0
}

guard "$@"
