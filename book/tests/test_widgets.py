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


# An address, and words that the answer holds.
SPLIT = [
    ("0x80200000", ["repeats bit 38, as it must", "0x10 bytes into the root",
                    "0x8 bytes into the table at level 1"]),
    ("0x0000004000000000", ["every access traps"]),
    ("0xffffffffffffffff", ["as it must", "511", "0xfff"]),
    ("five", ["64 bits is needed"]),
]

# A page table entry, its level, and words that the answer holds.
ENTRIES = [
    ("0x2008004b", 0, ["page of 4 KiB at 0x80200000, r-x", "was used: yes"]),
    ("0x200800cf", 0, ["rwx", "cannot say that"]),
    ("0x201000c7", 1, ["page of 2 MiB at 0x80400000, rw-"]),
    ("0x200804c7", 1, ["a multiple of its size"]),
    ("0x20100401", 1, ["the way to the table at 0x80401000"]),
    ("0x20100401", 0, ["no table can follow"]),
    ("0x20100441", 2, ["bits of a page"]),
    ("0x20100405", 0, ["writable but not readable"]),
    ("0x4000000004000047", 0, ["a device"]),
    ("0x0040000004000047", 0, ["a bit is set"]),
    ("0", 2, ["nothing: the hart traps"]),
    ("0x10000000000000000", 2, ["64 bits is needed"]),
]


class Explorer(unittest.TestCase):

    def setUp(self):
        driver = browser.open_page("chapters/ch3-paging.html")
        self.widget = driver.find_element(By.ID, "sv39-explorer")

    def type(self, field, text):
        element = self.widget.find_element(By.ID, field)
        element.clear()
        element.send_keys(text)

    def test_addresses_are_split(self):
        for address, words in SPLIT:
            with self.subTest(address=address):
                self.type("sv39-address", address)
                for word in words:
                    self.assertIn(word, self.widget.text)

    def test_entries_are_decoded(self):
        for entry, level, words in ENTRIES:
            with self.subTest(entry=entry, level=level):
                Select(self.widget.find_element(By.ID, "sv39-level")) \
                    .select_by_index(2 - level)
                self.type("sv39-entry", entry)
                for word in words:
                    self.assertIn(word, self.widget.text)

    def test_tab_leads_from_field_to_field(self):
        element = self.widget.find_element(By.ID, "sv39-address")
        for field in ("sv39-entry", "sv39-level"):
            element.send_keys(Keys.TAB)
            element = self.widget.parent.switch_to.active_element
            self.assertEqual(element.get_attribute("id"), field)


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


class Scheduling(unittest.TestCase):

    def setUp(self):
        self.driver = browser.open_page("chapters/ch5-scheduler.html")
        self.widget = self.driver.find_element(By.ID, "scheduling-simulator")

    def choose(self, policy, slice=None):
        for field, value in ("policy", policy), ("slice", slice):
            if value:
                Select(self.widget.find_element(
                    By.ID, f"scheduling-{field}")).select_by_value(value)

    def press(self, name):
        self.widget.find_element(
            By.XPATH, f".//button[text()='{name}']").send_keys(Keys.ENTER)

    def runs(self):
        """When each thread has run so far."""
        return [line.get_attribute("aria-label").split(" has ")[1]
                for line in self.widget.find_elements(
                    By.CSS_SELECTOR, ".time-lines > div")]

    def test_policies_differ(self):
        for policy, slice, late in (
                ("first", None, "10 late"), ("robin", "2", "4 late"),
                ("priority", "4", "0 late")):
            with self.subTest(policy=policy):
                self.choose(policy, slice)
                for _ in range(15):
                    self.press("Step")
                self.assertIn(late, self.widget.text)

    def test_a_thread_may_run_for_more_than_a_slice(self):
        self.choose("robin", "2")
        for _ in range(8):
            self.press("Step")
        self.assertEqual(self.runs(), ["run at 0, 1, 5, 6, 7",
                                       "run at 2, 3", "run at 4"])
        self.press("Start again")
        self.assertIn("Nothing has run", self.widget.text)


# The threads whose next step is taken, one after the other, and the last count.
ORDERS = [("AAABBB", 7), ("ABBBAA", 6), ("ABABAB", 6), ("BBBAAA", 7),
          ("BAAABB", 6)]


class LostUpdate(unittest.TestCase):

    def setUp(self):
        driver = browser.open_page("chapters/ch6-ipc.html")
        self.widget = driver.find_element(By.ID, "lost-update-stepper")
        self.a, self.b, self.again = self.widget.find_elements(
            By.TAG_NAME, "button")

    def take(self, order):
        for name in order:
            (self.a if name == "A" else self.b).send_keys(Keys.ENTER)

    def values(self):
        """What the registers of A and B and the count hold."""
        return [cell.text for cell in self.widget.find_elements(
            By.CSS_SELECTOR, "td.value")][:3]

    def test_the_order_decides_whether_an_update_is_lost(self):
        for order, count in ORDERS:
            with self.subTest(order=order):
                self.again.send_keys(Keys.ENTER)
                self.take(order)
                self.assertEqual(self.values()[2], str(count))
                self.assertIn("no update was lost" if count == 7
                              else "one update was lost", self.widget.text)
                self.assertFalse(self.a.is_enabled() or self.b.is_enabled())

    def test_each_step_shows(self):
        self.assertEqual(self.values(), ["–", "–", "5"])
        for order, values in (("A", ["5", "–", "5"]), ("B", ["5", "5", "5"]),
                              ("B", ["5", "6", "5"]), ("B", ["5", "6", "6"]),
                              ("A", ["6", "6", "6"])):
            self.take(order)
            self.assertEqual(self.values(), values)
            self.assertNotIn("lost", self.widget.text)

    def test_with_a_mutex_the_other_waits(self):
        mutex = self.widget.find_element(By.ID, "lost-update-mutex")
        mutex.send_keys(Keys.SPACE)
        for first, other in (self.a, self.b), (self.b, self.a):
            self.again.send_keys(Keys.ENTER)
            for _ in range(2):
                first.send_keys(Keys.ENTER)
                self.assertIn("waits", other.text)
                self.assertFalse(other.is_enabled())
            for button in first, other, other, other:
                button.send_keys(Keys.ENTER)
            self.assertEqual(self.values()[2], "7")
            self.assertIn("no update was lost", self.widget.text)
        mutex.send_keys(Keys.SPACE)
        self.assertNotIn("locked", self.widget.text)
        self.assertEqual(self.values(), ["–", "–", "5"])


class Virtqueue(unittest.TestCase):

    def setUp(self):
        self.driver = browser.open_page("chapters/ch7-block.html")
        self.widget = self.driver.find_element(By.ID, "virtqueue-stepper")
        self.back, self.next = self.widget.find_elements(By.TAG_NAME, "button")

    def rows(self):
        """The text of each cell, row by row: three rings, then descriptors."""
        return [[cell.text for cell in row.find_elements(By.TAG_NAME, "td")]
                for row in self.widget.find_elements(
                    By.CSS_SELECTOR, "tbody tr")]

    def go(self, count):
        for _ in range(count):
            self.next.send_keys(Keys.ENTER)

    def free(self):
        return [int(row[0]) for row in self.rows()[3:] if row[1] == "free"]

    def break_fence(self):
        self.widget.find_element(By.ID, "virtqueue-broken") \
            .send_keys(Keys.SPACE)

    def test_two_requests_go_through_both_rings(self):
        self.assertFalse(self.back.is_enabled())
        self.assertEqual(self.free(), list(range(8)))
        self.go(2)
        self.assertEqual(self.free(), [6, 7])
        self.assertEqual(self.rows()[0], ["available", "0", "–"])
        self.go(1)
        self.assertEqual(self.rows()[0], ["available", "0", "0 | 3"])
        self.go(1)
        self.assertEqual(self.rows()[0][1], "2")
        self.go(3)
        self.assertEqual(self.rows()[1], ["used", "1", "3, 1 byte"])
        self.assertEqual(self.free(), [6, 7])
        self.go(1)
        self.assertEqual(self.free(), [3, 4, 5, 6, 7])
        self.go(2)
        self.assertEqual(self.free(), list(range(8)))
        self.assertEqual([row[1] for row in self.rows()[:3]], ["2", "2", "2"])
        self.assertFalse(self.next.is_enabled())

    def test_without_the_fence_a_chain_is_used_twice(self):
        self.break_fence()
        self.go(3)
        self.assertEqual(self.rows()[0], ["available", "2", "0 | 0"])
        self.go(5)
        self.assertIn("notInFlight", self.widget.text)
        self.assertEqual(self.free(), list(range(8)))
        self.assertFalse(self.next.is_enabled())
        self.break_fence()
        self.assertIn("Step 1 of 11", self.widget.text)

    def test_every_step_of_both_has_words(self):
        for wrong in False, True:
            if wrong:
                self.break_fence()
            while True:
                texts = [p.text for p in
                         self.widget.find_elements(By.TAG_NAME, "p")]
                self.assertTrue(all(texts) and len(texts) == 2, texts)
                if not self.next.is_enabled():
                    break
                self.go(1)

    def test_arrow_keys_step_and_stay_on_the_page(self):
        self.next.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        self.assertIn("Step 3 of", self.widget.text)
        self.next.send_keys(Keys.ARROW_LEFT)
        self.assertIn("Step 2 of", self.widget.text)
        self.assertIn("ch7-block", self.driver.current_url)


if __name__ == "__main__":
    unittest.main()
