import { printing } from "./buttons.js";
import { showAlike } from "./phone/alike.js";
import { keepDrafts } from "./phone/draft.js";
import { shrinkPhotos } from "./phone/photos.js";
import { startProofs } from "./phone/proof.js";
import { savePictures } from "./phone/receipt.js";
import { guardForms } from "./guard.js";

function start(root) {
  startProofs(root);
  shrinkPhotos(root);
  keepDrafts(root);
  savePictures(root);
  printing(root);
  showAlike(root);
}

guardForms();
start(document);
document.addEventListener("page:fresh", () => start(document.getElementById("main")));
