// A link with data-dialog opens the form of its page here; the page itself serves those without scripts.
import { follow, lock, methodOf, say, send, unlock } from "../form.js";

const left = new Map(); // by address: the heading and the parts of a form that was closed half filled in
let [coming, address, isTouched] = [null, "", false];

const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
const title = document.getElementById("dialog-title");

/** A promise while a form is on its way, else null. */
export const opening = () => coming;

export function present(heading, parts) {
  title.textContent = heading;
  body.replaceChildren(...parts);
  if (!dialog.open) dialog.showModal();
  const first = body.querySelector("[aria-invalid], [autofocus]") ?? body.querySelector("textarea, select, input:not([type=hidden])") ?? body.querySelector(".btn-primary");
  (first?.type === "radio" ? (first.closest("fieldset").querySelector(":checked") ?? first) : first)?.focus();
}

/** Show the sheet of a fetched page; its heading becomes the dialog's. False if it has none. */
function show(page, from) {
  const sheet = page.querySelector(".sheet") || page.querySelector("main form");
  if (!sheet) return false;
  const refusal = page.querySelector("#banner [role=alert]");
  const form = sheet.querySelector("form") ?? sheet;
  if (!form.getAttribute("action")) form.setAttribute("action", from);
  present(page.querySelector("h1")?.textContent.trim() ?? "", [refusal, sheet].filter(Boolean).map((part) => document.adoptNode(part)));
  window.htmx.process(body);
  return true;
}

async function open(link) {
  address = link.href;
  isTouched = left.has(address);
  if (isTouched) return present(...left.get(address));
  try {
    const response = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok && !response.redirected && show(page, link.href)) return;
  } catch {
    // lost on the way: the browser will say so better than we could
  }
  location.assign(link.href);
}

async function submit(form, submitter) {
  lock(form, submitter);
  const answer = await send(form, submitter);
  if (answer.to) return follow(answer);
  unlock(form);
  const sentence = answer.page?.body.hasAttribute("data-refused") && answer.page.querySelector("[role=alert]")?.textContent.trim();
  if (!sentence && answer.page && show(answer.page, form.getAttribute("action"))) return;
  const words = say(sentence || (answer.lost ? "没有网络，还没有发出。填写的都在，连上后请再提交。" : "没有办成。填写的都在，请再试一次。"), "late");
  body.prepend(words);
}

export function dialogs() {
  if (!dialog?.showModal) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    coming ??= open(link).finally(() => (coming = null));
  });
  dialog.addEventListener("input", () => (isTouched = true));
  dialog.addEventListener("close", () => {
    if (isTouched) left.set(address, [title.textContent, [...body.childNodes]]);
    isTouched = false;
  });
  dialog.addEventListener("submit", (event) => {
    if (methodOf(event.target) === "dialog") return;
    event.preventDefault();
    event.stopPropagation();
    if (!("sending" in event.target.dataset)) submit(event.target, event.submitter);
  });
}
