// The web build: what the staff pages load, in one file each, beside the licences of what is in them. It runs where the
// packages are (.ci/web copies the sources there). All of it is pinned, so the same sources give the same bytes.

import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const out = process.argv[2];
const fresh = `${out}.new`;

rmSync(fresh, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ["editor.js", "flow.js", "preview.js"],
  outdir: fresh,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const WITHIN = {
  "@viz-js/viz": `
Copyright (c) Michael Daines. The words of the MIT licence stand with the other packages here.

It holds Graphviz (https://graphviz.org, Eclipse Public License 2.0, sources at https://gitlab.com/graphviz/graphviz)
and Expat (https://libexpat.github.io, MIT).`,
};
const folders = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const found = /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) folders.add(found[1]);
}
const licences = [...folders].map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `${license}${WITHIN[name] ?? ""}`;
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync(join(fresh, "LICENSES.txt"), licences.sort().join(`\n${"-".repeat(72)}\n\n`));

if (existsSync(out)) rmSync(out, { recursive: true });
renameSync(fresh, out);
