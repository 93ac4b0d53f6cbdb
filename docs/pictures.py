"""The pictures of these pages, taken anew of a running demo.

    make demo                                   # in another terminal
    .venv/bin/python docs/pictures.py http://127.0.0.1:8000

One award article is given a tag and a note and put into a dossier, so that these are seen too.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
SIZE = {"width": 1280, "height": 900}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
DOSSIER = "Dân vận khéo"


def addresses(origin: str) -> dict[str, str]:
    """What is shown on each picture; the article and its dossier are prepared. Raises httpx errors."""
    with httpx.Client(base_url=origin, timeout=60) as api:
        awards = api.get("/api/v1/awards").raise_for_status().json()["awards"]
        report = max(awards, key=lambda one: len(one["reports"]))["reports"][0]
        known = {one["name"]: one["id"] for one in api.get("/api/v1/own/dossiers").json()}
        if DOSSIER not in known:
            made = api.post("/api/v1/own/dossiers", json={"name": DOSSIER}).raise_for_status()
            known[DOSSIER] = made.json()["id"]
        own = {"tags": ["điển hình"], "note": "Gọi xã xin ảnh", "dossiers": [known[DOSSIER]]}
        number = report["article_id"]
        api.put(f"/api/v1/own/articles/{number}", json=own).raise_for_status()
        article = api.get(f"/api/v1/articles/{number}").raise_for_status().json()
        unit = next(one["page"] for one in article["entities"].values() if one["label"] == "UNIT")
    day = report["date"][:10]
    return {
        "search": "/?q=dan van kheo",
        "article": f"/bai/{number}",
        "awards": "/khen-thuong",
        "analysis": "/phan-tich?q=dan van&q=khen",
        "entity": unit,
        "dossier": f"/ho-so/{known[DOSSIER]}",
        "review": f"/diem-bao?since={day}&until={day}",
    }


def main(origin: str) -> None:
    """Take them all."""
    wanted = addresses(origin)
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(base_url=origin, viewport=SIZE, locale="vi-VN")
        for name, address in wanted.items():
            page.goto(address)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"{name}.png  {address}")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
