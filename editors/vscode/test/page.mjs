// What a person sees and does on the page of a workbench.

/** Waits for an element with a text; as long as the page waits for anything, if nothing is said. */
export function seen(page, selector, hasText, timeout = undefined) {
  return page.locator(selector, { hasText }).first().waitFor({ timeout });
}

/** Runs a command by its title, from the list of all commands. */
export async function command(page, title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input[type=text]").fill(`>${title}`);
  await seen(page, ".quick-input-list .monaco-list-row", title);
  await page.keyboard.press("Enter");
}

/** The shares in the status bar. */
export function share(page) {
  return page.locator("#port-lsp\\.port-lsp\\.portLsp\\.share");
}

/** Opens the list of messages: a toast goes after some seconds. */
export async function showNotifications(page) {
  await page.locator("#status\\.notifications").click();
}

/** Has the plan show items of some statuses alone, where it shows those of all. */
export async function filterPlan(page, words) {
  await command(page, "Port Plan: Filter by Status");
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await seen(page, ".quick-input-list .monaco-list-row", "drifted");
  for (const row of await rows.all()) {
    const word = await row.locator(".label-name").innerText();
    await (words.includes(word) ? undefined : row.locator(".label-name").click());
  }
  await page.keyboard.press("Enter");
}

/** Opens the view Port plan and gives its rows, as `label: description`. */
export async function planRows(page) {
  await share(page).click();
  const rows = page.locator(".pane-body .monaco-list-row");
  await rows.first().waitFor();
  const read = (all) =>
    all
      .map((row) => {
        const text = (part) => row.querySelector(part)?.textContent ?? "";
        const said = `${text(".label-name")}: ${text(".label-description")}`;
        return { index: Number(row.dataset.index), said };
      })
      .sort((one, other) => one.index - other.index)
      .map(({ said }) => said);
  return await rows.evaluateAll(read);
}
