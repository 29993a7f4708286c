# SPDX-License-Identifier: BSD-3-Clause
"""The search works from disk and finds what the text says."""

import unittest
from urllib.parse import quote

import browser
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

CASES = {
    "stack overflow": "chapters/ch2-traps.html",
    "illegal instruction": "chapters/ch2-traps.html",
    "lost wake-up": "chapters/ch2-traps.html",
    "guard page": "glossary.html",
    "identity mapping": "chapters/ch3-paging.html",
    "linker script": "chapters/ch1-boot.html",
    "disableInterrupts": "reference/Hart.html",
}


class Search(unittest.TestCase):

    def search(self, words: str) -> list[str]:
        driver = browser.open_page(f"search.html?q={quote(words)}")
        WebDriverWait(driver, 15).until(lambda d: d.find_element(
            By.CSS_SELECTOR, "#search-results .search-summary").text
            .startswith(("Search finished", "Found", "Your search")))
        return driver.execute_script(
            "return [...document.querySelectorAll('#search-results li a')]"
            ".map(a => a.getAttribute('href'))")

    def test_words_of_the_text_are_found(self):
        for words, page in CASES.items():
            with self.subTest(words=words):
                found = self.search(words)
                self.assertTrue(
                    any(link.split("#")[0].split("?")[0] == page
                        for link in found), found)

    def test_what_is_nowhere_is_not_found(self):
        self.assertEqual(self.search("xyzzyplugh"), [])

    def test_searching_does_not_complain(self):
        browser.complaints()
        self.search("stack overflow")
        self.assertEqual(browser.complaints(), [])


if __name__ == "__main__":
    unittest.main()
