/** What every module of the page draws with: Preact, its hooks, signals, and `html`, which makes elements of a template. */
import htm from "htm";
import { h } from "preact";

export { Fragment, render } from "preact";
export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
export { computed, effect, signal, useComputed, useSignal } from "@preact/signals";

/** Makes Preact elements; what is put in is text, never markup. */
export const html = htm.bind(h);
