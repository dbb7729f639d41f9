"""A real browser with the network off, and what a page asked for and complained of."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
READBACK = "willReadFrequently"  # Chromium's advice about the way `ink` looks at the picture


def launched(playwright: Playwright) -> Browser:
    """Chromium, however it is called here."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path, "需要 Chromium：sudo apt-get install chromium（make test 会自动安装）"
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


class Watched:
    """A page with everything it asked for and complained of."""

    def __init__(self, browser: Browser, file: Path, width: int = 1366, height: int = 768, **more: bool) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **more)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complain(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("body[data-ready]", timeout=20_000)

    def complain(self, text: str) -> None:
        if READBACK not in text:
            self.complaints.append(text)

    def close(self) -> None:
        """Nothing was complained of, and nothing was asked of the network."""
        assert self.complaints == []
        assert [url for url in self.asked if not url.startswith(("file:", "blob:"))] == []
        self.context.close()
