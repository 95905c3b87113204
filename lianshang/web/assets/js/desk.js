import htmx from "htmx.org";
import { printing } from "./buttons.js";
import { countChosen } from "./desk/chosen.js";
import { dialogs } from "./desk/dialog.js";
import { keys } from "./desk/keys.js";
import { sayCarried } from "./form.js";
import { guardForms } from "./guard.js";

window.htmx = htmx;
countChosen();
dialogs();
keys();
printing();
guardForms();
sayCarried();
