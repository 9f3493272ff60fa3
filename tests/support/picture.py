#!/usr/bin/env python3
"""Create docs/images/dashboard.png, the top of the demo's dashboard. Run it with `make picture`."""

import base64
import datetime
import tempfile
from pathlib import Path

from browser import ROOT, Browser

PAGE = ROOT / "data/sample/dashboard/index.html"
PICTURE = ROOT / "docs/images/dashboard.png"
# The first screen, down to the list of changes.
WIDTH, HEIGHT = 1280, 960
# The day after the demo's last day; on later days, the page would warn about missing reports.
NOW = datetime.datetime(2026, 9, 15, tzinfo=datetime.UTC)


def main() -> None:
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(Path(profile))
        try:
            with browser.clock_at(NOW):
                browser.open(PAGE, WIDTH)
            clip = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}
            shot = browser.driver.execute_cdp_cmd(
                "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
            )
        finally:
            browser.quit()
    PICTURE.write_bytes(base64.b64decode(shot["data"]))
    print(f"Wrote {PICTURE} ({PICTURE.stat().st_size / 1000:.0f} kB)")


if __name__ == "__main__":
    main()
