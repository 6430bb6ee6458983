// JavaScript and XML of the addons; the same settings as Odoo's community addons use.
export default {
    bracketSpacing: true,
    printWidth: 100,
    proseWrap: "always",
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
    xmlSelfClosingSpace: true,
    plugins: ["@prettier/plugin-xml"],
};
