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
  const found = readdirSync(join(root, "build"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((preset) => join(root, "build", preset.name, "src/cmd/armature"))
    .flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? [{ path, time: stat.mtimeMs }] : [];
    })
    .sort((a, b) => b.time - a.time);
  if (found.length === 0) throw new Error("no server to test: build it, or set ARMATURE_BINARY or ARMATURE_ENDPOINT");
  return found[0].path;
}

// A run that is ended from outside takes its servers with it, and waits for nothing.
const running = new Set();
for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15], ["SIGHUP", 1]]) {
  process.once(signal, () => {
    for (const { server, data } of running) {
      server.kill("SIGKILL");
      rmSync(data, { recursive: true, force: true });
    }
    process.exit(128 + number);
  });
}

// How a client of any service of that endpoint is made; it never retries by itself.
const settingsOf = (endpoint) => (as = credentials) => ({ endpoint, region, credentials: as, maxAttempts: 1 });
const attached = (endpoint, stop) => ({ endpoint, settings: settingsOf(endpoint), stop });

// Resolves to { endpoint, settings, stop }; `options` are further ones of the command line.
export async function startServer(...options) {
  if (process.env.ARMATURE_ENDPOINT) return attached(process.env.ARMATURE_ENDPOINT, async () => {});
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
  const entry = { server, data };
  running.add(entry);
  // From the beginning: a server that ends while nobody looks must not be waited for later.
  const ended = new Promise((done) => server.once("exit", (status, signal) => done(signal ?? status)));
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
  // Resolves to the status it ended with, or the signal's name.
  const stop = async () => {
    server.kill("SIGTERM");
    const status = await ended;
    running.delete(entry);
    rmSync(data, { recursive: true, force: true });
    return status;
  };
  return attached(endpoint, stop);
}
