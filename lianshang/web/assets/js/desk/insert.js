// A button with data-insert puts its words where the cursor was in that box; data-basis fills the box for the basis.

function put(box, words) {
  const [start, end] = [box.selectionStart ?? box.value.length, box.selectionEnd ?? box.value.length];
  box.focus();
  if (document.execCommand("insertText", false, words)) return; // the old way can be undone by Ctrl+Z
  box.setRangeText(words, start, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export function insertions() {
  document.documentElement.dataset.scripted = "";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-insert]");
    const box = button && document.getElementById(button.dataset.insert);
    if (!box) return;
    put(box, button.dataset.words);
    const basis = document.getElementById("id_basis");
    if (button.dataset.basis && basis && !basis.value) put(basis, button.dataset.basis);
    box.focus();
  });
}
