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

// Past searches and names offered while typing: a combobox with a list, by keyboard and pointer.
if (field?.dataset.suggest) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
  (field.closest("label") ?? field).after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  let wait;
  let asked;

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    field.value = option.dataset.query;
    close();
    if (field.form.matches("[role=search]")) field.form.requestSubmit();
  };
  const chosen = () => list.querySelector("[aria-selected=true]");
  const move = (step) => {
    const options = [...list.children];
    const at = options.indexOf(chosen());
    const next = options[(at < 0 && step < 0 ? options.length - 1 : at + step + options.length) % options.length];
    options.forEach((one) => one.setAttribute("aria-selected", String(one === next)));
    field.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };
  const show = (offers) => {
    list.replaceChildren(...offers.map(({ query, name, title }, number) => {
      const option = document.createElement("li");
      const kind = document.createElement("span");
      kind.className = "muted small";
      kind.textContent = title;
      option.id = `offer-${number}`;
      option.dataset.query = query;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(name, " ", kind);
      return option;
    }));
    close();
    if (!offers.length || document.activeElement !== field) return;
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    const [box, around] = [field, list.offsetParent].map((one) => one.getBoundingClientRect());
    list.style.left = `${box.left - around.left}px`;
    list.style.top = `${box.bottom - around.top}px`;
    list.style.width = `${box.width}px`;
  };

  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const text = field.value.trim();
      if (text.length < 2) return close();
      try {
        const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ q: text })}`, { signal: asked.signal });
        if (!answer.ok) return;
        const { searches, names } = await answer.json();
        show([...searches.map((one) => ({ ...one, name: one.query })), ...names]);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }, 200);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const act = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Escape: close,
      Enter: chosen() && (() => choose(chosen())),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}
