// Parses our own HLS playlists (RFC 8216): one file with byte ranges.

/**
 * The header's range, and each segment with its `start` and `seconds`; ranges as [first, last] byte.
 *
 * @param {string} text
 * @param {string | URL} url
 */
export function parsePlaylist(text, url) {
  const map = text.match(/^#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"/m);
  if (!map) return null;
  const header = range(Number(map[3]), Number(map[2]));
  const segments = [];
  let seconds = 0;
  let bytes = null;
  let start = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("#EXTINF:")) seconds = Number.parseFloat(line.slice(8));
    else if (line.startsWith("#EXT-X-BYTERANGE:")) bytes = line.slice(17).split("@").map(Number);
    else if (line && !line.startsWith("#") && bytes) {
      segments.push({ start, seconds, range: range(bytes[1], bytes[0]) });
      start += seconds;
      bytes = null;
    }
  }
  return { file: new URL(map[1], url).href, header, segments, seconds: start };
}

/**
 * @param {number} offset
 * @param {number} length
 */
function range(offset, length) {
  return [offset, offset + length - 1];
}
