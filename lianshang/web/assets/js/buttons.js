// Buttons that only a script can serve: hidden until it is here.
import { say } from "./form.js";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // plain http has no clipboard: the old way
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "sr" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("已复制。", "success");
}

export function printing(root = document) {
  for (const button of root.querySelectorAll("button[data-print], button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => ("print" in button.dataset ? print() : copy(button.dataset.copy)));
  }
}
