// The words stay on this phone until the server has them; a lost connection is waited out, the same key is sent again.
// A form with an empty data-draft (a complaint) leaves nothing on the phone and is sent in the same way.
import { lock, putBack, say, send, unlock, words } from "../form.js";
import { proven } from "./proof.js";

const AGAIN = 15000; // milliseconds between two tries
const KEEP = 7 * 24 * 3600 * 1000; // milliseconds that a draft lives on a phone that others may hold

const keyOf = (form) => `draft:${form.dataset.draft}`;

function load(form) {
  if (!form.dataset.draft) return null;
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(form)));
    if (draft && Date.now() - draft.at < KEEP) return draft;
    localStorage.removeItem(keyOf(form));
  } catch {
    // no storage in this browser mode: the page works without
  }
  return null;
}

function save(form, unsent = false) {
  if (!form.dataset.draft) return;
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), words: words(form), unsent }));
  } catch {
    // full or forbidden: the page works without
  }
}

function forget(form) {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // nothing was kept
  }
}

const FAILED = { 403: "页面放得太久，没有收下。内容都在，请刷新后再提交。", 413: "附件太大，没有收下。请减少照片再提交，已填内容都在。" };

function showAgain(form, page) {
  const fresh = page.getElementById("main");
  if (!fresh || page.body.hasAttribute("data-refused")) {
    const sentence = page.querySelector("[role=alert]")?.textContent.trim();
    say(sentence || "没有办成。内容都在，请再试一次。", "late");
    unlock(form);
    return;
  }
  document.getElementById("main").replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new Event("page:fresh"));
  document.querySelector("[role=alert], [aria-invalid]")?.scrollIntoView({ block: "center" });
}

async function attempt(form, submitter) {
  save(form, true);
  lock(form, submitter);
  await proven(form);
  const answer = await send(form, submitter);
  if (answer.to) {
    forget(form);
    location.assign(answer.to);
  } else if (answer.lost) {
    waitForNet(form, submitter);
  } else if (answer.page) {
    save(form);
    showAgain(form, answer.page);
  } else {
    save(form);
    unlock(form);
    say(FAILED[answer.failed] || "没有收下，是我们这边出了错。内容都在，请过一会儿再提交。", "late");
  }
}

/** Try again when the net is back, and every so often, until somebody changes the words. */
function waitForNet(form, submitter) {
  const kept = form.dataset.draft && !form.querySelector("input[type=file]")?.files.length;
  say(`没有网络，还没有发出。连上以后会自动再发，${kept ? "填写的内容已存在这部手机上" : "请不要离开这一页"}。`, "warning");
  unlock(form);
  form.dataset.waiting = "";
  const again = () => {
    clearTimeout(timer);
    removeEventListener("online", again);
    if ("waiting" in form.dataset && form.isConnected) {
      delete form.dataset.waiting;
      attempt(form, submitter);
    }
  };
  const timer = setTimeout(again, AGAIN);
  addEventListener("online", again);
}

function restore(form) {
  const draft = load(form);
  if (!draft || form.querySelector("[aria-invalid]") || !putBack(form, draft.words)) return;
  const note = say(draft.unsent ? "上次没有发出，内容已放回。请看一遍再提交。" : "上次没填完的内容已放回。", "info");
  const clear = document.createElement("button");
  Object.assign(clear, { type: "button", className: "btn btn-quiet", textContent: "清空重填" });
  clear.addEventListener("click", () => {
    forget(form);
    location.reload();
  });
  note.append(" ", clear);
}

export function keepDrafts(root = document) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    restore(form);
    let timer = 0;
    const settle = () => {
      clearTimeout(timer);
      timer = 0;
    };
    form.addEventListener("input", () => {
      if ("waiting" in form.dataset) say("内容有改动，改好后请再提交。", "warning");
      delete form.dataset.waiting;
      settle();
      timer = setTimeout(() => {
        timer = 0;
        save(form);
      }, 300);
    });
    addEventListener("pagehide", () => timer && form.isConnected && save(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if ("sending" in form.dataset) return;
      settle();
      delete form.dataset.waiting;
      attempt(form, event.submitter);
    });
  }
}
