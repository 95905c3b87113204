// A little work instead of a picture puzzle: n such that SHA-256("challenge:n") opens with so many zero bits.
// Plain http in a local network has no crypto.subtle, hence a hash of our own; small chunks keep the page quick.
import { sha256 } from "@noble/hashes/sha2.js";

const CHUNK = 12; // milliseconds of work between two breaths

function zeroBits(bytes) {
  let bits = 0;
  for (const byte of bytes) {
    if (byte) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

const encode = (text) => new TextEncoder().encode(text);

/** Resolves to the smallest n as a decimal text. */
export function prove(challenge, bits) {
  return new Promise((resolve) => {
    let n = 0;
    const work = () => {
      const until = performance.now() + CHUNK;
      while (performance.now() < until) {
        for (let i = 0; i < 64; i++, n++) if (zeroBits(sha256(encode(`${challenge}:${n}`))) >= bits) return resolve(String(n));
      }
      setTimeout(work);
    };
    work();
  });
}

const underWay = new WeakMap();

/** A form without a draft that was sent before its work is done waits for it; a draft sees to that itself. */
function hold(form, field) {
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("[type=submit]");
    proven(form).then(() => button.click());
  });
}

/** Begin the work of each form; it is done long before the words are typed. */
export function startProofs(root = document) {
  for (const form of root.querySelectorAll("form[data-proof]")) {
    const field = form.elements.namedItem("proof");
    if (!field || field.value) continue;
    underWay.set(form, prove(form.dataset.proof, Number(form.dataset.proofBits)).then((n) => (field.value = n)));
    if (!("draft" in form.dataset)) hold(form, field);
  }
}

export const proven = (form) => underWay.get(form) ?? Promise.resolve();
