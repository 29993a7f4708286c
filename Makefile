# SPDX-License-Identifier: BSD-3-Clause
#
# The face of the repository: `make` alone lists what there is. The work is
# done by Swift's package manager and by the tool in Sources/Tool/swiftkraft.
# Written for any make since GNU make 3.81.

# The tool is several programs: the first builds and boots images, each of the
# others does what its name says. Each is built when it is wanted.
BUILT := .build/debug
TOOL := $(BUILT)/swiftkraft
PROGRAMS := swiftkraft $(patsubst %,swiftkraft-%,inspect trace bench grade \
	publish)
# With the folders: they change when a file goes.
TOOL_SOURCES := Package.swift $(shell find Sources/Tool Tests/Grading)

# The rows of the table of chapters in Package.swift, as words: 1/Boot/ready.
# Everything else asks `swiftkraft table`; `make help` answers before the tool
# is built.
CHAPTERS := $(shell sed -n '/^let courseTable/,/^  """$$/s/ *\([0-9]*\) *| *[^ |]* *| *\([^|]*[^ |]\) *| *\([a-z]*\) *$$/\1\/\2\/\3/p' Package.swift | tr ' ' '_')
READY := $(filter %/ready,$(CHAPTERS))
NEWEST := ch$(firstword $(subst /, ,$(lastword $(READY))))

# What only the main branch has: nothing there, on a branch of a chapter.
BOOK := $(wildcard book)
# Of some words, those that end in a chapter that is here: trace-ch5.
HERE = $(filter $(foreach row,$(CHAPTERS),%-ch$(firstword $(subst /, ,$(row)))),$(1))

# Through the environment, so that quotes may stand in it.
export ARGS
MACHINE = --arguments "$$ARGS" \
	--configuration $(if $(CONFIGURATION),$(CONFIGURATION),release) \
	$(if $(filter mine,$(EXERCISES)),--exercises)

# OUT is where the grades go, unless it is left to the default.
GRADING = $(if $(STRICT),--strict --out "$(if $(OUT),$(OUT),.build/grades)") \
	$(if $(SUBMISSION),--submission "$(SUBMISSION)")

.PHONY: grade hint reset solution watch branches test-graders test-branches
.PHONY: bench book book-open book-record test-book test-all handout classroom
.PHONY: new
.PHONY: help setup doctor run test test-asan lint clean tool

help:
	@echo 'Swiftkraft, a unikernel for RISC-V in Swift, and the course that'
	@echo 'builds it.'
	@echo
	@echo '  make run-ch1       build chapter 1 and boot it'
	@echo '  make test-ch1      boot it and check what it prints'
	@echo '  make debug-ch1     halt it at its first instruction, attach gdb'
ifneq ($(call HERE,inspect-ch3),)
	@echo '  make inspect-ch3   show its address space, read from the machine'
endif
ifneq ($(call HERE,trace-ch5),)
	@echo '  make trace-ch5     draw which thread ran when'
endif
ifneq ($(call HERE,disk-ch7),)
	@echo '  make disk-ch7      put its disk back to what it was at first'
endif
	@echo '  make run           run-$(NEWEST), the newest chapter'
	@echo
	@echo '  make new APP=../hello  a package of your own that links the kernel'
	@echo
	@echo '  make grade         your points, and what to do next'
	@echo '  make grade-ch1     the same for chapter 1; make grade-1.2 for one'
	@echo '  make hint EX=1.1   the next hint for exercise 1.1'
	@echo '  make watch EX=1.1  grade it whenever its file is saved'
	@echo '  make reset EX=1.1  put its file back to what it was at first'
	@echo '  make solution EX=1.1  compare your answer, once it passes'
ifneq ($(BOOK),)
	@echo '  make branches      write the course as git branches ch1, ch2, …'
endif
	@echo
	@echo '  make handout OUT=../class  the repository for a class, without answers'
	@echo '  make classroom     write the workflow that grades on GitHub'
	@echo
	@echo '  make bench         what the kernel costs, beside other systems'
	@echo
ifneq ($(BOOK),)
	@echo '  make book          build the book'
	@echo '  make book-open     build the book and show it'
	@echo '  make book-record   run again what the book shows, and keep it'
	@echo
endif
	@echo '  make test          the tests, on this machine and in QEMU'
	@echo '  make test-asan     the same under the address sanitizer'
	@echo '  make test-graders  stubs, solutions and wrong answers, all graded'
ifneq ($(BOOK),)
	@echo '  make test-branches build and test each of the branches'
	@echo '  make test-book     open every page of the book in a browser'
endif
	@echo '  make test-all      all of these in full; takes hours'
	@echo '  make lint          check the style of the code'
	@echo '  make setup         install what is missing'
	@echo '  make doctor        check the tools, and say what to do'
	@echo '  make clean         remove everything that was built'
	@echo '  make tool          build the tool and print where it is'
	@echo
	@echo 'Chapters:'
	@for row in $(CHAPTERS); do \
	  number=$${row%%/*}; state=$${row##*/}; \
	  title=$${row#*/}; title=$${title%/*}; \
	  [ "$$state" = ready ] && note= || note="  ($$state)"; \
	  echo "  ch$$number  $$title$$note" | tr _ ' '; \
	done
	@echo
	@echo 'Add to run, test, debug, inspect and trace:'
	@echo '  ARGS="a b"           the arguments of the program'
	@echo '  CONFIGURATION=debug  less optimised, easier to follow'
	@echo '  TIMEOUT=10           seconds until it is ended; 0 for never'
	@echo '  EXERCISES=mine       with your exercises in place of the kernel'"'"'s'
	@echo 'Add to grade:'
	@echo '  STRICT=1 OUT=folder  count what is not started as failed, and write'
	@echo '                       grades.json and grades.xml'
	@echo 'Add to test-asan, test-graders$(if $(BOOK), and test-branches):'
	@echo '  SAMPLE=1             a part that takes minutes, as in .ci/run'
	@echo 'Add to bench:'
	@echo '  TIGHTEN=1            lower the budgets that can be lowered'

setup:
	@sh Sources/Tool/swiftkraft/setup.sh

doctor: tool-built
	@$(TOOL) doctor

run: run-$(NEWEST)

run-%: tool-built
	@$(TOOL) run $* $(MACHINE)

debug-%: tool-built
	@$(TOOL) debug $* $(MACHINE)

inspect-%: swiftkraft-inspect-built
	@$(BUILT)/swiftkraft-inspect inspect $* $(MACHINE)

trace-%: swiftkraft-trace-built
	@$(BUILT)/swiftkraft-trace trace $* $(MACHINE) $(if $(OUT),--out "$(OUT)")

# By URL and version instead of this clone's path: URL=… VERSION=1.0.0.
new: tool-built
	@$(TOOL) new "$(APP)" --url "$(URL)" --version "$(VERSION)"

disk-%: tool-built
	@$(TOOL) disk $*

# A chapter that does not exist is left to the tool to explain.
test-ch%: tool-built
	@script=$$(echo chapters/ch$*-*/qemu-test.sh); \
	if [ -f "$$script" ]; then SWIFTKRAFT=$$PWD/$(TOOL) bash "$$script"; \
	else $(TOOL) build ch$* && echo "ch$* has no qemu-test.sh yet." >&2 && \
	  exit 1; fi

# `swift test`, whose thousands of lines are sorted.
test: setup
	@Tests/test.sh

# XCTest itself leaks a few bytes on Linux, so leaks are not looked for. The
# suites that try all interleavings would take a quarter of an hour here; they
# run in full under `make test`. A sample leaves out what boots images as well:
# the sanitizer does not see into QEMU.
test-asan: setup
	@ASAN_OPTIONS=detect_leaks=0 Tests/test.sh \
	  --sanitize=address --scratch-path .build/asan --skip ModelTests \
	  $(if $(SAMPLE),--skip '^(CourseTests|RunnerTests|ExerciseTests)\.')

# Longer than the rest: grades each exercise with all the answers that the
# course has, right and wrong, and with some that cheat. The sample is the
# newest chapter and, by turns, one of the others.
test-graders: setup
	@SWIFTKRAFT_TEST_GRADERS="$(if $(SAMPLE),sample,all)" \
	  Tests/test.sh --filter GraderTests

# Everything, and ten times as much random input as otherwise.
test-all: lint doctor $(if $(BOOK),test-book) test-graders \
	$(if $(BOOK),test-branches) test-asan
	@SWIFTKRAFT_TEST_LONG=1 Tests/test.sh

# For teachers: the course's page in the book.
handout: swiftkraft-publish-built
	@$(BUILT)/swiftkraft-publish handout --out "$(OUT)"

classroom: swiftkraft-publish-built
	@$(BUILT)/swiftkraft-publish classroom

grade: swiftkraft-grade-built
	@$(BUILT)/swiftkraft-grade grade $(EX) $(GRADING)

grade-%: swiftkraft-grade-built
	@$(BUILT)/swiftkraft-grade grade $* $(GRADING)

hint: swiftkraft-grade-built
	@$(BUILT)/swiftkraft-grade hint "$(EX)"

reset: swiftkraft-grade-built
	@$(BUILT)/swiftkraft-grade reset "$(EX)"

solution: swiftkraft-grade-built
	@$(BUILT)/swiftkraft-grade solution "$(EX)"

watch: swiftkraft-grade-built
	@$(BUILT)/swiftkraft-grade watch "$(EX)"

bench: swiftkraft-bench-built
	@$(BUILT)/swiftkraft-bench bench $(if $(TIGHTEN),--tighten)

ifneq ($(BOOK),)
branches: swiftkraft-publish-built
	@$(BUILT)/swiftkraft-publish branches

test-branches: tool-built swiftkraft-publish-built
	@bash Tests/CourseTests/test-branches.sh $(if $(SAMPLE),--sample)

book: tool-built
	@book/build.sh --epub

book-open: book
	@book/open.sh

book-record: tool-built swiftkraft-trace-built
	@book/record.sh

test-book: tool-built swiftkraft-trace-built
	@book/test.sh
	@book/record.sh --check
else
branches test-branches book book-open book-record test-book:
	@echo 'The book and the branches are made on the main branch:' >&2
	@echo '  git switch main' >&2
	@exit 1
endif

lint: setup
	swift format lint --strict --recursive Package.swift Sources Tests \
	  chapters
	find $(wildcard .ci .github) Sources Tests chapters $(BOOK) -type f \
	  '(' -name '*.sh' -o -name run -o -name run_autograder ')' \
	  -exec shellcheck {} +

clean:
	rm -rf .build

tool: tool-built
	@echo "$$PWD/$(TOOL)"

tool-%: swiftkraft-%-built
	@echo "$$PWD/$(BUILT)/swiftkraft-$*"

# A program is built again only when the tool's sources have changed: even to
# find out that nothing has, SwiftPM takes a second.
.PHONY: tool-built program-is-gone $(PROGRAMS:%=%-built)
tool-built: swiftkraft-built

define PROGRAM
$(1)-built: setup .build/$(1)-is-built

.build/$(1)-is-built: $$(TOOL_SOURCES) \
	$(if $(wildcard $(BUILT)/$(1)),,program-is-gone) | setup
	@[ -x $(BUILT)/$(1) ] || \
	  echo 'Building the tool, $(1) (once)…' >&2
	@mkdir -p .build
	@swift build --quiet --product $(1) >.build/tool.log 2>&1 || \
	  { cat .build/tool.log >&2; exit 1; }
	@touch $$@
endef
$(foreach program,$(PROGRAMS),$(eval $(call PROGRAM,$(program))))
