// WebVTT files, parsed by the browser: captions, chapters, the pictures of the storyboard.

/** The cues of a <track>, fetched at first use; empty when that fails. */
export function cuesOf(element) {
  if (element.readyState === HTMLTrackElement.LOADED) return Promise.resolve([...element.track.cues]);
  return new Promise((resolve) => {
    const settle = () => resolve([...(element.track.cues ?? [])]);
    element.addEventListener("load", settle, { once: true });
    element.addEventListener("error", settle, { once: true });
    if (element.track.mode === "disabled") element.track.mode = "hidden";
  });
}

/** A metadata track: it is not shown, its cues are read by scripts. */
export function addTrack(video, kind, src) {
  if (!src) return null;
  const element = document.createElement("track");
  element.kind = kind;
  element.src = src;
  video.append(element);
  return element;
}

export function plainText(cue) {
  return cue.getCueAsHTML().textContent.trim();
}
