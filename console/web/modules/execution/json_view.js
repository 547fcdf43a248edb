/** JSON to read: folded where it is long, with a button that copies it, and marks where it differs from another. */

import { html, useMemo, useState } from "../base.js";
import { Icon } from "../parts/icon.js";
import { Inert } from "../parts/inert.js";
import { differencesOf, pathOf, readJson } from "./json_text.js";

/** @typedef {import("../texts.js").Translate} Translate */
/** @typedef {import("./json_text.js").Difference} Difference */
/** @typedef {ReadonlyMap<string, Difference>} Differences */

const LONGEST_TEXT = 600;
const MOST_MEMBERS = 60;
const OPEN_MEMBERS = 24;

/**
 * @param {object} props
 * @param {string} props.title
 * @param {string | null} props.text JSON, or any other text
 * @param {string | null} [props.before] JSON to compare it with
 * @param {boolean} [props.truncated] whether the API has cut it off
 * @param {boolean} [props.closed] folded at first
 * @param {Translate} props.t
 */
export function JsonView({ title, text, before = null, truncated = false, closed = false, t }) {
  const read = useMemo(() => readJson(text), [text]);
  const told = useMemo(() => {
    const other = readJson(before);
    return read.kind === "json" && other.kind === "json" ? differencesOf(other.value, read.value) : null;
  }, [read, before]);
  if (read.kind === "none") return null;
  const size = text?.length ?? 0;
  return html`<details class="ex-json" open=${!closed}>
    <summary><h3>${title}</h3><span class="soft">${t("execution.json.size", { count: size })}</span></summary>
    <div class="ex-json-body">
      <${Copy} text=${() => (read.kind === "json" ? JSON.stringify(read.value, null, 2) : text ?? "")} t=${t} />
      ${truncated && html`<p class="ex-note">${t("execution.json.truncated")}</p>`}
      ${read.kind === "json"
        ? html`<div class="ex-tree code"><${Value} key=${text?.slice(0, 200)} value=${read.value} path="" depth=${0} differences=${told?.differences ?? null} t=${t} /></div>`
        : html`<div class="ex-tree code"><${LongText} text=${read.text} t=${t} /></div>`}
      ${told !== null && told.removed.length > 0 && html`<p class="ex-note">${t("execution.json.removed", { names: told.removed.slice(0, 20).join(", ") })}</p>`}
    </div>
  </details>`;
}

/** @param {{text: () => string, t: Translate}} props */
export function Copy({ text, t }) {
  const [told, setTold] = useState("");
  const tell = (/** @type {string} */ key) => {
    setTold(t(key));
    setTimeout(() => setTold(""), 2000);
  };
  const copy = () => navigator.clipboard.writeText(text()).then(() => tell("copy.done"), () => tell("copy.refused"));
  return html`<button class="ex-copy" onClick=${copy}>
    <${Icon} name="copy" /><span aria-live="polite">${told || t("execution.json.copy")}</span>
  </button>`;
}

/** @param {{name?: string, isPlace?: boolean, value: unknown, path: string, depth: number, differences: Differences | null, t: Translate}} props */
function Value({ name, isPlace = false, value, path, depth, differences, t }) {
  const difference = differences?.get(path);
  const mark = difference !== undefined && html`<span class="unseen">${t(`execution.json.${difference}`)}</span>`;
  const key = name !== undefined && html`<span class=${isPlace ? "soft" : "ex-key"}>${name}</span><span class="soft">: </span>`;
  const line = `ex-line ${difference ?? ""}`;
  if (typeof value !== "object" || value === null) {
    return html`<div class=${line}>${mark}${key}<${Leaf} value=${value} t=${t} /></div>`;
  }
  return html`<${Members} line=${line} mark=${mark} name=${key} value=${value} path=${path} depth=${depth} differences=${differences} t=${t} />`;
}

/** @param {any} props */
function Members({ line, mark, name, value, path, depth, differences, t }) {
  /** @type {[string, unknown][]} */
  const members = Object.entries(value);
  const isList = Array.isArray(value);
  const [open, setOpen] = useState(depth < 1 || (depth < 4 && members.length <= OPEN_MEMBERS));
  const [most, setMost] = useState(MOST_MEMBERS);
  const [left, right] = isList ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) return html`<div class=${line}>${mark}${name}<span class="soft">${left}${right}</span></div>`;
  const count = t(isList ? "execution.json.items" : "execution.json.members", { count: members.length });
  return html`<div class=${line}>${mark}
      <button class="ex-fold" aria-expanded=${open} onClick=${() => setOpen(!open)}>
        <span class="ex-twist" aria-hidden="true"></span>${name}<span class="soft">${left}${open ? "" : ` ${count} ${right}`}</span>
      </button>
    </div>
    ${open && html`<div class="ex-inside">
        ${members.slice(0, most).map(
          ([key, one]) => html`<${Value} key=${key} name=${key} isPlace=${isList} value=${one} path=${pathOf(path, key)} depth=${depth + 1} differences=${differences} t=${t} />`,
        )}
        ${members.length > most && html`<button class="ex-more" onClick=${() => setMost(most * 4)}>${t("execution.json.more", { count: members.length - most })}</button>`}
      </div>
      <div class="ex-line soft">${right}</div>`}`;
}

/** @param {{value: unknown, t: Translate}} props */
function Leaf({ value, t }) {
  if (typeof value === "string") return html`<span class="ex-string">"<${LongText} text=${JSON.stringify(value).slice(1, -1)} t=${t} />"</span>`;
  return html`<span class=${value === null ? "soft" : "ex-number"}>${String(value)}</span>`;
}

/** @param {{text: string, t: Translate}} props */
export function LongText({ text, t }) {
  const [most, setMost] = useState(LONGEST_TEXT);
  if (text.length <= most) return html`<${Inert} text=${text} />`;
  return html`<${Inert} text=${text.slice(0, most)} /><button class="ex-more" onClick=${() => setMost(most * 20)}>${t("execution.json.letters", { count: text.length - most })}</button>`;
}
