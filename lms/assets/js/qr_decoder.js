// Reads QR codes where the browser cannot. Fetched by the first scan only.

export { decodeQR } from "qr/decode.js";
