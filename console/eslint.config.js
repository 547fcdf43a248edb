/** What is looked for in the page's modules and their tests; undefined names and types are tsc's to find. */
import js from "@eslint/js";

export default [
  { ignores: ["**/node_modules/**", ".venv/**", "out/**", ".emulator/**"] },
  {
    files: ["console/**/*.js", "tests/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...js.configs.recommended.rules,
      "no-undef": "off",
      eqeqeq: ["error", "always"],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-throw-literal": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text is put in as text, never as markup." },
        { property: "outerHTML", message: "Text is put in as text, never as markup." },
        { property: "insertAdjacentHTML", message: "Text is put in as text, never as markup." },
        { property: "dangerouslySetInnerHTML", message: "Text is put in as text, never as markup." },
      ],
    },
  },
];
