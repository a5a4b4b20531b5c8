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

export default defineConfig({
  resolve: {
    alias: [
      { find: "~", replacement: join(import.meta.dirname, "src") },
      { find: /^fflate$/, replacement: join(import.meta.dirname, "src/screens/catalogs/unzip.ts") },
    ],
  },
  plugins: [
    react(),
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
        // What is small and used everywhere comes at once: a phone's network counts requests more than bytes.
        codeSplitting: {
          groups: [
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
      "^/(v4|bind|livez|readyz|openapi.json)": {
        target: process.env.NASHI_URL ?? "http://127.0.0.1:8080",
        changeOrigin: false,
      },
    },
  },
});
