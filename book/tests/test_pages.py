# SPDX-License-Identifier: BSD-3-Clause
"""What must hold for every page."""

import unittest

import browser

HEADINGS = """return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]
  .filter(h => h.closest('article'))
  .map(h => Number(h.tagName[1]))"""

UNNAMED_IMAGES = """return [...document.querySelectorAll('article img, '
    + 'article svg')].filter(i => !i.closest('[aria-hidden]')
    && !(i.alt || i.getAttribute('aria-label')))
  .map(i => i.outerHTML.slice(0, 80))"""

TOO_WIDE = """const limit = document.documentElement.clientWidth;
return [...document.querySelectorAll('article *')].filter(e => {
  if (e.closest('pre, .table-wrapper, .highlight, svg, .headerlink')) {
    return false;
  }
  const box = e.getBoundingClientRect();
  return box.width > 0 && box.right > limit + 1;
}).map(e => e.outerHTML.slice(0, 100))"""

FIGURE_OVERFLOW = """const wrong = [];
for (const svg of document.querySelectorAll('.drawing svg')) {
  const frame = svg.getBoundingClientRect();
  for (const part of svg.querySelectorAll('text, rect')) {
    const box = part.getBoundingClientRect();
    if (box.left < frame.left - 1 || box.right > frame.right + 1
        || box.bottom > frame.bottom + 1) {
      wrong.push(part.outerHTML.slice(0, 100));
    }
  }
  for (const text of svg.querySelectorAll('text')) {
    const size = parseFloat(getComputedStyle(text).fontSize)
      * frame.width / svg.viewBox.baseVal.width;
    if (size < 9.5) wrong.push(`${size} px: ${text.textContent}`);
  }
}
return wrong"""

DUPLICATE_IDS = """const ids = [...document.querySelectorAll('[id]')]
  .map(e => e.id);
return ids.filter((id, i) => ids.indexOf(id) !== i)"""


class Pages(unittest.TestCase):
    """Each test opens every page."""

    def each(self, pages, check, width=1280):
        self.assertTrue(pages)
        for page in pages:
            with self.subTest(page=page, width=width):
                check(browser.open_page(page, width))

    def test_every_page_is_complete_and_asks_for_nothing_elsewhere(self):
        """Nor does the console complain; images have a text, ids are unique."""
        def check(driver):
            urls = browser.requests()
            self.assertTrue(urls)
            self.assertEqual([url for url in urls if not
                              url.startswith(("file:", "data:"))], [])
            self.assertEqual(browser.complaints(), [])
            for script in (UNNAMED_IMAGES, DUPLICATE_IDS):
                self.assertEqual(driver.execute_script(script), [])

        browser.requests()
        browser.complaints()
        self.each(browser.pages(), check)

    def test_headings_are_in_order(self):
        def check(driver):
            levels = driver.execute_script(HEADINGS)
            self.assertEqual(levels.count(1), 1)
            self.assertEqual(levels[0], 1)
            for before, after in zip(levels, levels[1:]):
                self.assertLessEqual(after, before + 1)

        self.each(browser.written_pages(), check)

    def test_pages_and_figures_fit_a_telephone(self):
        """Nothing scrolls sideways, and the figures' words can be read."""
        def check(driver):
            for script in (TOO_WIDE, FIGURE_OVERFLOW):
                self.assertEqual(driver.execute_script(script), [])

        self.each(browser.written_pages(), check, width=360)

    def test_a_chapter_has_four_figures_and_a_widget(self):
        def check(driver):
            count = "return document.querySelectorAll('{}').length"
            figures = driver.execute_script(count.format(".drawing svg"))
            widgets = driver.execute_script(count.format(".widget > *"))
            self.assertGreaterEqual(figures, 4)
            self.assertGreaterEqual(widgets, 1)

        self.each([page for page in browser.pages()
                   if page.startswith("chapters/")], check)


if __name__ == "__main__":
    unittest.main()
