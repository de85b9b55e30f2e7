// WebVTT files that the browser reads for us: captions, chapters, the pictures of the storyboard.

/** The cues of a <track>, fetched when first asked for; empty when it cannot be had. */
export function cuesOf(element) {
  if (element.readyState === HTMLTrackElement.LOADED) return Promise.resolve([...element.track.cues]);
  return new Promise((resolve) => {
    const settle = () => resolve([...(element.track.cues ?? [])]);
    element.addEventListener("load", settle, { once: true });
    element.addEventListener("error", settle, { once: true });
    if (element.track.mode === "disabled") element.track.mode = "hidden";
  });
}

/** A track that is no caption: nobody sees it, its cues are read. */
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
