/** Starts the page: token, theme, language, then the shell. */
import { html, render } from "./base.js";
import { Shell } from "./shell.js";
import { takeToken } from "./storage.js";
import { speakFirst } from "./texts.js";
import { dressFirst } from "./theme.js";

takeToken(location, history);
dressFirst();
await speakFirst();
render(html`<${Shell} />`, /** @type {HTMLElement} */ (document.getElementById("console")));
