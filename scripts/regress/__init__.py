"""The regression runner behind scripts/regress.py: one module a task, Python's standard library only.

jobs      what is run: configuration, test, seed; lists, shards, profiles
program   build/CONFIG/sim as seen from outside
local     runs jobs in processes on this machine       slurm   runs them as a job array
store     results as they come in, never lost          cover   adds up coverage files
buckets   failures grouped by cause                    evidence, cut, explain   a failed run made readable
history   results of all runs in a database            reports JUnit, summary, sums
figures   other measurements in the same database
progress  what is seen on the way                      run, cli   the whole, and the command line
"""
