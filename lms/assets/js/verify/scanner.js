// Reads QR codes from the camera or a photo: by the browser's own detector where there is one, else by the package
// `qr`, which is fetched only then.

const LOOKS_A_SECOND = 5;
// The longest side of the searched picture in pixels: enough for a dense QR code that fills half of it.
const FRAME_SIDE = 1000;
const PHOTO_SIDES = [1600, 800, 2600];

/** Why the camera does not run: `denied`, `missing`, `busy` or `insecure`. */
export class CameraRefused extends Error {}

/** The QR decoder could not be fetched. */
export class DecoderMissing extends Error {}

/** A function of a source (video or bitmap) and a longest side that answers the text of a QR code, or null. */
export async function openDetector(decoderAddress) {
  const formats = (await window.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (!formats.includes("qr_code")) return openPackage(decoderAddress);
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let instead = null;
  return async (source, side) => {
    if (instead) return instead(source, side);
    try {
      return (await detector.detect(source))[0]?.rawValue ?? null;
    } catch {
      // Chrome of Android names the format also where the service behind it is missing.
      instead = await openPackage(decoderAddress);
      return instead(source, side);
    }
  };
}

async function openPackage(decoderAddress) {
  const { decodeQR } = await import(decoderAddress).catch(() => {
    throw new DecoderMissing();
  });
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async (source, side) => {
    const [width, height] = [source.videoWidth ?? source.width, source.videoHeight ?? source.height];
    const scale = Math.min(1, side / Math.max(width, height, 1));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    paper.drawImage(source, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(paper.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      // It throws if there is no QR code.
      return null;
    }
  };
}

/** Runs the camera until a text that `accepts` is found or `stop` is called. */
export class Camera {
  constructor(video) {
    this.video = video;
    this.stream = null;
  }

  async start() {
    this.stream = await openCamera();
    this.video.srcObject = this.stream;
    // Phones in power-saving mode allow the camera but refuse to play the video.
    await this.video.play().catch(refuse);
  }

  /** The first text found that `accepts` agrees to; null once stopped. */
  async read(detect, accepts) {
    while (this.stream) {
      const text = await detect(this.video, FRAME_SIDE);
      if (!this.stream) return null;
      if (text && accepts(text)) return text;
      await new Promise((resume) => setTimeout(resume, 1000 / LOOKS_A_SECOND));
    }
    return null;
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }
}

async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraRefused("insecure");
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } }).catch(refuse);
}

/** @returns {never} */
function refuse(fault) {
  const reasons = { NotAllowedError: "denied", SecurityError: "denied", NotReadableError: "busy", AbortError: "busy" };
  throw new CameraRefused(reasons[fault.name] ?? "missing");
}

/** The text of the QR code in a photo, or null. Throws TypeError where the file is no image. */
export async function readPhoto(file, detect) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new TypeError("not an image");
  });
  try {
    for (const side of PHOTO_SIDES) {
      const text = await detect(bitmap, side);
      if (text) return text;
    }
    return null;
  } finally {
    bitmap.close();
  }
}

/** The code in a scanned text: of an address of ours, on whatever host, or the code itself. Null for anything else. */
export function codeIn(text) {
  const [, code] = /(?:^|\/(?:v|c)\/)([0-9a-z-]{13,16})\/?(?:#.*)?$/is.exec(text.trim()) ?? [];
  return code?.replaceAll("-", "").length === 13 ? code : null;
}
