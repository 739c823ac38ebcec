// Starts Mimir for a test and waits until it answers.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

/** The program under test: $MIMIR_BIN, else the launcher of this source tree. */
export const program = process.env.MIMIR_BIN ?? join(root, "mimir");

/** A TCP port of the loopback address that nobody listened on a moment ago. */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const accepts = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => resolve(false));
  });

/** Writes a configuration to a folder of its own; `remove` takes it away. */
export function writeConfiguration(configuration) {
  const folder = mkdtempSync(join(tmpdir(), "mimir-test-"));
  const file = join(folder, "mimir.json");
  writeFileSync(file, JSON.stringify(configuration));
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Serves a configuration over HTTP; the answer has `origin` (http://127.0.0.1:PORT) and `close`. */
export async function startMimir(configuration) {
  const { file, remove } = writeConfiguration(configuration);
  const port = await freePort();
  const child = spawn(program, ["serve", "--http", `127.0.0.1:${port}`, "--config", file], { stdio: ["ignore", "inherit", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let running = true;
  ended.then(() => (running = false));
  const deadline = Date.now() + 20_000;
  while (!(await accepts(port))) {
    if (!running || Date.now() > deadline) throw new Error(`mimir serve ${running ? "did not listen within 20 s" : `ended with ${child.exitCode}`}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(late);
      remove();
    },
  };
}
