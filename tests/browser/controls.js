// The design system's controls, as a person finds them: by what they are called.

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// Opens the select called `label` and takes the option whose text begins with `option`. `scope`: the page or a dialog;
// `nth`: which of several with that name.
export async function choose(scope, label, option, nth = 0) {
  await trigger(scope, label).nth(nth).click();
  await pick(scope, option);
}

// The same for a list in which several may be chosen; it stays open until Escape.
export async function chooseAll(scope, label, ...options) {
  await trigger(scope, label).first().click();
  for (const option of options) await pick(scope, option);
  await pageOf(scope).keyboard.press("Escape");
}

const trigger = (scope, label) => scope.getByLabel(label, { exact: true }).and(scope.locator('button[aria-haspopup]'));
const pageOf = (scope) => (typeof scope.page === "function" ? scope.page() : scope);
const pick = (scope, option) => pageOf(scope).getByRole("option", { name: new RegExp(`^${escaped(option)}`) }).first().click();

// An item of the menu that the button `menu` opens.
export async function act(scope, menu, item) {
  await scope.getByRole("button", { name: menu, exact: true }).click();
  await pageOf(scope).getByRole("menuitem", { name: item }).click();
}

export const textbox = (scope, name) => scope.getByRole("textbox", { name, exact: true });
export const button = (scope, name) => scope.getByRole("button", { name, exact: true });
export const dialog = (page, name) => page.getByRole("dialog", { name });
export const tab = (page, name) => page.getByRole("tab", { name }).click();

// Replaces what is in a code editor.
export async function write(scope, label, text) {
  await scope.getByRole("textbox", { name: label, exact: true }).click();
  await pageOf(scope).keyboard.press("Control+A");
  await pageOf(scope).keyboard.insertText(text);
}

// What is shown of why a button is off, with the pointer over it.
export async function whyOff(page, button, text) {
  await button.and(page.locator('[aria-disabled="true"]')).first().hover();
  await page.getByText(text).locator("visible=true").first().waitFor();
}

// A message over the page.
export const told = (page, text) => page.getByText(text).first().waitFor();

// Cells of one row of the grid of items, by the column's name.
export async function gridRow(page, label, row) {
  return page.getByRole("grid", { name: label }).evaluate((grid, wanted) => {
    const names = [...grid.querySelectorAll('[role="columnheader"]')].map((cell) => cell.textContent.trim().replace(/ [▾▴]$/, ""));
    const found = grid.querySelector(`[role="row"][aria-rowindex="${wanted + 2}"]`);
    if (!found) return null;
    const cells = [...found.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent.trim());
    return Object.fromEntries(names.map((name, at) => [name, cells[at]]).filter(([name]) => name !== ""));
  }, row);
}

// Waits until the grid says it has `count` items loaded.
export const gridHas = (page, label, count) => page.locator(`[role="grid"][aria-label="${label}"][aria-rowcount="${count + 1}"]`).waitFor();

