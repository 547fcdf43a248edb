/** What eslint looks for in the page's modules: what is wrong, not what is ugly; names of the browser are known to it. */

const BROWSER = [
  "AbortController", "AbortSignal", "Blob", "CSS", "Event", "File", "HTMLElement", "Location", "MutationObserver", "ResizeObserver",
  "Response", "TextDecoder", "URL", "URLSearchParams", "addEventListener", "cancelAnimationFrame", "clearInterval",
  "clearTimeout", "console", "document", "fetch", "getComputedStyle", "history", "innerHeight", "innerWidth", "localStorage",
  "location", "matchMedia", "navigator", "performance", "queueMicrotask", "removeEventListener", "requestAnimationFrame",
  "scrollTo", "sessionStorage", "setInterval", "setTimeout", "structuredClone", "window",
];

export default [
  {
    files: ["web/modules/**/*.js"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])),
    },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      "default-case-last": "error",
      eqeqeq: "error",
      "no-alert": "error",
      "no-console": "error",
      "no-control-regex": "error",
      "no-dupe-keys": "error",
      "no-empty": "error",
      "no-eval": "error",
      "no-fallthrough": "error",
      "no-implied-eval": "error",
      "no-loss-of-precision": "error",
      "no-new-func": "error",
      "no-prototype-builtins": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true }],
      "no-unused-vars": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-useless-escape": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-object-has-own": "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
          property,
          message: "What hosts and tags say goes in as text, never as markup.",
        })),
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "Property[key.name='dangerouslySetInnerHTML']",
          message: "What hosts and tags say goes in as text, never as markup.",
        },
      ],
    },
  },
];
