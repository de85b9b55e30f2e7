// Which of the three streams plays a film: by what was chosen, on this line, in this browser.

import { HlsStream } from "./hls_stream.js";
import { SLOW_BITS } from "./connection.js";
import { NativeStream } from "./native_stream.js";
import { SlimStream } from "./slim_stream.js";

// What a line has to carry to be given more than the lowest picture.
export const GOOD_BITS = 600_000;

/** The class of the stream and the source it opens. `speed` of the line in bits per second, 0 unknown. */
export function chooseStream(player) {
  const { Stream, source } = streamFor(player);
  return { Stream, source: { ...source, url: player.sounds.addressOf(source.url) } };
}

function streamFor({ root, video, quality, speed }) {
  const master = { url: root.dataset.master, name: "", cap: quality.cap, bits: Math.min(speed, GOOD_BITS) };
  const chosen = quality.isAutomatic ? null : quality.named(quality.chosen);
  if (NativeStream.isBest(video)) return { Stream: NativeStream, source: chosen ?? master };
  const slim = chosen ?? (speed && speed < SLOW_BITS ? quality.lowest : null);
  if (slim && SlimStream.canPlay(slim.codecs)) return { Stream: SlimStream, source: slim };
  return { Stream: HlsStream, source: chosen ? { ...master, ...chosen } : master };
}
