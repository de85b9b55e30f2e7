// The keyboard of the editor, by the place of a key: an Arabic layout has other letters on it.

const WITH_ALT = {
  KeyK: "toggle",
  KeyJ: "back",
  KeyL: "forward",
  KeyP: "playCue",
  BracketLeft: "setStart",
  BracketRight: "setEnd",
  KeyX: "split",
  KeyM: "join",
  KeyN: "insert",
  Delete: "remove",
  ArrowUp: "previous",
  ArrowDown: "next",
  KeyR: "find",
};

/** The name of the act a key press asks for, or null. */
export function actOf(event) {
  if (event.isComposing) return null;
  const isMain = event.ctrlKey || event.metaKey;
  if (event.altKey && !isMain) return WITH_ALT[event.code] ?? null;
  if (!isMain || event.altKey) return null;
  if (event.code === "KeyZ") return event.shiftKey ? "redo" : "undo";
  if (event.code === "KeyY") return "redo";
  if (event.code === "KeyS") return "save";
  return null;
}
