// Builds lianshang/web/static/built/: styles, scripts, icons. Run from anywhere: node lianshang/web/assets/build.mjs [--sizes]
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const ours = join(here, "..", "..");
const modules = join(ours, "..", "node_modules");
const built = join(here, "..", "static", "built");
const target = ["chrome80", "firefox80", "safari13.1"]; // the web views of old phones

// Layout and utilities that a page may take without a new build; components beyond these are found in the templates.
const kept = [
  /^(row|col|container|offset|order|g|gx|gy)(-|$)/,
  /^(m|p)[tbsexy]?-/, /^d-/, /^(flex|align|justify|gap|float|position|overflow|w|h|mw)-/,
  /^(text|fw|fs|lh|font)-(start|center|end|truncate|nowrap|break|wrap|bold|medium|normal|secondary|muted|h\d|\d)/,
  /^(input-group|nav|list-group|ratio)(-|$)/, /^table-(responsive|sm)$/,
];
// Defined by our own file, whole; and colours that we do not show.
const dropped = [
  /^\.?(btn|card|steps?|timeline|tag|empty|form-(control|select|label|check-input)|table|badge|page|brand|light|figure|code|search|strip|count|number|stack|mark|icon|avatar|navbar|dropdown|modal|offcanvas|carousel|accordion|toast|tooltip|popover|apexcharts|noUi|dropzone|hugerte|ts|litepicker|jvm|fc|plyr|flag|payment|social|bs-|theme)(-|$)/,
  /-(azure|indigo|purple|pink|lime|teal|cyan|facebook|x|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler)(-|$)/,
];

function files(folder, pattern) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["built", "assets", "tests", "migrations", "__pycache__"].includes(entry.name) ? [] : files(path, pattern);
    return pattern.test(entry.name) ? [path] : [];
  });
}

const sources = files(ours, /\.(html|py|js)$/).map((path) => ({ path, text: readFileSync(path, "utf8") }));

async function scripts() {
  await esbuild.build({
    entryPoints: { phone: join(here, "js/phone.js"), desk: join(here, "js/desk.js") },
    outdir: built, bundle: true, minify: true, format: "iife", target, supported: { destructuring: true }, legalComments: "none", charset: "utf8", nodePaths: [modules],
  });
}

async function styles() {
  const minified = (css) => esbuild.transform(css, { loader: "css", minify: true, target, legalComments: "none", charset: "utf8" }).then((r) => r.code);
  writeFileSync(join(built, "lianshang.css"), await minified(readFileSync(join(here, "css/lianshang.css"), "utf8")));
  const [tabler] = await new PurgeCSS().purge({
    css: [{ raw: readFileSync(join(modules, "@tabler/core/dist/css/tabler.min.css"), "utf8") }],
    content: sources.map(({ path, text }) => ({ raw: text, extension: path.split(".").pop() })),
    safelist: { standard: [/^(html|body|:root|collapsed|show|active|disabled)$/, ...kept] },
    blocklist: dropped, variables: true, keyframes: true, fontFace: true,
  });
  writeFileSync(join(built, "desk.css"), await minified(tabler.css.replace(/\/\*# sourceMappingURL.*?\*\//g, "")));
}

/** The names written as {% icon "name" %}, icon="name" or "icon": "name". */
function iconNames() {
  const pattern = /(?:\bicon\s+["']|\bicon\s*=\s*["']|["']icon["']\s*:\s*["'])([a-z0-9-]+)["']/g;
  return [...new Set(sources.flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1])))].sort();
}

function icons() {
  const symbols = iconNames().map((name) => {
    const svg = readFileSync(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const inside = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inside}</symbol>`;
  });
  writeFileSync(join(built, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  const [, mark] = readFileSync(join(here, "../templates/web/_mark.html"), "utf8").match(/<path d="([^"]+)"/);
  writeFileSync(join(built, "mark.svg"), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="3" fill="#9c2a1f"/><path d="${mark}" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round"/></svg>\n`);
}

function sizes() {
  for (const name of readdirSync(built).sort()) {
    const bytes = readFileSync(join(built, name));
    console.log(`${name.padEnd(16)} ${String(bytes.length).padStart(8)}  gzip ${String(gzipSync(bytes).length).padStart(7)}  br ${String(brotliCompressSync(bytes).length).padStart(7)}`);
  }
}

rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });
await Promise.all([scripts(), styles()]);
icons();
if (process.argv.includes("--sizes")) sizes();
else console.log(`built ${relative(process.cwd(), built)}`);
