// Adds to a request for a call what only the browser knows, in the list that its sender reads. The form works without it.

/** @type {{ connection?: { effectiveType?: string } }} */
const browser = navigator;
const found = {
  screen: `${innerWidth}×${innerHeight}`,
  connection: browser.connection?.effectiveType,
};
for (const [name, value] of Object.entries(found)) {
  const field = /** @type {HTMLInputElement} */ (document.querySelector(`[data-found="${name}"]`));
  const lines = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-shown="${name}"]`));
  if (!value || !field) continue;
  field.value = value;
  for (const line of lines) {
    line.hidden = false;
    if (line.localName === "dd") line.textContent = value;
  }
}
