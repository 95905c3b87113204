// What can be pointed at, and where one was: after a step the next row of the queue has the focus, after going back the same.
import { methodOf } from "../form.js";
import { keep, kept } from "../memory.js";

const ROW = "row"; // {page, rows: addresses from the row on, done}

export const rows = () => [...document.querySelectorAll("[data-queue] tbody tr")];

/** Units, sentences, folded verbs: the lines of what is open on top. */
export const choices = () =>
  [...(document.querySelector("dialog[open]") ?? document).querySelectorAll("[data-choices] > li")].filter((one) => !one.closest("details:not([open])"));

const targetOf = (line) => line.querySelector("button[data-insert]") ?? line.querySelector(".main a, a, button");

export function visit(line) {
  if (!line) return;
  targetOf(line)?.focus();
  line.scrollIntoView({ block: "nearest" });
}

export function keepPlace() {
  const all = rows();
  const addresses = all.map((row) => targetOf(row)?.href);
  const last = kept(ROW);
  const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  document.addEventListener("submit", (event) => methodOf(event.target) === "post" && keep(ROW, { ...kept(ROW), done: true }), true);
  document.addEventListener("focusin", (event) => {
    const here = all.findIndex((row) => row.contains(event.target));
    if (here >= 0) keep(ROW, { page: location.pathname, rows: addresses.slice(here), done: false });
  });
  if (document.activeElement !== document.body) return;
  if (last?.page === location.pathname && (last.done || cameBack)) {
    const next = last.rows.slice(last.done ? 1 : 0).find((address) => addresses.includes(address));
    visit(all[next ? addresses.indexOf(next) : all.length - 1]);
  } else if (new URLSearchParams(location.search).get("q")) visit(all[0]);
}
