// A field with data-suggest="/address/" offers names from the second character on: arrows choose, Enter or Tab takes.
// What was taken fills the fields named in the option's data-fill-…, where nothing is typed yet, and moves on.
const FROM = 2; // characters
const PAUSE = 120; // milliseconds between the last key and the question
let timer = 0;

function listOf(field) {
  let list = document.getElementById(field.getAttribute("aria-controls"));
  if (list) return list;
  list = Object.assign(document.createElement("ul"), { id: `${field.id}-names`, className: "suggest", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "名册");
  field.after(list);
  field.parentElement.classList.add("has-suggest");
  for (const [name, value] of [["role", "combobox"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["autocomplete", "off"]]) field.setAttribute(name, value);
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    take(field, option);
  });
  return list;
}

function close(field) {
  listOf(field).hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function point(field, option) {
  for (const one of listOf(field).children) one.setAttribute("aria-selected", one === option);
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

async function ask(field) {
  const list = listOf(field);
  const words = field.value.trim();
  if (words.length < FROM) return close(field);
  try {
    const response = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(words)}`, { headers: { Accept: "text/html" } });
    if (!response.ok || field.value.trim() !== words) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    list.replaceChildren(...page.querySelectorAll("[role=option]"));
  } catch {
    return close(field); // no net: the name is typed as it is
  }
  if (!list.children.length || document.activeElement !== field) return close(field);
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  point(field, list.children[0]);
}

/** Put the name in, and what is known of it where nothing was typed or an earlier name had filled it. */
function take(field, option) {
  field.value = option.dataset.name;
  for (const [key, value] of Object.entries(option.dataset)) {
    const other = key.startsWith("fill") && field.form.elements[key.slice(4).replace(/[A-Z]/g, (sign, place) => `${place ? "_" : ""}${sign.toLowerCase()}`)];
    if (!other || (other.value && other.value !== other.dataset.filled)) continue;
    other.value = other.dataset.filled = value;
  }
  close(field);
  field.dispatchEvent(new Event("change", { bubbles: true }));
  const next = field.form.elements[field.dataset.then];
  if (next && !next.value) next.focus();
}

function keys(event, field) {
  const list = listOf(field);
  if (list.hidden || event.isComposing) return;
  const all = [...list.children];
  const here = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") point(field, all[(here + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || (event.key === "Tab" && !event.shiftKey)) take(field, all[here]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

const suggests = (event) => event.target instanceof Element && event.target.matches("[data-suggest]") && event.target;

export function suggestNames() {
  document.addEventListener("input", (event) => {
    const field = suggests(event);
    if (!field || event.isComposing) return;
    listOf(field);
    clearTimeout(timer);
    timer = setTimeout(() => ask(field), PAUSE);
  });
  document.addEventListener("compositionend", (event) => suggests(event) && ask(event.target));
  document.addEventListener("keydown", (event) => suggests(event) && keys(event, event.target), true);
  document.addEventListener("focusout", (event) => suggests(event) && setTimeout(() => close(event.target), 100));
}
