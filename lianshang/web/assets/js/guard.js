// Every form that writes is sent once, and what was typed outlives a refusal: kept for this tab until a page says it went well.
import { addressOf, lock, methodOf, putBack, say, unlock, words } from "./form.js";
import { keep, kept } from "./memory.js";

const KEPT = "kept"; // {page, action, words}: the one form last sent from this tab

const ours = (form) => methodOf(form) === "post" && !("draft" in form.dataset);

const remember = (form) => keep(KEPT, { page: location.pathname, action: addressOf(form), words: words(form) });

/** On a refusal the words wait for their form, and for whoever goes back without an answer; else they have served. */
function settle() {
  const last = kept(KEPT);
  if (!last || document.body.hasAttribute("data-refused")) return;
  keep(KEPT, null);
  const cameBack = ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
  const form = [...document.forms].find((one) => ours(one) && addressOf(one) === last.action);
  if (!(last.refused || cameBack) || last.page !== location.pathname || !form) return;
  if (putBack(form, last.words)) say("刚才填写的内容已放回。", "info");
}

/** A refusal marks what was kept, so that the next page knows the words were not taken. */
function mark() {
  if (document.body.hasAttribute("data-refused") && kept(KEPT)) keep(KEPT, { ...kept(KEPT), refused: true });
}

export function guardForms() {
  mark();
  settle();
  // What is missing or wrong is said by the page in its own words, not by the browser in its language.
  document.addEventListener("click", ({ target }) => target.closest("button, input")?.form?.setAttribute("novalidate", ""), true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !ours(form)) return;
    if ("sending" in form.dataset) {
      event.preventDefault();
      return;
    }
    remember(form);
    setTimeout(() => lock(form, event.submitter)); // after the browser has taken the form, button's value included
  });
  addEventListener("pageshow", (event) => event.persisted && [...document.forms].forEach(unlock));
}
