# SPDX-License-Identifier: BSD-3-Clause
"""A build that was interrupted does not disturb the next one."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "sphinx.sh"


class Build(unittest.TestCase):
    """A book of one page."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.source = self.folder / "source"
        self.source.mkdir()
        (self.source / "conf.py").write_text("")
        self.page = self.source / "index.rst"
        self.page.write_text("Title\n=====\n")

    def sphinx(self, python=sys.executable):
        return subprocess.run(
            ["sh", SCRIPT, "html", self.source, self.folder / "out"],
            env=os.environ | {"PYTHON": str(python)}, capture_output=True,
            text=True)

    def interrupt(self, damage):
        """Lets Sphinx be killed, with its parent, after some damage."""
        killed = self.folder / "python"
        killed.write_text(
            f"#!/bin/sh\ncd '{self.folder}/out'\n{damage}\nkill -9 $PPID $$\n")
        killed.chmod(0o755)
        self.assertLess(self.sphinx(killed).returncode, 0)

    def assert_whole(self, run):
        self.assertEqual(run.returncode, 0, run.stderr)
        pages = self.folder / "out" / "html"
        self.assertIn("Title", (pages / "index.html").read_text())
        self.assertIn("titl", (pages / "searchindex.js").read_text())

    def test_what_an_interrupted_build_left_is_built_anew(self):
        for file in [
                "html/.buildinfo", "html/searchindex.js",
                "doctrees-html/environment.pickle",
                "doctrees-html/index.doctree"]:
            for size in [0, 20]:
                with self.subTest(file=file, size=size):
                    self.assert_whole(self.sphinx())
                    self.page.touch()
                    self.interrupt(f"truncate -s {size} {file}")
                    self.assert_whole(self.sphinx())

    def test_the_first_build_may_be_interrupted(self):
        (self.folder / "out").mkdir()
        self.interrupt("mkdir html && : >html/.buildinfo")
        self.assert_whole(self.sphinx())

    def test_a_page_with_a_warning_is_built_alone_once_it_is_mended(self):
        self.assert_whole(self.sphinx())
        self.page.write_text("Title\n====\n")
        self.assertEqual(self.sphinx().returncode, 1)
        self.assertTrue((self.folder / "out" / "html-is-whole").exists())
        self.page.write_text("Title\n=====\n")
        self.assert_whole(self.sphinx())


if __name__ == "__main__":
    unittest.main()
