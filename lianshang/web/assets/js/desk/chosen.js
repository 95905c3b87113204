// A folded group of boxes says in its summary how many are chosen.

export function countChosen() {
  document.addEventListener("change", (event) => {
    const fold = event.target.closest("details");
    const place = fold?.querySelector("[data-chosen]");
    if (!place) return;
    const count = fold.querySelectorAll(":checked").length;
    place.textContent = count ? `已选 ${count} 个` : "";
  });
}
