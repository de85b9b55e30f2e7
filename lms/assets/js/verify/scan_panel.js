// The panel with the camera, on the page for codes and on the offline page.

import { Camera, CameraRefused, DecoderMissing, openDetector, readPhoto } from "./scanner.js";

/** `accepts` returns whether a found text is ours, `found` gets the first one that is. */
export function openScanPanel(panel, { accepts, found }) {
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const texts = textsOf(part("texts"));
  const camera = new Camera(part("video"));
  const say = (name) => (part("say").textContent = name ? texts[name] : "");
  let detector = null;
  const detect = async () => (detector ??= await openDetector(panel.dataset.decoder));

  const show = (isRunning) => {
    part("view").hidden = part("stop").hidden = !isRunning;
    part("start").hidden = isRunning;
  };
  const stop = () => {
    camera.stop();
    show(false);
  };
  const agree = (text) => {
    const isOurs = accepts(text);
    if (!isOurs) say("not-ours");
    return isOurs;
  };
  const tell = (fault) => {
    stop();
    if (fault instanceof CameraRefused) say(fault.message);
    else if (fault instanceof DecoderMissing) say("no-decoder");
    else throw fault;
  };

  part("start").addEventListener("click", async () => {
    try {
      say("starting");
      await camera.start();
      show(true);
      say("aim");
      const text = await camera.read(await detect(), agree);
      if (text === null) return;
      say("found");
      stop();
      found(text);
    } catch (fault) {
      tell(fault);
    }
  });
  part("stop").addEventListener("click", () => {
    stop();
    say("");
  });
  part("photo").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    stop();
    try {
      say("looking");
      const text = await readPhoto(file, await detect());
      if (text === null) say("no-square");
      else if (agree(text)) {
        say("found");
        found(text);
      }
    } catch (fault) {
      if (fault instanceof TypeError) say("not-an-image");
      else tell(fault);
    } finally {
      target.value = "";
    }
  });
  addEventListener("pagehide", stop);
  panel.hidden = false;
  return { say };
}

/** The texts of a template by their names. */
export function textsOf(template) {
  return Object.fromEntries(
    [...template.content.querySelectorAll("[data-text]")].map((span) => [span.dataset.text, span.textContent]),
  );
}
