// A form with data-quick is filled in without the mouse: Ctrl+Enter sends it, a figure chooses within a group of choices.
// data-quick="name" also keeps its words for this tab until they are sent.
import { putBack, say, words } from "../form.js";

const keyOf = (form) => `quick:${form.dataset.quick}`;

function keep(form) {
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(words(form)));
  } catch {
    // no storage in this browser mode: the page works without
  }
}

function bring(form) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)));
    if (kept && !form.querySelector("[aria-invalid]") && putBack(form, kept)) say("上次没记完的内容已放回。", "info");
  } catch {
    // nothing was kept
  }
}

const quick = (event) => event.target instanceof Element && event.target.closest("form[data-quick]");

function press(event) {
  const form = quick(event);
  if (!form || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit].btn-primary"));
  } else if (event.target.type === "radio" && /^[1-9]$/.test(event.key)) {
    const choice = event.target.closest("fieldset").querySelectorAll("input[type=radio]")[event.key - 1];
    choice?.focus();
    choice?.click();
  }
}

export function quickForms() {
  document.addEventListener("keydown", press);
  for (const form of document.querySelectorAll("form[data-quick]:not([data-quick=''])")) {
    bring(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
    form.addEventListener("submit", () => sessionStorage.removeItem(keyOf(form)));
  }
}
