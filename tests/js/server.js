// The endpoint of the suite: ARMATURE_ENDPOINT, or a server of its own (ARMATURE_BINARY, ARMATURE_ENGINE as in tests/api).
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

export const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "AKIDARMATURETESTS001",
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "a-secret-for-tests-only",
};
const region = process.env.AWS_DEFAULT_REGION ?? "us-east-1";

function newestBinary() {
  const found = readdirSync(join(root, "build"))
    .map((preset) => join(root, "build", preset, "src/cmd/armature"))
    .flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? [{ path, time: stat.mtimeMs }] : [];
    })
    .sort((a, b) => b.time - a.time);
  if (found.length === 0) throw new Error("no server to test: build it, or set ARMATURE_BINARY or ARMATURE_ENDPOINT");
  return found[0].path;
}

// How a client of any service of that endpoint is made; it never retries by itself.
const settingsOf = (endpoint) => (as = credentials) => ({ endpoint, region, credentials: as, maxAttempts: 1 });

// Resolves to { settings, stop }; `options` are further ones of the command line.
export async function startServer(...options) {
  if (process.env.ARMATURE_ENDPOINT) return { settings: settingsOf(process.env.ARMATURE_ENDPOINT), stop: async () => {} };
  const data = mkdtempSync(join(tmpdir(), "armature-js-"));
  const engine = {
    memory: ["--memory"],
    rocksdb: ["--data", join(data, "data")],
    simulated: ["--simulate", process.env.ARMATURE_SEED ?? "1"],
  }[process.env.ARMATURE_ENGINE ?? "memory"];
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ARMATURE_")));
  const server = spawn(process.env.ARMATURE_BINARY ?? newestBinary(), ["serve", "--listen", "127.0.0.1:0", ...engine, ...options], {
    env: {
      ...environment,
      ARMATURE_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      ARMATURE_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  server.stderr.on("data", (chunk) => (log += chunk));
  const endpoint = await new Promise((found, failed) => {
    let output = "";
    server.stdout.on("data", (chunk) => {
      output += chunk;
      const match = output.match(/https?:\/\/127\.0\.0\.1:\d+/);
      if (match) found(match[0]);
    });
    server.on("exit", (status) => failed(new Error(`the server ended with ${status}:\n${output}\n${log}`)));
  });
  const stop = async () => {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { settings: settingsOf(endpoint), stop };
}
