// Sends a file in pieces until the server has a receipt for it: a dropped line costs one piece. docs/reference/save-protocol.md, Files.
//
// Knows no page: what it sends with and waits by is handed in.

export const PIECE = 64 * 1024;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;

/** @typedef {{ id: string, kind: string, pages: number, size: number }} SentFile */

/** A file that is not taken; the message says why, in the words of the server. */
export class FileNotTaken extends Error {}

/**
 * The number under which a file is sent: of its bytes, so that the same one goes on where it stopped, also after a reload.
 * @param {Blob} file
 */
export async function numberOf(file) {
  const hash = crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))
    : crypto.getRandomValues(new Uint8Array(16));
  const hex = [...hash.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Resolves to the file as its receipt names it. Rejects with FileNotTaken, or with the reason of the signal.
 *
 * @param {Blob} file
 * @param {object} parts
 * @param {(piece: Blob, offset: number) => Promise<Response>} parts.post
 * @param {() => Promise<Response>} parts.ask how much has arrived
 * @param {(share: number, isDown: boolean) => void} parts.tell from 0 to 1
 * @param {(ms: number) => Promise<void>} parts.wait
 * @param {AbortSignal} parts.signal
 * @returns {Promise<SentFile>}
 */
export async function sendFile(file, { post, ask, tell, wait, signal }) {
  let offset = 0;
  let isKnown = false;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    signal.throwIfAborted();
    /** @type {any} */
    let told = null;
    try {
      const answer = isKnown ? await post(file.slice(offset, offset + PIECE), offset) : await ask();
      told = await meaning(answer);
    } catch (error) {
      if (error instanceof FileNotTaken) throw error;
      signal.throwIfAborted();
    }
    if (told?.file) return told.file;
    if (typeof told?.offset === "number") {
      // All of it is there, but the receipt was lost: the last piece asks for it again.
      offset = Math.min(told.offset, Math.max(file.size - 1, 0));
      isKnown = true;
      pause = FIRST_PAUSE_MS;
      tell(told.offset / file.size, false);
      continue;
    }
    tell(offset / file.size, true);
    isKnown = false;
    await wait(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/**
 * What the server says; null where it is none of its answers, as the page of a login. Throws FileNotTaken.
 * @param {Response} answer
 */
async function meaning(answer) {
  const isJson = /json/.test(answer.headers.get("Content-Type") ?? "");
  if (!isJson || answer.redirected) return null;
  const body = await answer.json();
  if (answer.ok || body.code === "offset") return body;
  if (answer.status >= 500 || answer.status === 403) return null;
  throw new FileNotTaken(body.detail);
}
