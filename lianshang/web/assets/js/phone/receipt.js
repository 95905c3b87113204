// The receipt as a picture: the lines of the page drawn on a canvas, shown to be kept by a long press, and downloaded.
const WIDTH = 750; // pixels; two to a point of a common phone
const MARGIN = 56;
const SIZES = { large: 64, small: 26 }; // pixels; 34 otherwise

function wrapped(pen, text, room) {
  const lines = [""];
  for (const sign of text) {
    if (pen.measureText(lines[lines.length - 1] + sign).width > room) lines.push("");
    lines[lines.length - 1] += sign;
  }
  return lines;
}

/** What to draw, top to bottom: {y, size, text} or {y, picture}; and the height. */
function layout(pen, parts, font) {
  let y = MARGIN;
  const drawn = [];
  for (const part of parts) {
    if (part.tagName === "IMG") {
      drawn.push({ y, picture: part });
      y += 320 + 24;
      continue;
    }
    const size = SIZES[part.dataset.line] || 34;
    pen.font = `${part.dataset.line === "large" ? 600 : 400} ${size}px ${font}`;
    for (const text of wrapped(pen, part.textContent.replace(/\s+/g, " ").trim(), WIDTH - 2 * MARGIN)) {
      drawn.push({ y: y + size, text, font: pen.font, soft: part.dataset.line === "small" });
      y += size * 1.5;
    }
    y += 12;
  }
  return { drawn, height: Math.ceil(y + MARGIN) };
}

function picture(parts) {
  const style = getComputedStyle(document.documentElement);
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: 10 });
  const pen = canvas.getContext("2d");
  const { drawn, height } = layout(pen, parts, getComputedStyle(document.body).fontFamily);
  canvas.height = height;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, height);
  pen.fillStyle = style.getPropertyValue("--cinnabar");
  pen.fillRect(0, 0, WIDTH, 12);
  for (const part of drawn) {
    if (part.picture) {
      pen.drawImage(part.picture, MARGIN, part.y, 320, 320);
      continue;
    }
    pen.font = part.font;
    pen.fillStyle = style.getPropertyValue(part.soft ? "--ink-faint" : "--ink");
    pen.fillText(part.text, MARGIN, part.y);
  }
  return canvas.toDataURL("image/png");
}

function show(button, source) {
  const name = `回执-${document.querySelector("[data-line=large]")?.textContent.trim() || "链上"}.png`;
  const image = Object.assign(document.createElement("img"), { src: source, alt: "回执图片", width: WIDTH / 2.5, className: "receipt-image" });
  const words = Object.assign(document.createElement("p"), { className: "muted", textContent: "长按图片可以保存到相册。" });
  button.after(words, image);
  button.hidden = true;
  Object.assign(document.createElement("a"), { href: source, download: name }).click();
}

export function savePictures(root = document) {
  for (const button of root.querySelectorAll("button[data-save-image]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const parts = [...document.querySelector(button.dataset.saveImage).querySelectorAll("[data-line]")];
      show(button, picture(parts));
    });
  }
}
