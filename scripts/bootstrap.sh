#!/bin/sh
# bootstrap.sh [waves|cover|fuzz|report|slurm] - makes sure that the tools are there, and installs what is missing on
# Debian 12.
#
# Without an argument: what building and testing need. On top of that: `waves` for showing and picturing waves, `cover` for
# the coverage report, `fuzz` for fuzzing, `report` for reading reports back in tests/full, `slurm` for
# scripts/slurm_cluster.sh.
# Says what it does, does nothing when everything is there. Without root and sudo it prints the line that would do it and
# exits 1.
set -eu

# A tool, and the package that brings it. A name with a slash is a file.
base_tools='make:make gcc:gcc g++:g++ verilator:verilator yosys:yosys python3:python3 patch:patch cmark:cmark
    clang-format:clang-format cppcheck:cppcheck /usr/include/cmocka.h:libcmocka-dev /usr/include/zlib.h:zlib1g-dev
    /usr/include/histedit.h:libedit-dev sqlite3:sqlite3 git:git'
waves_tools='gtkwave:gtkwave fst2vcd:gtkwave xvfb-run:xvfb xauth:xauth /usr/share/fonts/truetype/dejavu:fonts-dejavu-core'
cover_tools='lcov:lcov genhtml:lcov gcov:gcc'
# fuzzer-runtime: libFuzzer, whose folder has clang's version in its name.
fuzz_tools='clang:clang clang++:clang fuzzer-runtime:libclang-rt-14-dev'
report_tools='/usr/lib/python3/dist-packages/junitparser:python3-junitparser xmllint:libxml2-utils chromium:chromium chromedriver:chromium-driver pdftotext:poppler-utils'
slurm_tools='/usr/sbin/slurmctld:slurm-wlm /usr/sbin/slurmd:slurm-wlm sbatch:slurm-wlm /usr/sbin/munged:munge python3:python3'

have() {
    case $1 in
    fuzzer-runtime) [ -n "$(find /usr/lib/llvm* /usr/lib/clang* -name 'libclang_rt.fuzzer*' -print -quit 2>/dev/null)" ] ;;
    */*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# Prints the packages whose tools are missing.
missing() {
    for pair in "$@"; do
        have "${pair%%:*}" || printf ' %s' "${pair#*:}"
    done
}

case ${1-} in
'') tools=$base_tools ;;
waves) tools=$waves_tools ;;
cover) tools=$cover_tools ;;
fuzz) tools=$fuzz_tools ;;
report) tools=$report_tools ;;
slurm) tools=$slurm_tools ;;
*)
    echo "bootstrap.sh: '$1' is not known; use no argument, 'waves', 'cover', 'fuzz', 'report' or 'slurm'" >&2
    exit 2
    ;;
esac

packages=$(missing $tools)
[ -n "$packages" ] || exit 0

install="apt-get install -y --no-install-recommends$packages"
if ! have apt-get; then
    echo "bootstrap.sh: please install:$packages" >&2
    exit 1
elif [ "$(id -u)" = 0 ]; then
    as_root=
elif have sudo && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    echo "bootstrap.sh: tools are missing and this user may not install them; as root, please run" >&2
    echo "    apt-get update && $install" >&2
    exit 1
fi

echo "bootstrap.sh: installing$packages"
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive $install

packages=$(missing $tools)
if [ -n "$packages" ]; then
    echo "bootstrap.sh: still missing after the installation:$packages" >&2
    exit 1
fi
