// Keyboard shortcuts of the editor, by `KeyboardEvent.code`: an Arabic layout has other letters on the keys.

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

/** The name of the act of a key press, or null. */
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
