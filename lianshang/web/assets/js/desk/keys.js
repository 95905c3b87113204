// The queue by keyboard: j k next and previous, Enter opens (the row's link has the focus), letters press the row's data-key.
const LIST = [["j / k", "下一行、上一行"], ["Enter", "打开这一行"], ["/", "搜索"], ["?", "这张表"]];

const rows = () => [...document.querySelectorAll("[data-queue] tbody tr")];
const linkOf = (row) => row.querySelector(".main a, a");

function move(by) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + by))];
  linkOf(row)?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const place = document.querySelector("dialog[open]") ?? document.activeElement.closest("tr") ?? document;
  place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
}

function help() {
  const dialog = document.getElementById("dialog");
  const own = [...document.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one.textContent.trim()]);
  const list = document.createElement("dl");
  list.className = "kv";
  for (const [key, words] of new Map([...LIST, ...own])) {
    const line = document.createElement("div");
    const [term, meaning] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = key;
    meaning.textContent = words;
    line.append(term, meaning);
    list.append(line);
  }
  document.getElementById("dialog-title").textContent = "快捷键";
  document.getElementById("dialog-body").replaceChildren(list);
  dialog.showModal();
}

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.target.closest("dialog[open]") && !/^[a-z]$/.test(event.key)) return;
    const shortcut = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (shortcut) shortcut.focus();
    else if (event.key === "?") help();
    else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (/^[a-z]$/.test(event.key)) return press(event.key);
    else return;
    event.preventDefault();
  });
}
