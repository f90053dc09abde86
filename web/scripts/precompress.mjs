// Writes a .br and a .gz beside every compressible file of dist/, so that the gateway never compresses at run time.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = new URL("../dist/", import.meta.url).pathname;
const compressible = new Set([".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".txt"]);
// Below one network packet there is nothing to win.
const minimumBytes = 1024;

const files = await readdir(root, { recursive: true, withFileTypes: true });
for (const file of files) {
  if (!file.isFile() || !compressible.has(extname(file.name))) continue;
  const path = join(file.parentPath, file.name);
  const bytes = await readFile(path);
  if (bytes.length < minimumBytes) continue;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  await writeFile(`${path}.br`, brotli);
  await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
