#!/bin/sh
# slurm_cluster.sh - a private Slurm cluster on this machine, to try LAUNCHER=slurm with.
#
#   scripts/slurm_cluster.sh start [--nodes N]      munged, slurmctld and N nodes (2): n1, n2, ...; prints the line to use it
#   scripts/slurm_cluster.sh status                 the nodes and what they do
#   scripts/slurm_cluster.sh kill-node NAME         ends a node and all that runs on it at once, as a power cut does; the
#                                                   controller is shut down, and keeps its state
#   scripts/slurm_cluster.sh restart-node NAME      brings it back
#   scripts/slurm_cluster.sh stop
#
# NAME is n1, n2, ... or controller. Everything is in out/slurm-cluster (or --dir DIR): configuration, key, socket, state,
# logs; a Slurm of the site is not touched. A node is a slurmd in a PID namespace: its jobs die with it. Needs root.
# Exit status: 0 done, 1 something is wrong, 2 wrong usage, 3 this machine cannot have a cluster (no root, no tools).
set -eu
PATH=$PATH:/usr/sbin:/sbin
home=$(cd "$(dirname "$0")/.." && pwd)

fail() {
    echo "slurm_cluster.sh: $*" >&2
    exit 1
}

impossible() {
    echo "slurm_cluster.sh: $*" >&2
    exit 3
}

wrong() {
    echo "slurm_cluster.sh: $*" >&2
    exit 2
}

usage() {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0" >&2
    exit 2
}

# The process of a pid file, if it is one of this cluster: its command line names the folder.
alive() {
    pid=$(cat "$dir/$1.pid" 2>/dev/null) && [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$dir/"
}

# Sends the process of $1, if there is one, signal $2, and waits until it is gone.
end() {
    alive "$1" || return 0
    kill -s "$2" "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        alive "$1" || break
        sleep 0.1
    done
    ! alive "$1" || kill -s KILL "$pid"
    rm -f "$dir/$1.pid"
}

nodes() {
    sed -n 's/^NodeName=\([^ ]*\) .*/\1/p' "$dir/slurm.conf" 2>/dev/null
}

# Waits up to 30 seconds until a command says yes.
wait_for() {
    for _ in $(seq 150); do
        "$@" && return 0
        sleep 0.2
    done
    return 1
}

is_up() {
    case $1 in
    controller) scontrol ping 2>/dev/null | grep -q ' is UP' ;;
    *) sinfo -h -N -n "$1" -o %T 2>/dev/null | grep -qxE 'idle|mixed|allocated|completing' ;;
    esac
}

# Starts a part of the cluster, if it does not run, and waits until the controller sees it.
begin() {
    alive "$1" && return 0
    case $1 in
    munged)
        munged --force --socket="$dir/munge.socket" --key-file="$dir/munge.key" --pid-file="$dir/munged.pid" \
            --log-file="$dir/munged.log" --seed-file="$dir/munge.seed" >"$dir/munged.out" 2>&1 || broken munged
        return
        ;;
    controller) slurmctld -f "$dir/slurm.conf" >"$dir/controller.out" 2>&1 </dev/null || broken controller ;;
    *)
        setsid unshare --pid --fork --kill-child --mount-proc sh -c "slurmd -D -f '$dir/slurm.conf' -N $1 & wait" \
            >"$dir/$1.out" 2>&1 </dev/null &
        echo $! >"$dir/$1.pid"
        ;;
    esac
    wait_for is_up "$1" || broken "$1"
}

broken() {
    tail -n 5 "$dir/$1.out" "$dir/$1.log" >&2 2>/dev/null || true
    [ $verb != start ] || stop
    fail "$1 does not come up; $dir/$1.log and $dir/$1.out say why"
}

stop() {
    for name in $(nodes); do
        end "$name" KILL
    done
    end controller TERM
    end munged TERM
}

configure() {
    host=$(uname -n | cut -d. -f1)
    set -- $(python3 -c 'import socket, sys
free = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]) + 1)]
print(*(one.getsockname()[1] for one in free))' "$1")
    cat <<END
# Made by slurm_cluster.sh. Timeouts are short: a node that is dead is seen to be down after some ten seconds.
ClusterName=regress
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$1
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$dir/munge.socket
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/controller.pid
SlurmdPidFile=$dir/spool/%n.pid
SlurmctldLogFile=$dir/controller.log
SlurmdLogFile=$dir/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
MailProg=/bin/true
SlurmdTimeout=3
MessageTimeout=3
TCPTimeout=1
KillWait=10
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
    shift
    number=0
    for port in "$@"; do
        number=$((number + 1))
        echo "NodeName=n$number NodeHostname=$host NodeAddr=127.0.0.1 Port=$port CPUs=$(nproc) State=UNKNOWN"
    done
}

start() {
    "$home/scripts/bootstrap.sh" slurm >&2 || impossible "Slurm is missing"
    unshare --pid --fork --kill-child --mount-proc true 2>/dev/null ||
        impossible "this machine does not let root make a PID namespace (unshare --pid); a container needs --privileged for that"
    if alive controller; then
        [ "$(nodes | wc -l)" = "${count:-$(nodes | wc -l)}" ] || fail "it runs, with other nodes; 'stop' ends it"
    else
        stop
        grep -qs 'Made by slurm_cluster.sh' "$dir/slurm.conf" || rmdir "$dir" 2>/dev/null || [ ! -e "$dir" ] ||
            fail "$dir has other things in it; choose a folder that is empty, or none yet"
        rm -rf "$dir"
        mkdir -p "$dir/state" "$dir/spool"
        configure "${count:-2}" >"$dir/slurm.conf"
        (umask 077 && head -c 1024 /dev/urandom >"$dir/munge.key")
    fi
    for name in munged controller $(nodes); do
        begin "$name"
    done
}

# Whether NAME is there, and the cluster is running.
known() {
    alive controller || alive munged || fail "the cluster does not run; 'start' starts it"
    [ "$1" = controller ] || nodes | grep -qxF "$1" || fail "there is no node '$1'; there are: $(nodes | tr '\n' ' ')controller"
}

[ $# -ge 1 ] || usage
verb=$1 name='' count='' dir=$home/out/slurm-cluster
shift
case $verb in
kill-node | restart-node)
    [ $# -ge 1 ] || usage
    name=$1
    shift
    ;;
start | stop | status) ;;
*) usage ;;
esac
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
    --nodes) count=$2 ;;
    --dir) dir=$(realpath -m "$2") ;;
    *) usage ;;
    esac
    shift 2
done
case $count in *[!0-9]* | 0*) wrong "--nodes takes a number from 1 on, not '$count'" ;; esac
[ "$(id -u)" = 0 ] || impossible "only root can start and stop the daemons of Slurm; try: sudo $0 $verb"
[ ${#dir} -le 70 ] || fail "$dir is too long for the names of sockets in it; choose a shorter folder with --dir"
case $dir in *[!A-Za-z0-9/._-]*) fail "Slurm takes no folder with such characters: $dir; choose another with --dir" ;; esac
export SLURM_CONF="$dir/slurm.conf"

case $verb in
start)
    start
    echo "export SLURM_CONF=$SLURM_CONF"
    ;;
stop) stop ;;
status)
    known controller
    sinfo -N -o '%N %T %C' || fail "the controller is away; 'restart-node controller' brings it back"
    echo "export SLURM_CONF=$SLURM_CONF"
    ;;
kill-node)
    known "$name"
    # A controller that is killed while it saves its state forgets the jobs, gives their numbers to others, and the nodes
    # then refuse these: it is shut down instead.
    if [ "$name" = controller ]; then end controller TERM; else end "$name" KILL; fi
    ;;
restart-node)
    known "$name"
    begin "$name"
    ;;
esac
