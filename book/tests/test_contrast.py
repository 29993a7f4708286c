# SPDX-License-Identifier: BSD-3-Clause
"""Text can be read in light and dark: a contrast of 4.5 to 1 (WCAG 2, AA)."""

import unittest

import browser

COLOURS = """
const parse = c => (c.match(/[\\d.]+/g) ?? []).map(Number);
const over = (front, back) => {
  const share = front[3] ?? 1;
  return back.map((c, i) => front[i] * share + c * (1 - share));
};
const behind = e => {
  if (!e) return [255, 255, 255];
  const colour = parse(getComputedStyle(e).backgroundColor);
  const share = colour[3] ?? 1;
  return share === 1 ? colour : over(colour, behind(e.parentElement));
};
const result = [];
const seen = new Set();
const walker = document.createTreeWalker(
  document.querySelector('article'), NodeFilter.SHOW_TEXT);
for (let node; node = walker.nextNode();) {
  const e = node.parentElement;
  if (!node.textContent.trim() || !e.offsetWidth && !e.closest('svg')
      || e.closest('script, style, .headerlink')) continue;
  const style = getComputedStyle(e);
  let front = parse(e.closest('svg') ? style.fill : style.color);
  let back = behind(e);
  if (e.closest('svg')) {
    // A text lies on the last box drawn before it that holds it.
    const box = e.getBoundingClientRect();
    for (const r of e.closest('svg').querySelectorAll('rect')) {
      const b = r.getBoundingClientRect();
      const fill = parse(getComputedStyle(r).fill);
      if (fill.length && b.left <= box.left && b.right >= box.left
          && b.top <= box.top + 2 && b.bottom >= box.bottom - 2) {
        back = fill.slice(0, 3);
      }
    }
  }
  front = over(front, back);
  const key = front + '|' + back;
  if (seen.has(key)) continue;
  seen.add(key);
  result.push([node.textContent.trim().slice(0, 40), front, back]);
}
return result"""


def luminance(colour) -> float:
    parts = [c / 255 for c in colour]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
             for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(front, back) -> float:
    high, low = sorted((luminance(front), luminance(back)), reverse=True)
    return (high + 0.05) / (low + 0.05)


class Contrast(unittest.TestCase):

    def test_light_and_dark(self):
        for page in browser.written_pages():
            driver = browser.open_page(page)
            for theme in ("light", "dark"):
                with self.subTest(page=page, theme=theme):
                    browser.set_theme(theme)
                    self.assertEqual(self.weak(driver), [])

    def weak(self, driver) -> list:
        """Texts that are hard to read, with their contrast."""
        return [(text, round(contrast(front, back), 2), front, back)
                for text, front, back in driver.execute_script(COLOURS)
                if contrast(front, back) < 4.5]


if __name__ == "__main__":
    unittest.main()
