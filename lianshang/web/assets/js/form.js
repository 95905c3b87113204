// A form as this page knows it: once only, its words as plain values, sent by fetch.
import { keep, kept } from "./memory.js";

const SECRET = /^(csrfmiddlewaretoken|password|.*_password|proof)$/;

/** The fields whose words may be kept: no files, no secrets, nothing marked data-private. */
function keepable(form) {
  return [...form.elements].filter(
    (field) => field.name && !SECRET.test(field.name) && !["file", "password", "submit", "button", "reset"].includes(field.type) && !("private" in field.dataset),
  );
}

/** Where a form goes and how; read from its attributes, which no field called `action` or `method` can hide. */
export const methodOf = (form) => (form.getAttribute("method") || "get").toLowerCase();
export const addressOf = (form) => {
  const { pathname, search } = new URL(form.getAttribute("action") || location.href, location.href);
  return pathname + search;
};

/** Pairs of name and value, in order. */
export function words(form) {
  return keepable(form)
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .flatMap((field) =>
      field.multiple ? [...field.selectedOptions].map((option) => [field.name, option.value]) : [[field.name, field.value]],
    );
}

/** Put words back where the page has nothing typed yet. True if something visible came back. */
export function putBack(form, pairs) {
  let visible = false;
  for (const field of keepable(form)) {
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (!values.length) continue;
    const before = field.checked ?? field.value;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else if (field.type === "hidden") {
      if (field.name === "idempotency_key") field.value = values[0];
      continue;
    } else if (field.multiple) {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else if (!field.value || field.tagName === "SELECT") {
      field.value = values[0];
    }
    const changed = field.type === "checkbox" || field.type === "radio" ? field.checked && !before : field.value !== before;
    if (changed) field.closest("details")?.setAttribute("open", "");
    visible ||= changed;
  }
  return visible;
}

export function lock(form, submitter) {
  form.dataset.sending = "";
  for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) button.setAttribute("aria-disabled", "true");
  if (submitter?.tagName === "BUTTON" && submitter.dataset.wait) [submitter.dataset.label, submitter.textContent] = [submitter.textContent, submitter.dataset.wait];
}

export function unlock(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}

/**
 * Send the form. {to, said} where the server sends us on, and what that page said, for it says it once; {page} where it shows the page again, {lost} where nothing arrived,
 * {failed: status} where the server could not say.
 */
export async function send(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  let response;
  try {
    response = await fetch(addressOf(form), { method: methodOf(form).toUpperCase(), body: data, credentials: "same-origin", headers: { Accept: "text/html" } });
  } catch {
    return { lost: true };
  }
  if (response.status >= 500 || response.status === 403 || response.status === 413) return { failed: response.status };
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (response.redirected) return { to: response.url, said: page.querySelector("#banner [role=status]")?.textContent.trim() };
  return { page, status: response.status };
}

/** Show a sentence above the page, in the place that screen readers watch. */
export function say(sentence, kind = "info") {
  const banner = document.getElementById("banner");
  const words = document.createElement("p");
  words.className = `notice notice-${kind}`;
  words.textContent = sentence;
  banner.replaceChildren(words);
  words.scrollIntoView({ block: "nearest" });
  return words;
}

const CARRIED = "said"; // a sentence that was said to this script alone, for the page that is opened next

/** Go to a page that was fetched already, and say there what it said. */
export function follow({ to, said }) {
  if (said) keep(CARRIED, said);
  location.assign(to);
}

export function sayCarried() {
  const said = kept(CARRIED);
  keep(CARRIED, null);
  if (said) say(said, "success");
}
