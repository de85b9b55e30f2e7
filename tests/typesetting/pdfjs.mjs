// Prints the text of the first page of each file as a JSON array: `node pdfjs.mjs file ...`.
import { readFileSync } from "node:fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

const texts = [];
for (const path of process.argv.slice(2)) {
  const data = new Uint8Array(readFileSync(path));
  const document = await getDocument({ data, verbosity: 0, useSystemFonts: false }).promise;
  const page = await document.getPage(1);
  const { items } = await page.getTextContent();
  texts.push(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("").trim());
  await document.destroy();
}
console.log(JSON.stringify(texts));
