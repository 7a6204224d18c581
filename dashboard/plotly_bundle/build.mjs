/* Writes plotly.min.js and ../assets/regenerator.js, which the pages load, and LICENCES.txt, the licences of everything
   in them. See README.md. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const OUT = "plotly.min.js";
const { version } = JSON.parse(readFileSync("node_modules/plotly.js/package.json", "utf8"));

const { metafile } = await build({
  entryPoints: ["entry.cjs"],
  outfile: OUT,
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "Plotly",
  target: "es2020",
  legalComments: "none",
  banner: { js: `/* plotly.js v${version}, bundled for Samkoll. Licences: LICENCES.txt beside this file in the package. */` },
  alias: { stream: "stream-browserify" },
  define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
  loader: { ".css": "empty" }, // of the maps, which are not here
  metafile: true,
  logLevel: "warning",
});

await build({ entryPoints: ["regenerator-runtime/runtime"], outfile: "../assets/regenerator.js", minify: true });

const folders = new Set(["node_modules/regenerator-runtime"]);
for (const [path, { bytesInOutput }] of Object.entries(metafile.outputs[OUT].inputs)) {
  const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path);
  if (found && bytesInOutput) {
    folders.add(found[0]);
  }
}
const told = [...folders].sort().map((folder) => {
  const about = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").trim() : `Licence: ${about.license}`;
  return `${about.name} ${about.version} (${about.license})\n\n${text.replaceAll("\r\n", "\n")}\n`;
});
writeFileSync("LICENCES.txt", told.join(`\n${"-".repeat(80)}\n\n`));
