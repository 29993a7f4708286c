# SPDX-License-Identifier: BSD-3-Clause
"""One browser for all tests, and the pages of the built site."""

import atexit
import functools
import json
import os
import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

SITE = Path(__file__).resolve().parents[2] / ".build/book/html"

# Made by Sphinx, or of listings only.
GENERATED = ("genindex.html", "search.html", "source/")


def pages() -> list[str]:
    """Every page, as a path in the site."""
    return sorted(str(p.relative_to(SITE)) for p in SITE.rglob("*.html")
                  if "_static" not in p.parts)


def written_pages() -> list[str]:
    """The pages that somebody has written."""
    return [page for page in pages() if not page.startswith(GENERATED)]


@functools.cache
def browser() -> webdriver.Chrome:
    """A browser without a window, which logs what it asks for."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    if os.getuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    atexit.register(driver.quit)
    return driver


def open_page(page: str, width: int = 1280) -> webdriver.Chrome:
    """The browser, showing a page in a window of that width."""
    driver = browser()
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": 1,
        "mobile": False})
    url = ((SITE / page.split("?")[0]).as_uri()
           + page[len(page.split("?")[0]):])
    driver.get(url)
    # A browser that has just started may still show its own empty page.
    WebDriverWait(driver, 20).until(lambda driver: driver.execute_script(
        "return location.href.startsWith(arguments[0])"
        " && document.readyState === 'complete'"
        " && document.querySelector('article') !== null", url.split("#")[0]))
    return driver


def complaints() -> list[str]:
    """What the console says since it was last asked."""
    return [entry["message"] for entry in browser().get_log("browser")]


def requests() -> list[str]:
    """What was asked for since it was last asked."""
    messages = [json.loads(entry["message"])["message"]
                for entry in browser().get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages
            if m["method"] == "Network.requestWillBeSent"]


def set_theme(name: str) -> None:
    """Light or dark, as the reader's button does."""
    browser().execute_script(f"document.body.dataset.theme = '{name}'")
