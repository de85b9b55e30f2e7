// Starts Wagtail's widgets from <template data-starts>, also those added later: the content security policy forbids inline
// scripts.

// The picker replaces input that it cannot parse with the current time on blur. The server validates what was typed.
if (window.jQuery?.fn.datetimepicker) window.jQuery.fn.datetimepicker.defaults.validateOnBlur = false;

// Only Wagtail's own widgets: injected markup must not call arbitrary functions.
const KNOWN = /^(?:new )?(?:\w*Chooser|InlinePanel|MultipleChooserPanel)$/;

/** @param {HTMLTemplateElement} template */
function start(template) {
  if (!template.isConnected || template.hasAttribute("data-started")) return;
  template.setAttribute("data-started", "");
  const call = template.dataset.starts ?? "";
  if (!KNOWN.test(call)) throw new Error(`${call} is not started from a page`);
  const words = JSON.parse(template.dataset.arguments ?? "[]");
  /** @type {any} */
  const widgets = window;
  if (call.startsWith("new ")) new widgets[call.slice(4)](...words);
  else widgets[call](...words);
}

/** @param {Element | Document} place */
function startAll(place) {
  place.querySelectorAll("template[data-starts]").forEach(start);
}

// As soon as the parser has read it, as an inline script would, and when one is added later. Not at the end of the page:
// Wagtail's menus move their buttons there, and a chooser started after that finds no button.
startAll(document);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes)
    for (const node of addedNodes)
      if (node instanceof HTMLTemplateElement && node.dataset.starts) start(node);
      else if (node instanceof Element) startAll(node);
}).observe(document.documentElement, { childList: true, subtree: true });
