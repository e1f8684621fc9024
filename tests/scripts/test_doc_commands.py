"""The tester of the documents: what is right passes, what is wrong or not understood fails, and says where."""

import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "scripts"))

from documents import forms, match, mentions, page, story  # noqa: E402  pylint: disable=wrong-import-position

MAKEFILE = "NAME ?= world#  whom to greet\nhello: ## greet\n\t@echo hello $(NAME)\nbroken:\n\t@exit 3\n"


class Project(unittest.TestCase):
    """A small project in a folder of its own."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = place.name
        self.write("Makefile", MAKEFILE)
        self.write("docs/other.md", "# Other page\n\n## A `small` part\n")
        self.write("tests/known.c", "int known_name;\n")
        os.chmod(self.write("build/default/sim", "#!/bin/sh\necho '  --seed N'\n"), 0o755)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def play(self, text, full=False):
        """The story of a page with this text."""
        self.path = self.write("docs/page.md", text)
        tale = story.Story(self.path, full)
        tale.play(list(forms.steps(page.Page(self.path))), self.root)
        return tale

    def passes(self, text, run=1, **more):
        tale = self.play(text, **more)
        self.assertEqual((tale.failures, tale.run), ([], run))
        return tale

    def fails(self, text, sentence, line=None, **more):
        failures = self.play(text, **more).failures
        self.assertIn(sentence, "\n".join(failures))
        if line:
            self.assertIn(f"page.md:{line}:", failures[0])


class Commands(Project):
    def test_output_that_is_right(self):
        self.passes("Text.\n\n```\n$ make hello\nhello world\n```\n")

    def test_wrong_output_fails_with_its_line_and_both_texts(self):
        self.fails("Text.\n\n```\n$ make hello\nhello moon\n```\n", "-hello moon\n+hello world", line=4)

    def test_output_that_is_not_shown_fails(self):
        self.fails("```\n$ make hello\n```\n", "+hello world")

    def test_output_that_does_not_come_fails(self):
        self.fails("```\n$ true\nhello\n```\n", "-hello")

    def test_exit_status(self):
        self.fails("    make broken\n", "exit status 2, not 0")
        self.passes("<!-- test: status 2 -->\n\n    make broken   it is\n")
        self.passes("<!-- test: status 0 2 -->\n```\n$ true\n$ (exit 2)\n```\n", run=2)
        self.fails("<!-- test: status 2 -->\n\n    make hello\n", "exit status 0, not 2")

    def test_a_page_is_one_story(self):
        self.passes("```\n$ mkdir d && cd d\n$ X=5\n```\n\nText.\n\n```\n$ echo $X $(basename $PWD)\n5 d\n```\n", run=3)

    def test_nothing_is_left_in_the_project(self):
        self.passes("```\n$ echo x >left\n```\n")
        self.assertFalse(os.path.exists(os.path.join(self.root, "left")))
        self.assertEqual(os.listdir(os.path.join(self.root, "out/docs")), [])

    def test_what_a_failed_page_has_found_is_kept(self):
        kept = os.path.join(self.root, "out/docs/page")
        self.fails("```\n$ echo x >out/found && false\n```\n", f"its out/ is kept in {kept}")
        self.assertEqual(os.listdir(kept), ["found"])
        self.passes("```\n$ true\n```\n")
        self.assertFalse(os.path.exists(kept))

    def test_a_shell_that_ends(self):
        self.fails("```\n$ exit\n```\n\n    make hello\n    make hello\n", "exit status -1")

    def test_continued_command(self):
        self.passes("```\n$ cat <<END\n> hello\n> END\nhello\n```\n")

    def test_git_shows_what_the_page_has_changed(self):
        self.passes("```\n$ echo '# x' >>Makefile\n$ git status --short\n M Makefile\n```\n", run=2)

    def test_the_repository_of_the_project_is_left_alone(self):
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)
        self.passes("```\n$ git commit -q --allow-empty -m x\n```\n")
        done = subprocess.run(["git", "rev-parse", "-q", "--verify", "HEAD"], cwd=self.root, stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.stdout, b"")

    def test_full_waits_and_skip_is_counted(self):
        text = "<!-- test: full -->\n\n    make broken\n\n<!-- test: skip it opens a window -->\n\n    make hello\n"
        tale = self.passes(text, run=0)
        self.assertEqual((tale.later, len(tale.skipped)), (1, 1))
        self.assertIn("it opens a window", tale.skipped[0])
        self.fails(text, "exit status 2", full=True)

    def test_files_of_the_page(self):
        self.passes("<!-- test: file new/a.txt -->\n```\none\nthree\n```\n\n"
                    "<!-- test: into new/a.txt before three -->\n```\ntwo\n```\n\n"
                    "```\n$ cat new/a.txt\none\ntwo\nthree\n```\n", run=3)
        self.fails("<!-- test: into Makefile before nothing -->\n```\nx\n```\n", "has no line 'nothing'")
        self.passes("<!-- test: part of Makefile -->\n```\nbroken:\n    @exit 3\n```\n")
        self.fails("<!-- test: part of Makefile -->\n```\nbroken:\n    @exit 4\n```\n", "do not stand in Makefile")

    def test_hidden_command_and_its_output(self):
        self.passes("<!-- test: run A=1; B=2 -->\n\n<!-- test: output of echo $A; echo $B -->\n```\n1\n2\n```\n", run=2)
        self.fails("<!-- test: output of echo 1 -->\n```\n2\n```\n", "-2\n+1")

    def test_interactive(self):
        self.write("ask.py", "import readline\ntry:\n    for n in (1, 2, 3):\n        print('got', input(f'{n}> '))\n"
                   "except EOFError:\n    print()\n")
        shown = "1> a\ngot a\n2> b\ngot b\n3>\n"
        self.passes(f"```\n$ python3 ask.py --interactive\n{shown}```\n")
        self.fails(f"```\n$ python3 ask.py --interactive\n{shown.replace('2> b', '5> b')}```\n", "-5> b\n+2> b")


class Forms(Project):
    def refused(self, text, sentence):
        with self.assertRaisesRegex(forms.Wrong, sentence):
            list(forms.steps(page.Page(self.write("docs/page.md", text))))

    def test_a_block_that_nobody_has_marked(self):
        self.refused("```\nhello world\n```\n", "is this a command")
        self.refused("```c\nint x;\n```\n", "is this a command")
        self.refused("    make hello\n    what is this\n", "is this a command")

    def test_text_that_is_a_command(self):
        self.refused("<!-- test: text -->\n\n    make hello\n", "said to be text")
        self.refused("<!-- test: text -->\n```\n$ frobnicate\n```\n", "said to be text")

    def test_comments_that_are_not_understood(self):
        self.refused("<!-- tset: full -->\n\n    make hello\n", "no comment of this form")
        self.refused("<!-- test: quickly -->\n\n    make hello\n", "'quickly' is not understood")
        self.refused("<!-- test: skip -->\n\n    make hello\n", "'skip' is not understood")
        self.refused("<!-- test: full -->\n\nText.\n", "belongs to no block")
        self.refused("<!-- test: status 1 2 3 -->\n\n    make hello\n", "1 commands and 3 numbers")


class Match(unittest.TestCase):
    def test_elision(self):
        out = "one\ntwo 2\nthree\nfour\n"
        for shown in (["one", "...", "four"], ["...", "four"], ["one", "..."], ["..."], ["one", "two ...", "...", "four"]):
            self.assertTrue(match.same(shown, out), shown)
        for shown in (["one", "four"], ["...", "three"], ["two 2", "..."], ["one", "... 3", "...", "four"], []):
            self.assertFalse(match.same(shown, out), shown)

    def test_what_depends_on_the_hour_is_equal_and_nothing_else(self):
        self.assertTrue(match.same(["5 clocks in 0.50 s, 100 clocks/s"], "5 clocks in 1.25 s, 7 clocks/s\n"))
        self.assertFalse(match.same(["5 clocks in 0.50 s, 100 clocks/s"], "6 clocks in 0.50 s, 100 clocks/s\n"))
        self.assertTrue(match.same(["regress/20260101-101010-1234567: 4 jobs"], "regress/20270101-101011-abcdef0: 4 jobs\n"))
        self.assertTrue(match.same(["... clocks in 0.50 s, ... clocks/s"], "6 clocks in 0.10 s, 1 clocks/s\n"))

    def test_long_lines_may_be_folded(self):
        out = "clock 5: a rule that is long\nnext\n"
        self.assertTrue(match.same(["clock 5: a rule", "    that is long", "next"], out))
        self.assertFalse(match.same(["clock 5: a rule", "    that is short", "next"], out))
        self.assertFalse(match.same(["clock 5: a rule", "next"], out))

    def test_what_is_refreshed_matches_and_keeps_elisions(self):
        out = "one\ntwo\n" + "long " * 50 + "\nlast 7\nend\n"
        for shown in (["one", "...", "last 6", "end"], [], ["one", "..."], ["...", "last 7", "..."], ["uno", "...", "end"],
                      ["one", "tow", "...", "last 6", "..."]):
            new = match.refreshed(shown, out)
            self.assertTrue(match.same(new, out), (shown, new))
            self.assertEqual(new.count("..."), shown.count("..."), (shown, new))
            self.assertLessEqual(max(map(len, new)), match.WIDTH)


class Update(Project):
    def test_update_writes_what_came_out_and_nothing_else(self):
        text = "# Page\n\n```\n$ make hello\nhello moon\n```\n\nBetween.\n\n```\n$ seq 9\n1\n...\nnine\n```\n\nEnd.\n"
        edits = self.play(text).edits
        self.assertEqual(len(edits), 2)
        story.update(self.path, edits)
        with open(self.path, encoding="utf-8") as file:
            new = file.read()
        self.assertEqual(new, text.replace("moon", "world").replace("nine", "9"))
        self.passes(new, run=2)

    def test_nothing_is_written_behind_a_failed_command(self):
        self.assertEqual(self.play("```\n$ make hello\nx\n$ false\n$ make hello\nx\n```\n").edits, [(3, 1, ["hello world"])])


class Mentions(Project):
    def complaints(self, text):
        project = mentions.Project(self.root)
        known = page.Page(self.write("docs/page.md", text))
        anchors = lambda path: {mentions.slug(heading) for heading in page.Page(path).headings}
        return [sentence for _, sentence in mentions.check(known, project, anchors)]

    def test_what_is_there(self):
        self.assertEqual(self.complaints("`make hello NAME=x`, `tests/known.c`, `tests/*.c`, `tests/{known,known}.c`,\n"
                                         "`known_name`, `sim --seed 2`, `--seed`,\n"
                                         "[a](other.md#a-small-part), [b](https://example.org/x), [c](#here).\n\n# Here\n"), [])

    def test_what_is_not_there(self):
        for text, sentence in (("`make helo`", "no target 'helo'"), ("`make hello NMAE=x`", "no variable NMAE"),
                               ("`tests/unknown.c`", "no tests/unknown.c"), ("`unknown_name`", "stands nowhere"),
                               ("`--no-such-option`", "knows the option"), ("`sim --sed 2`", "no option --sed"),
                               ("`rm -rf out`", "a command that no test runs"),
                               ("[a](none.md)", "leads nowhere"), ("[a](other.md#large-part)", "no heading #large-part"),
                               ("<b>x</b>", "HTML"), ("    make helo\n", "no target 'helo'")):
            with self.subTest(text=text):
                self.assertIn(sentence, "\n".join(self.complaints(text + "\n")))


if __name__ == "__main__":
    unittest.main()
