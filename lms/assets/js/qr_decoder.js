// Decodes QR codes where the browser cannot. Loaded by the first scan.

export { decodeQR } from "qr/decode.js";
