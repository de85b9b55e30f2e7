// Single keys act while the focus is in the player, and nowhere else on the page (WCAG 2.1.4).

const STEP = 5;
const LEAP = 10;

export function listenToKeys(root, player) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && player.menus.open) {
      player.menus.close();
      event.preventDefault();
      return;
    }
    const act = actOf(event, player);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actOf(event, player) {
  const { target } = event;
  const isSlider = target.matches("[data-seek]");
  if (target.matches("input, select, textarea") && !isSlider) return null;
  const isButton = target.closest("button") !== null;
  const key = layoutFree(event);
  // Arrows follow the direction of the seek bar: towards its end is forward.
  const onwards = getComputedStyle(player.root).direction === "rtl" ? -1 : 1;
  if (/^[0-9]$/.test(key)) return () => player.go((player.seconds * Number(key)) / 10);
  const acts = {
    " ": isButton ? null : () => player.toggle(),
    k: () => player.toggle(),
    j: () => player.leap(-LEAP),
    l: () => player.leap(LEAP),
    ArrowLeft: () => player.leap(-STEP * onwards),
    ArrowRight: () => player.leap(STEP * onwards),
    ArrowUp: () => player.dials.turnVolume(0.1),
    ArrowDown: () => player.dials.turnVolume(-0.1),
    Home: isSlider ? () => player.go(0) : null,
    End: isSlider ? () => player.go(player.seconds) : null,
    PageUp: isSlider ? () => player.leap(60) : null,
    PageDown: isSlider ? () => player.leap(-60) : null,
    m: () => player.dials.toggleMute(),
    c: () => player.toggleCaptions(),
    f: () => player.toggleFullscreen(),
    t: () => player.transcript.toggle(),
    s: () => player.nextSound(),
    "<": () => player.dials.stepSpeed(-1),
    ">": () => player.dials.stepSpeed(1),
    "?": () => player.openHelp(),
  };
  // In the transcript, arrows scroll.
  if (key.startsWith("Arrow") && target.closest("[data-transcript], .player__menu")) return null;
  return acts[key] ?? null;
}

/** Letters by `KeyboardEvent.code`: an Arabic layout has no k. */
function layoutFree(event) {
  const letter = event.code.match(/^Key([A-Z])$/)?.[1].toLowerCase();
  const digit = event.code.match(/^(?:Digit|Numpad)(\d)$/)?.[1];
  if (letter && !event.shiftKey) return letter;
  if (digit && !event.shiftKey) return digit;
  if (event.shiftKey && event.code === "Comma") return "<";
  if (event.shiftKey && event.code === "Period") return ">";
  if (event.shiftKey && event.code === "Slash") return "?";
  return event.key === "؟" ? "?" : event.key;
}
