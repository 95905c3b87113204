// Pictures are made small before they travel: at most 1600 px, JPEG, without place and device.
const LONGEST = 1600; // pixels
const QUALITY = 0.82;
const SMALL = 300 * 1024; // bytes; what is smaller stays, unless it is a photo with metadata

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif|bmp)$/.test(file.type) || (file.type !== "image/jpeg" && file.size < SMALL)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = drawn(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // a picture this browser cannot read goes as it is; the server looks at it
  }
}

function drawn(picture, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  return canvas;
}

async function preview(file) {
  const item = document.createElement("li");
  try {
    const picture = await createImageBitmap(file);
    const scale = 240 / Math.min(picture.width, picture.height);
    const canvas = drawn(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    item.append(canvas);
  } catch {
    item.textContent = file.name;
  }
  return item;
}

async function take(input, list) {
  const button = input.form?.querySelector("[type=submit]");
  button?.setAttribute("aria-disabled", "true");
  const files = await Promise.all([...input.files].map(smaller));
  if (typeof DataTransfer === "function") {
    const bag = new DataTransfer();
    for (const file of files) bag.items.add(file);
    input.files = bag.files;
  }
  list.replaceChildren(...(await Promise.all(files.map(preview))));
  button?.removeAttribute("aria-disabled");
}

export function shrinkPhotos(root = document) {
  for (const input of root.querySelectorAll("input[type=file][data-photos]")) {
    const list = Object.assign(document.createElement("ul"), { className: "photos" });
    input.after(list);
    input.addEventListener("change", () => take(input, list));
  }
}
