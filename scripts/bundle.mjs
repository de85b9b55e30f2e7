// Bundles the scripts and style sheets of the pages: `lms/assets/` to `lms/static/`, one file for each entry.
//
// Entries are the files at the top of `js/` and `css/`, and `main.js` of each folder of `js/`, bundled as `js/<folder>.js`.
// `lms/static/js` and `lms/static/css` hold bundles only: what is no bundle any more is removed. No network is used.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = join(ROOT, "lms", "assets");
const TARGET = join(ROOT, "lms", "static");
const FOLDERS = ["js", "css"];
// Scripts that have to run while the page is being read are no modules: their names must not become those of the page.
const CLASSIC = new Set(["js/admin_starts", "js/admin_keys"]);

/** Source files by the name of their bundle, without its suffix: `js/player` to `lms/assets/js/player/main.js`. */
export function entries() {
  const found = {};
  for (const folder of FOLDERS)
    for (const { name } of readdirSync(join(SOURCES, folder), { withFileTypes: true }).filter((one) => one.isFile()))
      found[`${folder}/${name.slice(0, name.lastIndexOf("."))}`] = join(SOURCES, folder, name);
  for (const { name } of readdirSync(join(SOURCES, "js"), { withFileTypes: true }).filter((one) => one.isDirectory()))
    found[`js/${name}`] = join(SOURCES, "js", name, "main.js");
  return found;
}

/** Readers find the old file or the new one, never half of it; a file with this content already is left alone. */
function writeWhole(path, contents) {
  try {
    if (readFileSync(path).equals(contents)) return;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  mkdirSync(dirname(path), { recursive: true });
  // Two may bundle at once.
  const unfinished = `${path}.${process.pid}.new`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}

const OPTIONS = {
  outdir: TARGET,
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  // What the sources are written in: nothing is translated, and nothing shorter but newer is put in.
  target: "es2022",
  // Relative to the bundle; the storage of static files puts the hashed name there.
  external: ["../fonts/*"],
  write: false,
  metafile: true,
  logLevel: "warning",
};

async function bundle(format, isWanted) {
  const chosen = Object.entries(entries()).filter(([name]) => isWanted(name));
  return build({ ...OPTIONS, format, entryPoints: Object.fromEntries(chosen) });
}

const results = await Promise.all([bundle("esm", (name) => !CLASSIC.has(name)), bundle("iife", (name) => CLASSIC.has(name))]);
const outputFiles = results.flatMap((result) => result.outputFiles);
for (const { path, contents } of outputFiles) writeWhole(path, Buffer.from(contents));
const made = new Set(outputFiles.map(({ path }) => path));
for (const folder of FOLDERS)
  for (const name of readdirSync(join(TARGET, folder)))
    if (!name.endsWith(".new") && !made.has(join(TARGET, folder, name))) rmSync(join(TARGET, folder, name), { recursive: true });

// For those who ask which source is in which bundle.
if (process.argv.includes("--list")) console.log(JSON.stringify(Object.fromEntries(
  results.flatMap(({ metafile }) => Object.entries(metafile.outputs)).map(([output, { inputs }]) => [relative(TARGET, join(ROOT, output)), Object.keys(inputs)]),
)));
