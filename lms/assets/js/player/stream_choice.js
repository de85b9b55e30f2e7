// Chooses one of the three streams by the chosen quality, the connection and the browser.

import { HlsStream } from "./hls_stream.js";
import { SLOW_BITS } from "./connection.js";
import { NativeStream } from "./native_stream.js";
import { SlimStream } from "./slim_stream.js";

// Bits per second that a connection needs for more than the lowest rendition.
export const GOOD_BITS = 600_000;

/** The class of the stream and the source it opens. `speed` of the connection in bits per second, 0 when unknown. */
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
