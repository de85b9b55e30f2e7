// Rules that find defects. How code looks is not their subject.

import globals from "globals";

const rules = Object.fromEntries(
  [
    "array-callback-return", "constructor-super", "eqeqeq", "for-direction", "getter-return", "no-async-promise-executor",
    "no-case-declarations", "no-class-assign", "no-compare-neg-zero", "no-cond-assign", "no-const-assign", "no-constant-binary-expression",
    "no-constant-condition", "no-constructor-return", "no-dupe-args", "no-dupe-class-members", "no-dupe-else-if", "no-dupe-keys",
    "no-duplicate-case", "no-duplicate-imports", "no-empty-pattern", "no-eval", "no-ex-assign", "no-fallthrough", "no-func-assign",
    "no-global-assign", "no-implied-eval", "no-import-assign", "no-invalid-regexp", "no-irregular-whitespace", "no-loss-of-precision",
    "no-misleading-character-class", "no-new-native-nonconstructor", "no-obj-calls", "no-octal", "no-prototype-builtins", "no-redeclare",
    "no-script-url", "no-self-assign", "no-self-compare", "no-setter-return", "no-shadow-restricted-names", "no-sparse-arrays",
    "no-template-curly-in-string", "no-this-before-super", "no-throw-literal", "no-undef", "no-unmodified-loop-condition",
    "no-unreachable", "no-unreachable-loop", "no-unsafe-finally", "no-unsafe-negation", "no-unsafe-optional-chaining",
    "no-unused-private-class-members", "no-useless-backreference", "no-var", "prefer-promise-reject-errors", "use-isnan", "valid-typeof",
  ].map((name) => [name, "error"]),
);

export default [
  { ignores: ["lms/static/**", "node_modules/**", "scripts/crawl/node_modules/**", "templates/**", "var/**", ".venv/**"] },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...rules,
      "no-unused-vars": ["error", { args: "after-used", ignoreRestSiblings: true, argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" }],
    },
  },
  {
    files: ["lms/assets/**"],
    languageOptions: { globals: globals.browser },
    rules: {
      // Text from people becomes text, never markup.
      "no-restricted-properties": ["error", ...["innerHTML", "outerHTML", "insertAdjacentHTML", "write"].map((property) => ({ property, ...(property === "write" && { object: "document" }) }))],
    },
  },
  { files: ["scripts/**", "tests/**", "eslint.config.js"], languageOptions: { globals: globals.node } },
];
