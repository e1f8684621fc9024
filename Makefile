# msix-tb: every task is a target, `make help` lists them.
#
#   make sim                                   all tests in the default configuration
#   make sim CONFIG=odd TEST='race_*' SEED=7   some tests, another seed and configuration
#   make test                                  everything that must pass before a change is done

CONFIG ?= default#  a file of tb/configs
TEST   ?=#          name of a test; empty: all
SEED   ?=#          a number; empty: the program's own default
WAVES  ?=#          1: write out/waves/CONFIG.fst
SECONDS ?= 60#       how long `make fuzz` searches
AT     ?=#          clock to show in `make waves` and `make shot`; empty: the first event
FAIL   ?=#          `make waves` shows this failure: latest, or a folder or file of a failed run
ARGS   ?=#          further arguments for the program that runs, for example --fault NAME
JOBS   ?= $(shell nproc)
BLOCK  ?=#          folder with another block: its *.sv take the place of those in rtl/
# of `make regress`: how many seeds (instead of SEEDS), failures to stop after, where it runs
PROFILE  ?=
SEEDS    ?=
MAXFAIL  ?=
LAUNCHER ?=

# A mistyped variable would be ignored: SEDS=5 ran one seed, and was green.
VARIABLES := CONFIG TEST SEED WAVES SECONDS AT FAIL ARGS JOBS BLOCK PROFILE SEEDS MAXFAIL LAUNCHER SANITIZE CC CXX AR CXXFLAGS MODEL_OPT
UNKNOWN   := $(filter-out $(VARIABLES),$(foreach name,$(.VARIABLES),$(if $(filter command line,$(origin $(name))),$(name))))
ifneq ($(filter-out -*,$(UNKNOWN)),)
$(error there is no variable '$(UNKNOWN)'; there are: $(VARIABLES))
endif

CONFIGS  := $(basename $(notdir $(wildcard tb/configs/*.mk)))
ifeq ($(CONFIGS),)
$(error run make in the folder of the project, or with -C)
endif
OTHER_GOALS := $(filter-out regress,$(or $(MAKECMDGOALS),help))# CONFIG=all is for `make regress` alone
ifneq ($(words $(CONFIG)) $(filter $(CONFIG),$(CONFIGS) $(if $(OTHER_GOALS),,all)),1 $(CONFIG))
$(error there is no configuration '$(CONFIG)'; there are: $(CONFIGS))
endif
RTL      := rtl/msix_pkg.sv $(filter-out rtl/msix_pkg.sv,$(sort $(wildcard rtl/*.sv)))
BUILD    := build
FOLDER   :=# these three are of another block alone, whatever the environment has by such a name
POLICY   :=
RTL_FLAGS :=
ifneq ($(BLOCK),) # its own folder in build/, and its own policy
FOLDER   := $(patsubst ./%,%,$(patsubst %/,%,$(BLOCK)))
BUILD    := build/$(notdir $(FOLDER))
BLOCK_GOALS := sim regress rerun waves shot lint help $(BUILD)/%
ifneq ($(filter-out $(BLOCK_GOALS),$(MAKECMDGOALS)),)
$(error BLOCK= is for $(BLOCK_GOALS); not for '$(filter-out $(BLOCK_GOALS),$(MAKECMDGOALS))')
endif
RTL      := $(shell scripts/block.py '$(BLOCK)')
ifeq ($(RTL),)
$(error BLOCK='$(BLOCK)' cannot be used)
endif
POLICY   := $(wildcard $(FOLDER)/policy)
RTL_FLAGS := build/common/block_$(notdir $(FOLDER)).flags# other sources than last time
endif
CFLAGS   := -O3 -g -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Imodels -Itb -Itests -Iwaves
CXXFLAGS := -O2 -g -std=gnu++17 -Wall -Wextra
LDFLAGS  :=
VERILATE := --cc -O3 --assert --trace-fst --x-initial unique --x-assign unique -Wall \
	--top-module msix_top --prefix Vmsix_top -CFLAGS "-include $(CURDIR)/tb/dut_text.h"
MODEL_OPT := OPT_FAST=-O2 OPT_SLOW=-O1

ifdef SANITIZE # make unit SANITIZE=1
CFLAGS  += -fsanitize=address,undefined
LDFLAGS += -fsanitize=address,undefined
endif
ifeq ($(MAKELEVEL),0) # a -j of the command line takes precedence
MAKEFLAGS += -j$(JOBS) --no-print-directory
endif

# Programs, and what they are made of: one library, whose members with a main() are left out.
MAINS   := tb/main.c tb/speed.c $(wildcard waves/*_main.c)
object   = $(patsubst %.c,build/common/%.o,$1)
LIBRARY := $(call object,$(filter-out $(MAINS) tests/unit/test_%,$(wildcard models/*.c tb/*.c waves/*.c tests/unit/*.c)))
FILTERS := $(patsubst waves/%_main.c,build/waves/%,$(wildcard waves/*_main.c))
TESTS   := $(call object,$(wildcard tests/*.c))
UNIT    := $(patsubst %.c,build/common/%,$(wildcard tests/unit/test_*.c))
SIMS    := $(CONFIGS:%=$(BUILD)/%/sim)
SIZE_SIMS := build/size-3/sim build/size-33/sim# of scripts/sizes.py, those that `make test` tries
RUNTIME := build/common/verilated/Vruntime__ALL.a
FUZZ_CONFIG  := $(if $(filter file,$(origin CONFIG)),small,$(CONFIG))
REGRESS_CONFIG := $(if $(filter file,$(origin CONFIG)),all,$(CONFIG))
COVER_SIMS   := $(CONFIGS:%=build/cover-%/sim)
COVER_UNIT   := $(UNIT:build/common/%=build/cover/%)
COVER_MODELS := $(patsubst %.c,build/cover/%.o,$(wildcard models/*.c))

# What is being made, and a place for it.
announce = @echo '  $@' && mkdir -p $(@D)

# The numbers of a configuration in decimal, each with $2 in front: -GNVEC=32 ...; of the file $1
numbers = $(shell sed -n 's/ *:= */ /p' $1 | while read name value; do printf ' $2%s=%d' $$name $$value; done)
parameters = $(call numbers,tb/configs/$1.mk,$2)

.PHONY: help regress regress-arguments rerun fuzz fuzz-tools report-tools sim sizes test test-full unit lint bench cover vplan liberal rank repeat signoff evidence report waves shot format clean tools wave-tools programs bugs mutants FORCE
.SECONDARY:
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18
	@echo "Variables (see the top of the Makefile): CONFIG= TEST= SEED= WAVES=1 AT= FAIL= ARGS= JOBS= BLOCK=; configurations: $(CONFIGS)"

sim: $(BUILD)/$(CONFIG)/sim ## run the tests: CONFIG=default TEST= SEED= WAVES=1
	@mkdir -p out/waves
	$(BUILD)/$(CONFIG)/sim $(TEST:%='%') $(SEED:%=--seed %) $(if $(WAVES),--waves out/waves/$(CONFIG).fst) $(POLICY:%=--policy %) $(ARGS)

test: tools ## lint, unit tests, all tests in all configurations, planted faults, scenarios, commands of the documents
	+@scripts/run_tests.py --jobs $(JOBS) test

test-full: test cover-tools wave-tools fuzz-tools report-tools ## and what takes long or needs more tools: tests/full, one after the other
	+@scripts/run_tests.py --jobs $(JOBS) full

sizes: tools ## enumeration, boundary and drain tests with tables of 15 sizes
	+@scripts/run_tests.py --jobs $(JOBS) sizes

REGRESS = scripts/regress.py $1 --build $(BUILD) $(POLICY:%=--policy %) $(addprefix --config ,$(filter-out all,$(REGRESS_CONFIG))) \
	--jobs $(JOBS) $(TEST:%=--test '%') $(SEEDS:%=--seeds %) $(SEED:%=--first-seed %) $(PROFILE:%=--profile %) $(MAXFAIL:%=--max-fail %) $(LAUNCHER:%=--launcher %) $(ARGS)
regress: regress-arguments $(if $(filter all,$(REGRESS_CONFIG)),$(SIMS),$(BUILD)/$(CONFIG)/sim) ## configurations x tests x seeds, failures explained: SEEDS= CONFIG= TEST= PROFILE= MAXFAIL=
	@$(call REGRESS)
regress-arguments: tools # before anything is built
	@$(call REGRESS) --check

rerun: tools ## what failed in the last regression, again: CONFIG= TEST= choose among it
	+@programs=$$($(call REGRESS,--rerun) --programs) && { [ -z "$$programs" ] || $(MAKE) $$programs; } && $(call REGRESS,--rerun)

unit: $(UNIT) ## unit tests of models, bench parts and the wave filter
	@scripts/run_tests.py --jobs $(JOBS) unit

lint: tools ## RTL in every configuration, C sources, house rules; with BLOCK= its RTL alone
	@$(if $(BLOCK),scripts/lint.py --block $(FOLDER),scripts/run_tests.py --jobs $(JOBS) lint)

bench: build/default/bench build/max/bench ## measure the bench against the bare model: out/bench.json
	@scripts/bench.py $(ARGS)

cover: cover-tools cover-programs ## what the tests cover, with holes by name: out/cover.json, out/cover/html
	@scripts/cover.py --jobs $(JOBS) $(ARGS)

bugs: tools ## hand-written RTL bugs of tests/bugs against the bench: out/bugs.json
	+@scripts/bugs.py --jobs $(JOBS)

mutants: bugs ## these, and some hundred random changes of the netlist: out/mutants.json
	+@scripts/mutants.py --jobs $(JOBS)

vplan: programs ## run all tests and hold docs/vplan.csv against what they judged: out/vplan.json
	@scripts/run_tests.py --jobs $(JOBS) sim vplan

liberal: build/liberal/liberal ## 10000 seeds of a device that takes any legal choice, and each illegal one
	build/liberal/liberal --seeds 1..10000
	build/liberal/liberal --illegal all

repeat: programs ## 1000 seeds of all random tests twice and in a second build: the same runs? out/repeat.json
	+@scripts/repeat.py --jobs $(JOBS) $(ARGS)

signoff: ## hold the gates of tests/signoff.txt against the results on disk: a table, out/signoff.json
	@scripts/signoff.py

evidence: tools ## make all results that signoff asks for and that do not hold yet, then signoff: ARGS=--all makes all
	+@scripts/signoff.py --make --jobs $(JOBS) $(ARGS)

report: ## what the results on disk say as one page, out/report.html: verdict, failures, coverage, plan, history
	@scripts/report.py $(ARGS)

rank: programs ## choose the fewest random runs that hold the coverage of many: tests/quick_seeds.txt
	@scripts/rank.py --jobs $(JOBS)

fuzz: build/fuzz/$(FUZZ_CONFIG)/fuzz build/$(FUZZ_CONFIG)/sim ## search for stimulus that fails a check: SECONDS=60 CONFIG=small: out/fuzz.json
	@scripts/fuzz.py --config $(FUZZ_CONFIG) --seconds $(SECONDS) --jobs $(JOBS) $(SEED:%=--seed %) $(ARGS)

WAVES_OF = $(if $(FAIL),--fail '$(FAIL)',--build $(BUILD) --config $(CONFIG) --test '$(TEST)' $(SEED:%=--seed %) \
	--arguments='$(POLICY:%=--policy %) $(ARGS)') $(AT:%=--at %)
waves: $(if $(FAIL),,$(BUILD)/$(CONFIG)/sim) $(FILTERS) wave-tools ## run TEST (SEED=, CONFIG=) and open GTKWave, AT= a clock; or FAIL=latest
	@scripts/waves.py show $(WAVES_OF)

shot: $(if $(FAIL),,$(BUILD)/$(CONFIG)/sim) $(FILTERS) wave-tools ## the same without a display: out/shot.png
	@scripts/waves.py shot $(WAVES_OF)

format: tools ## lay out the C sources by .clang-format
	clang-format -i $(wildcard models/*.[ch] tb/*.[ch] tests/*.[ch] tests/unit/*.[ch] tests/liberal/*.[ch] waves/*.[ch])

clean: ## remove build/ and out/
	rm -rf build out

tools:
	@scripts/bootstrap.sh
wave-tools: tools
	@scripts/bootstrap.sh waves
cover-tools: tools
	@scripts/bootstrap.sh cover
fuzz-tools: tools
	@scripts/bootstrap.sh fuzz
report-tools: tools
	@scripts/bootstrap.sh report
cover-programs: $(COVER_SIMS) $(COVER_UNIT)
programs: $(UNIT) $(SIMS) $(SIZE_SIMS) $(FILTERS) build/liberal/liberal

# Flags are kept in files that change only when the flags do, so that what was built with others is built again. The
# place of the project is no flag: a copy with its build/ is not built again.
build/common/c.flags: VALUE = $(CFLAGS) $(LDFLAGS)
build/common/model.flags: VALUE = $(VERILATE) $(MODEL_OPT) $(CXXFLAGS)
$(RTL_FLAGS): VALUE = $(RTL)
build/common/fuzz.flags: VALUE = $(FUZZ_CC) $(VERILATE)
build/common/fuzz.flags: | fuzz-tools
build/common/%.flags: FORCE | tools
	@mkdir -p $(@D)
	@echo '$(subst $(CURDIR),.,$(VALUE))' | cmp -s - $@ || echo '$(subst $(CURDIR),.,$(VALUE))' >$@

# C, once for all configurations.
build/common/%.o: %.c build/common/c.flags
	$(announce)
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
build/common/library.a: $(LIBRARY)
	$(announce)
	@rm -f $@
	@$(AR) rcs $@ $^
build/common/tests/unit/test_%: build/common/tests/unit/test_%.o build/common/library.a
	$(announce)
	@$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -ledit -lm
# This one makes allocations fail.
%/tests/unit/test_msix_memory: private LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
build/waves/%: build/common/waves/%_main.o $(call object,$(filter-out %_main.c,$(wildcard waves/*.c)) models/tlp.c)
	$(announce)
	@$(CC) $(LDFLAGS) -o $@ $^

# The model of a configuration, and the runtime of Verilator, once: built beside an empty module.
$(BUILD)/%/model/Vmsix_top__ALL.a: $(RTL) tb/configs/%.mk tb/dut_text.h build/common/model.flags $(RTL_FLAGS)
	@rm -rf $(@D)
	$(announce)
	@verilator $(VERILATE) $(call parameters,$*,-G) -Mdir $(@D) $(RTL)
	+@$(MAKE) -s -C $(@D) -f Vmsix_top.mk $(MODEL_OPT) Vmsix_top__ALL.a >/dev/null
$(RUNTIME): tb/dut_text.h build/common/model.flags
	@rm -rf $(@D)
	$(announce)
	@echo 'module msix_top; endmodule' >$(@D)/msix_top.v
	@verilator $(VERILATE) --prefix Vruntime -Mdir $(@D) $(@D)/msix_top.v
	+@$(MAKE) -s -C $(@D) -f Vruntime.mk OPT_GLOBAL=-O2 verilated.o verilated_threads.o verilated_fst_c.o
	@$(AR) rcs $@ $(@D)/verilated*.o
$(BUILD)/%/dut.o: tb/dut_verilator.cpp tb/dut.h tb/dut_text.h tb/configs/%.mk $(BUILD)/%/model/Vmsix_top__ALL.a
	$(announce)
	@$(CXX) $(CXXFLAGS) -Itb -I$(@D)/model -isystem "$$(verilator --getenv VERILATOR_ROOT)/include" \
		-include tb/dut_text.h -DVM_TRACE_FST=1 $(call parameters,$*,-DCFG_) -DCFG_CONFIG_NAME='"$*"' $(FOLDER:%=-DCFG_BLOCK='"%"') -c -o $@ $<

# Table sizes without a configuration of their own: fewer optimisations, no waves.
SIZE_VERILATE = $(filter-out --trace-fst,$(VERILATE))
build/size-%/parameters.mk: scripts/sizes.py scripts/lint.py tb/configs/default.mk
	$(announce)
	@scripts/sizes.py $* >$@
build/size-%/model/Vmsix_top__ALL.a: $(RTL) build/size-%/parameters.mk tb/dut_text.h build/common/model.flags
	@rm -rf $(@D)
	$(announce)
	@verilator $(SIZE_VERILATE) $(call numbers,build/size-$*/parameters.mk,-G) -Mdir $(@D) $(RTL)
	+@$(MAKE) -s -C $(@D) -f Vmsix_top.mk OPT_FAST=-O1 OPT_SLOW=-O0 Vmsix_top__ALL.a >/dev/null
build/size-%/dut.o: tb/dut_verilator.cpp tb/dut.h tb/dut_text.h build/size-%/model/Vmsix_top__ALL.a
	$(announce)
	@$(CXX) $(CXXFLAGS) -O1 -Itb -Ibuild/size-$*/model -isystem "$$(verilator --getenv VERILATOR_ROOT)/include" \
		-include tb/dut_text.h $(call numbers,build/size-$*/parameters.mk,-DCFG_) -DCFG_CONFIG_NAME='"size-$*"' -c -o $@ $<

LINK = $(CXX) $(LDFLAGS) -o $@ $^ -ledit -lz -lm -pthread -latomic
$(BUILD)/%/sim: build/common/tb/main.o $(TESTS) build/common/library.a $(BUILD)/%/dut.o $(BUILD)/%/model/Vmsix_top__ALL.a $(RUNTIME)
	$(announce)
	@$(LINK)
build/liberal/liberal: $(call object,$(wildcard tests/liberal/*.c)) build/common/library.a
	$(announce)
	@$(CC) $(LDFLAGS) -o $@ $^ -lm
build/%/bench: build/common/tb/speed.o build/common/library.a build/%/dut.o build/%/model/Vmsix_top__ALL.a $(RUNTIME)
	$(announce)
	@$(LINK)

# Coverage: the design with its points (toggles in `small` alone, they are slow), the models under gcov.
COVER_VERILATE = $(filter-out --trace-fst,$(VERILATE)) --coverage-line --coverage-user $(if $(filter small,$*),--coverage-toggle)
build/cover/models/%.o: models/%.c build/common/c.flags
	$(announce)
	@$(CC) $(CFLAGS) --coverage -MMD -MP -c -o $@ $<
build/cover/tests/unit/test_%: build/common/tests/unit/test_%.o $(COVER_MODELS) build/common/library.a
	$(announce)
	@$(CC) $(LDFLAGS) --coverage -o $@ $^ -lcmocka -ledit -lm
build/cover-%/model/Vmsix_top__ALL.a: $(RTL) tb/configs/%.mk tb/dut_text.h build/common/model.flags
	@rm -rf $(@D)
	$(announce)
	@verilator $(COVER_VERILATE) $(call parameters,$*,-G) -Mdir $(@D) $(RTL)
	+@$(MAKE) -s -C $(@D) -f Vmsix_top.mk $(MODEL_OPT) OPT_GLOBAL=-O2 Vmsix_top__ALL.a verilated_cov.o >/dev/null
	@$(AR) rcs $@ $(@D)/verilated_cov.o
build/cover-%/dut.o: tb/dut_verilator.cpp tb/dut.h tb/dut_text.h tb/configs/%.mk build/cover-%/model/Vmsix_top__ALL.a
	$(announce)
	@$(CXX) $(CXXFLAGS) -Itb -Ibuild/cover-$*/model -isystem "$$(verilator --getenv VERILATOR_ROOT)/include" \
		-include tb/dut_text.h -DVM_COVERAGE=1 $(call parameters,$*,-DCFG_) -DCFG_CONFIG_NAME='"$*"' -c -o $@ $<
build/cover-%/sim: build/common/tb/main.o $(TESTS) $(COVER_MODELS) build/common/library.a build/cover-%/dut.o build/cover-%/model/Vmsix_top__ALL.a $(RUNTIME)
	$(announce)
	@$(LINK) --coverage

# Fuzzing: bench, models, design and target by clang, with libFuzzer's counters and AddressSanitizer.
FUZZ_FLAGS    = -O2 -g -fsanitize=fuzzer-no-link,address
FUZZ_CC       = clang -std=c11 $(FUZZ_FLAGS) -Imodels -Itb
FUZZ_VERILATE = $(filter-out --trace-fst,$(VERILATE))
FUZZ_MAKE     = $(MAKE) -s CXX=clang++ LINK=clang++ OPT_FAST='$(FUZZ_FLAGS)' OPT_SLOW='-O1 $(FUZZ_FLAGS)' OPT_GLOBAL='$(FUZZ_FLAGS)'
FUZZ_OBJECTS := $(patsubst %.c,build/fuzz/common/%.o,$(filter-out $(MAINS),$(wildcard models/*.c tb/*.c tests/fuzz/*.c)))
build/fuzz/common/%.o: %.c build/common/fuzz.flags
	$(announce)
	@$(FUZZ_CC) -MMD -MP -c -o $@ $<
build/fuzz/%/model/Vmsix_top__ALL.a: $(RTL) tb/configs/%.mk tb/dut_text.h build/common/fuzz.flags
	@rm -rf $(@D)
	$(announce)
	@verilator $(FUZZ_VERILATE) $(call parameters,$*,-G) -Mdir $(@D) $(RTL)
	+@$(FUZZ_MAKE) -C $(@D) -f Vmsix_top.mk Vmsix_top__ALL.a verilated.o verilated_threads.o >/dev/null
	@$(AR) rcs $@ $(@D)/verilated*.o
build/fuzz/%/dut.o: tb/dut_verilator.cpp tb/dut.h tb/dut_text.h tb/configs/%.mk build/fuzz/%/model/Vmsix_top__ALL.a
	$(announce)
	@clang++ -std=gnu++17 $(FUZZ_FLAGS) -Itb -Ibuild/fuzz/$*/model -isystem "$$(verilator --getenv VERILATOR_ROOT)/include" \
		-include tb/dut_text.h $(call parameters,$*,-DCFG_) -DCFG_CONFIG_NAME='"$*"' -c -o $@ $<
build/fuzz/%/fuzz: $(FUZZ_OBJECTS) build/fuzz/%/dut.o build/fuzz/%/model/Vmsix_top__ALL.a
	$(announce)
	@clang++ -fsanitize=fuzzer,address -o $@ $^ -ledit -lz -lm -pthread -latomic

-include $(wildcard build/fuzz/common/*/*.d build/fuzz/common/*/*/*.d build/cover/*/*.d build/common/*/*.d build/common/*/*/*.d)
