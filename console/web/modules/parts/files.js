/** Files of a run or a sweep: opened by a link that works once, so that no address of one is ever kept. */
import { post } from "../api.js";
import { html, useState } from "../base.js";
import { size } from "../formats.js";
import { has, language, t } from "../texts.js";
import { Icon } from "./icon.js";
import { Problem } from "./problem.js";

/**
 * Open a file beside the console, or download it.
 * @param {string} linkPath Where the server makes links of.
 * @param {string} name
 */
export async function openFile(linkPath, name) {
  const { url } = await post(linkPath);
  const link = document.createElement("a");
  link.href = url;
  link.rel = "noopener";
  if (name.endsWith(".html")) link.target = "_blank";
  else link.download = name;
  link.click();
}

/**
 * @param {{ files: { name: string, bytes: number }[], linkPath: (name: string) => string }} props
 */
export function Files({ files, linkPath }) {
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null));
  /** @param {string} name */
  function open(name) {
    setProblem(null);
    openFile(linkPath(name), name).catch(setProblem);
  }
  return html`${problem && html`<${Problem} problem=${problem} />`}
    <ul class="files">
      ${files.map(
        ({ name, bytes }) => html`<li key=${name}>
          <button class="file" onClick=${() => open(name)}>
            <${Icon} name=${name.endsWith(".html") ? "open" : "down"} />
            <span class="file-name">${name}</span>
            <span class="file-text soft">${has(`file.${name}`) && t(`file.${name}`)}</span>
            <span class="file-size soft">${size(bytes, language())}</span>
          </button>
        </li>`,
      )}
    </ul>`;
}
