// The rules for the addons' JavaScript and for the tools: the recommended set, and what has bitten in OWL code.
import js from "@eslint/js";
import globals from "globals";

export default [
    { ignores: ["**/static/lib/**", "node_modules/**", ".cache/**", ".run/**", "**/.venv/**"] },
    js.configs.recommended,
    {
        files: ["addons/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
        rules: {
            curly: ["error", "all"],
            eqeqeq: ["error", "always", { null: "ignore" }],
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-restricted-globals": ["error", "event", "self"],
            "no-shadow": "error",
            "no-undef": "error",
            "no-unused-vars": [
                "error",
                { args: "after-used", argsIgnorePattern: "^_", caughtErrors: "none" },
            ],
            "no-useless-rename": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": ["error", { destructuring: "all" }],
        },
    },
    {
        files: ["*.mjs", "scripts/**/*.{js,mjs}", "bench/**/*.{js,mjs}"],
        languageOptions: { ecmaVersion: 2024, globals: globals.node },
    },
];
