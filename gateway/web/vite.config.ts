import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/** What is worth compressing; pictures are compressed already. */
const TEXT = /\.(js|css|html|svg|webmanifest|json)$/;

/** Writes `.br` and `.gz` beside each text, so that the server compresses nothing while it serves. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    enforce: "post",
    closeBundle: {
      order: "post",
      sequential: true,
      handler() {
        const walk = (folder: string) => {
          for (const name of readdirSync(folder)) {
            const path = join(folder, name);
            if (statSync(path).isDirectory()) walk(path);
            else if (TEXT.test(name)) {
              const bytes = readFileSync(path);
              const params = {
                [constants.BROTLI_PARAM_QUALITY]: 11,
                [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
              };
              writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
              writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
            }
          }
        };
        walk("dist");
      },
    },
  };
}

/** What `main.ts` loads: the app with its first screen. */
const START = /src\/app\/start\.tsx/;

/** Names the app's files in the page, so that they are fetched together with what begins, and not after it. */
function atOnce(): Plugin {
  return {
    name: "at-once",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
        const app = chunks.filter(({ moduleIds }) => moduleIds.some((id) => START.test(id)));
        if (app.length !== 1) throw new Error(`the app is in ${app.length} files`);
        const scripts = app.flatMap(({ fileName, imports }) => [fileName, ...imports]);
        const styles = app.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
        return [
          ...scripts
            .filter((file) => !chunks.find(({ fileName }) => fileName === file)?.isEntry)
            .map((file) => ({
              tag: "link",
              injectTo: "head" as const,
              attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` },
            })),
          ...styles.map((file) => ({
            tag: "link",
            injectTo: "head" as const,
            attrs: { rel: "stylesheet", crossorigin: true, href: `/${file}` },
          })),
        ];
      },
    },
  };
}

/**
 * Has the browser compile all of what is needed before the first rows while it comes, beside all else that it does, and not piece by
 * piece when each is first called. The comment must be the very first of a file.
 */
function compiledAsItComes(): Plugin {
  return {
    name: "compiled-as-it-comes",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === "chunk" && (file.name === "begin" || file.name === "app"))
            file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
        }
      },
    },
  };
}

export default defineConfig({
  resolve: {
    alias: [
      { find: "~", replacement: join(import.meta.dirname, "src") },
      { find: /^fflate$/, replacement: join(import.meta.dirname, "src/screens/catalogs/unzip.ts") },
    ],
  },
  plugins: [
    react(),
    atOnce(),
    compiledAsItComes(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      injectRegister: false,
      registerType: "prompt",
      injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png,woff2}"] },
      manifest: {
        name: "Nashi",
        short_name: "Nashi",
        description: "Tasks, forms and approvals",
        start_url: "/",
        display: "standalone",
        background_color: "#ffffff",
        theme_color: "#3f7d3a",
        icons: [
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
          { src: "/icon-maskable.svg", sizes: "any", type: "image/svg+xml", purpose: "maskable" },
        ],
      },
    }),
    compressed(),
  ],
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // A phone's network counts requests more than bytes, so files are few: what begins (`main.ts`), the app with its first screen, and
        // what most other screens share. A group takes along whatever its modules import.
        codeSplitting: {
          groups: [
            { name: "begin", test: /src\/(main\.ts|i18n\/plural)|preload-helper/, priority: 30 },
            { name: "app", test: START, priority: 20 },
            { name: "icons", test: /node_modules\/lucide-react/ },
            { name: "shared", test: /src\/(ui|store)\//, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      // The server of the API: where `nashi serve` listens.
      "^/(v4|services|files|bind|livez|readyz|openapi.json)": {
        target: process.env.NASHI_URL ?? "http://127.0.0.1:8080",
        changeOrigin: false,
      },
    },
  },
});
