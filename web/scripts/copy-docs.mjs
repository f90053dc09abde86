// Copies Swagger UI to dist/docs, for the page that the gateway serves at /v1/docs.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));
const target = fileURLToPath(new URL("../dist/docs/", import.meta.url));

await mkdir(target, { recursive: true });
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE", "NOTICE"]) {
  await copyFile(join(source, name), join(target, name));
}
