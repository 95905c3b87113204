// Forms are filled in without the mouse: Ctrl+Enter sends them, a figure chooses within a group of choices.
// data-quick="name" also keeps the words for this tab until they are sent.
import { methodOf, putBack, say, words } from "../form.js";
import { keep, kept } from "../memory.js";

const keyOf = (form) => `quick:${form.dataset.quick}`;

function bring(form) {
  const last = kept(keyOf(form));
  if (last && !form.querySelector("[aria-invalid]") && putBack(form, last)) say("上次没记完的内容已放回。", "info");
}

/** A button with a name is one choice of several: the focus goes there, and nothing is sent. */
function sendBy(form, pressed) {
  const buttons = [...form.querySelectorAll("button:not([type=button], [hidden])")];
  const main = buttons.find((one) => one === pressed) ?? buttons.find((one) => one.matches(".btn-primary")) ?? buttons[0];
  if (main?.name && main !== pressed) main.focus();
  else if (main) form.requestSubmit(main);
}

function press(event) {
  if (!(event.target instanceof Element) || event.isComposing) return;
  const form = [event.target.closest("form"), document.querySelector("dialog[open] form:not([method=dialog])")].find((one) => one && methodOf(one) === "post");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    sendBy(form, event.target);
  } else if (event.target.type === "radio" && /^[1-9]$/.test(event.key)) {
    const choice = event.target.closest("fieldset")?.querySelectorAll("input[type=radio]")[event.key - 1];
    choice?.focus();
    choice?.click();
  }
}

export function quickForms() {
  document.addEventListener("keydown", press);
  for (const form of document.querySelectorAll("form[data-quick]:not([data-quick=''])")) {
    bring(form);
    for (const name of ["input", "change"]) form.addEventListener(name, () => keep(keyOf(form), words(form)));
    form.addEventListener("submit", () => keep(keyOf(form), null));
  }
}
