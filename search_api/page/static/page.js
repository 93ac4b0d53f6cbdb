// Comfort only: every page works without this file.
"use strict";

const field = document.querySelector("[data-search]");

// On a phone the menu scrolls sideways; the present view stands in sight.
const present = document.querySelector(".menu [aria-current]");
if (present) {
  const menu = present.closest(".menu");
  menu.scrollLeft = present.offsetLeft - (menu.clientWidth - present.offsetWidth) / 2;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

// Browsers that cannot show a closed <details> wide open get it opened.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 64.01rem)").matches) {
  document.querySelectorAll("[data-open-wide]").forEach((details) => { details.open = true; });
}

if (field?.dataset.suggest) {
  const list = document.getElementById(field.getAttribute("list"));
  let wait;
  let asked;
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const text = field.value.trim();
      if (text.length < 2) return;
      try {
        const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ q: text })}`, { signal: asked.signal });
        if (!answer.ok) return;
        const { names } = await answer.json();
        list.replaceChildren(...names.map(({ query, name, title }) => {
          const option = document.createElement("option");
          option.value = query;
          option.label = `${name} · ${title}`;
          return option;
        }));
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }, 200);
  });
}
