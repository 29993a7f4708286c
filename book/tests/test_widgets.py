# SPDX-License-Identifier: BSD-3-Clause
"""The widgets compute known answers, and can be used with the keyboard."""

import json
import unittest
from pathlib import Path

import browser
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

MEASURED = json.loads(
    (Path(__file__).resolve().parents[1] / "measured.json").read_text())

# Register, value, and words that the answer holds.
DECODED = [
    ("scause", "0x8000000000000005", ["supervisor timer interrupt"]),
    ("scause", "2", ["illegal instruction", "an exception"]),
    ("scause", "0xd", ["load page fault"]),
    ("scause", "0x1f", ["reserved"]),
    ("sstatus", "0x8000000200006100",
     ["from S-mode", "unit: dirty", "taken: no", "64 bits"]),
    ("sstatus", "0x20", ["before the trap: yes", "from U-mode"]),
    ("stval", "0x08000000", ["neither memory nor a device", "0x8000"]),
    ("stval", "0x10000005", ["serial port"]),
    ("satp", "0x8000000000080500", ["Sv39", "0x80500000"]),
    ("satp", "0", ["no translation"]),
    ("scause", "five", ["64 bits is needed"]),
    ("scause", "0x10000000000000000", ["64 bits is needed"]),
]


class Decoder(unittest.TestCase):

    def test_known_answers(self):
        driver = browser.open_page("chapters/ch2-traps.html")
        widget = driver.find_element(By.ID, "register-decoder")
        for register, value, words in DECODED:
            with self.subTest(register=register, value=value):
                Select(widget.find_element(By.TAG_NAME, "select")) \
                    .select_by_visible_text(register)
                field = widget.find_element(By.TAG_NAME, "input")
                field.clear()
                field.send_keys(value)
                for word in words:
                    self.assertIn(word, widget.text)


class Stepper(unittest.TestCase):

    def setUp(self):
        self.driver = browser.open_page("chapters/ch1-boot.html")
        self.widget = self.driver.find_element(By.ID, "boot-stepper")
        self.back, self.next = self.widget.find_elements(By.TAG_NAME, "button")

    def step(self):
        if self.next.is_enabled():
            self.next.send_keys(Keys.ENTER)

    def test_it_goes_from_power_on_to_the_program(self):
        steps = MEASURED["ch1"]["steps"]
        self.assertFalse(self.back.is_enabled())
        for number, values in enumerate(steps.values()):
            self.assertIn(f"Step {number + 1} of {len(steps)}",
                          self.widget.text)
            for register in ("pc", "a1", "sp", "stvec"):
                self.assertIn(values[register], self.widget.text)
            self.step()
        self.assertFalse(self.next.is_enabled())
        self.assertIn("The program", self.widget.text)

    def test_arrow_keys_step_and_stay_on_the_page(self):
        self.next.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        self.assertIn("Step 3 of", self.widget.text)
        self.assertIn("S-mode", self.widget.text)
        self.next.send_keys(Keys.ARROW_LEFT)
        self.assertIn("Step 2 of", self.widget.text)
        self.assertIn("ch1-boot", self.driver.current_url)

    def test_every_step_has_words(self):
        for _ in MEASURED["ch1"]["steps"]:
            texts = [p.text for p in
                     self.widget.find_elements(By.TAG_NAME, "p")]
            self.assertTrue(all(texts) and len(texts) == 2, texts)
            self.step()


class Buddies(unittest.TestCase):

    def setUp(self):
        self.driver = browser.open_page("chapters/ch4-allocator.html")
        self.widget = self.driver.find_element(By.ID, "buddy-simulator")

    def allocate(self, size):
        field = self.widget.find_element(By.TAG_NAME, "input")
        field.clear()
        field.send_keys(size)
        self.widget.find_element(By.XPATH, "./button").send_keys(Keys.ENTER)

    def blocks(self):
        """The size of each block, with a minus for those in use."""
        return [int(part.text) * (-1 if part.tag_name == "button" else 1)
                for part in self.widget.find_elements(
                    By.CSS_SELECTOR, ".buddy-bar > *")]

    def test_blocks_are_split_and_merged(self):
        self.assertEqual(self.blocks(), [1024])
        self.allocate("100")
        self.assertEqual(self.blocks(), [-128, 128, 256, 512])
        self.allocate("128")
        self.allocate("64")
        self.assertEqual(self.blocks(), [-128, -128, -64, 64, 128, 512])
        self.release(0)
        self.assertIn("not free", self.widget.text)
        self.release(1)
        self.assertEqual(self.blocks(), [128, -128, 256, 512])
        self.release(0)
        self.assertEqual(self.blocks(), [1024])

    def release(self, number):
        self.widget.find_elements(
            By.CSS_SELECTOR, ".buddy-bar > button")[number] \
            .send_keys(Keys.ENTER)

    def test_what_does_not_fit_is_said(self):
        self.allocate("1025")
        self.assertIn("no free block", self.widget.text)
        self.allocate("0")
        self.assertIn("1 or more", self.widget.text)
        self.assertEqual(self.blocks(), [1024])


if __name__ == "__main__":
    unittest.main()
