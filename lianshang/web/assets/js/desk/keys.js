// The desk by keyboard: j k next and previous, Enter opens (what is pointed at has the focus), letters press data-key, g and a letter data-go.
import { opening, present } from "./dialog.js";
import { choices, rows, visit } from "./place.js";

const GOING = 1500; // milliseconds between g and its letter
const LETTER = /^[a-z]$/;
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
let gone = 0;

function move(by) {
  const all = choices().length ? choices() : rows();
  const here = all.findIndex((one) => one.contains(document.activeElement));
  visit(all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + by))]);
}

/** The row's own key first; without one in this row, what stands outside of all rows. True if there was one. */
function press(key) {
  const here = document.activeElement.closest("[data-queue] tbody tr");
  const found = [...(document.querySelector("dialog[open]") ?? document).querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const one = found.find((each) => here?.contains(each)) ?? found.find((each) => !here || !each.closest("[data-queue] tbody tr"));
  one?.click();
  if (one?.matches("details[open] > summary")) visit(choices()[0]);
  return Boolean(one); // a box that has the focus now must not get the letter
}

const wordsOf = (one) => one.dataset.says ?? (one.querySelector("span:not(.sr)") ?? one.firstChild).textContent.trim();

function help() {
  const list = document.getElementById("keys").content.firstElementChild.cloneNode(true);
  const said = {};
  for (const one of document.querySelectorAll("[data-key], [data-go]")) (said[one.dataset.key ?? `g ${one.dataset.go}`] ??= new Set()).add(wordsOf(one));
  for (const [key, words] of Object.entries(said)) {
    const line = list.firstElementChild.cloneNode(true);
    [line.firstElementChild.textContent, line.lastElementChild.textContent] = [key, [...words].join("、")];
    list.append(line);
  }
  present("快捷键", [list]);
}

/** From the box where words are written to the words that may be put in. */
function helps(event) {
  const buttons = document.querySelectorAll("button[data-insert]");
  if (!buttons.length || event.key !== "ArrowDown" || event.target.tagName !== "TEXTAREA") return;
  event.preventDefault();
  for (const button of buttons) button.closest("details").open = true;
  visit(choices()[0]);
}

function pressed(event, target = event.target) {
  const { key } = event;
  const inDialog = target.closest("dialog[open]");
  const shortcut = !inDialog && document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  const goes = Date.now() < gone && LETTER.test(key) && !inDialog;
  gone = 0;
  if (goes) document.querySelector(`[data-go="${key}"]`)?.click();
  else if (shortcut) shortcut.focus();
  else if (key === "?" && !inDialog) help();
  else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  else if (key === "g" && !inDialog) gone = Date.now() + GOING;
  else if (/^[1-9]$/.test(key) && choices().length) return target.type !== "radio" && visit(choices()[key - 1]);
  else if (event.repeat || !/^[a-z1-9]$/.test(key) || !press(key)) return;
  event.preventDefault();
}

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing || event.keyCode === 229) return;
    if (event.altKey) return helps(event);
    const coming = LETTER.test(event.key) || event.key === "Enter" ? opening() : null;
    if (coming) event.preventDefault(); // typed ahead of the dialog: meant for it
    if (coming) coming.then(() => (event.key === "Enter" ? document.activeElement.closest("#dialog button")?.click() : pressed(event, document.activeElement)));
    else if (!event.target.closest(TYPING) && !("keyless" in document.body.dataset)) pressed(event);
  });
}
