// Starts the widgets of Wagtail that say what they are in a <template data-starts>, wherever one comes into the page: the policy
// of the workplace allows no script inside a page.

// The picker writes the hour of now over what it cannot read, when the box is left. What was typed is the server's to judge.
if (window.jQuery?.fn.datetimepicker) window.jQuery.fn.datetimepicker.defaults.validateOnBlur = false;

// Of Wagtail's own only: a piece of markup that somebody brought into a page must not call whatever it likes.
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

// As soon as the parser has read it, like the script that it is in place of, and wherever one comes in later. Not at the end of
// the page: Wagtail's menus take their buttons out of the page there, and a chooser started after them finds no button to hear.
startAll(document);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes)
    for (const node of addedNodes)
      if (node instanceof HTMLTemplateElement && node.dataset.starts) start(node);
      else if (node instanceof Element) startAll(node);
}).observe(document.documentElement, { childList: true, subtree: true });
