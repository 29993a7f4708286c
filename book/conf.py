# SPDX-License-Identifier: BSD-3-Clause
"""How Sphinx makes the book. Build it with book/build.sh."""

import sys
from hashlib import sha256
from pathlib import Path

book = Path(__file__).parent
sys.path.insert(0, str(book / "extensions"))

project = "Swiftkraft"
author = "the Swiftkraft authors"
copyright = "the Swiftkraft authors, BSD-3-Clause"
language = "en"

extensions = [
    "myst_parser",
    "assembly",
    "bars",
    "drawing",
    "difference",
    "exercises",
    "figures",
    "listing",
    "measured",
    "sources",
    "symbols",
    "terms",
    "transcript",
]
exclude_patterns = ["tests", "extensions", "transcripts"]

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
nitpicky = True
highlight_language = "none"
smartquotes = False

html_theme = "furo"
html_title = "Swiftkraft"
html_static_path = ["_static"]
html_css_files = ["swiftkraft.css"]
html_js_files = [
    "boot-stepper.js", "buddy-simulator.js", "lost-update-stepper.js",
    "register-decoder.js", "scheduling-simulator.js", "sv39-explorer.js",
    "virtqueue-stepper.js"]
html_copy_source = False
# A summary would have to be fetched, which browsers refuse from disk.
html_show_search_summary = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "navigation_with_keys": True,
    # Nothing is fetched from elsewhere; no "edit" links to a forge.
    "top_of_page_buttons": [],
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

epub_show_urls = "no"
epub_css_files = ["swiftkraft.css"]
epub_exclude_files = ["search.html"]
epub_basename = "swiftkraft"
epub_title = "Swiftkraft"
version = release = "1"
suppress_warnings = ["epub.unknown_project_files", "epub.duplicated_toc_entry"]


def setup(app):
    """Reads all pages again when a local extension has changed."""
    files = sorted((book / "extensions").glob("*.py"))
    text = b"".join(file.read_bytes() for file in files)
    app.add_config_value("book_extensions", sha256(text).hexdigest(), "env")
