/** The real program, started in a folder of its own and stopped by its own process id. */
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** Milliseconds until the program must accept connections. */
const START_DEADLINE_MS = 30_000;
const ROLES = ["super_admin", "admin", "agent"];
/** `mysql://root@HOST:PORT` and `nats://HOST:PORT`: there instead of in SQLite and in the process, one test at a time. */
const { E2E_MYSQL, E2E_NATS } = process.env;

export class Server {
  /** `http://127.0.0.1:PORT`, the same after a restart. */
  url = "";
  /** By role: `{name, password}` of the three made for this run. */
  people = {};
  /** The last lines of the log, for when something fails. */
  log = [];
  #folder;
  #config;
  #child = null;
  /** Where it is: the folder of data does for SQLite. */
  #place = [];

  /**
   * Start it in demonstration mode; it stops with the test. `sites`: origins that may frame the chat. `toml`: more of the
   * configuration.
   */
  static async start(test, { sites = [], toml = "" } = {}) {
    const server = new Server();
    server.#folder = await mkdtemp(join(tmpdir(), "switchboard-e2e-"));
    server.#config = join(server.#folder, "switchboard.toml");
    await writeFile(server.#config, `sites = ${JSON.stringify(sites)}\n${toml}`);
    test.after(async () => {
      await server.kill();
      await rm(server.#folder, { recursive: true, force: true });
    });
    if (E2E_MYSQL) server.#place.push("--database", await database());
    if (E2E_NATS) server.#place.push("--nats", E2E_NATS);
    await server.#run(["--demo", "--listen", "127.0.0.1:0"]);
    for (const role of ROLES) if (!server.people[role]) throw new Error(`no ${role} was printed`);
    return server;
  }

  /** SIGKILL: nothing is written, nobody is told. */
  async kill() {
    const child = this.#child;
    if (!child) return;
    this.#child = null;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Start again on the same address and folder, without new people; with `flags` of its own. */
  async restart(flags = []) {
    await this.#run(["--listen", new URL(this.url).host, ...flags]);
  }

  async #run(args) {
    const binary = process.env.SWITCHBOARD_BIN;
    if (!binary) throw new Error("SWITCHBOARD_BIN names the program to test");
    const common = ["serve", "--data", join(this.#folder, "data"), "--config", this.#config, ...this.#place];
    const child = spawn(binary, [...common, ...args], { stdio: ["ignore", "pipe", "pipe"], env: {} });
    this.#child = child;
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.log = [...this.log.slice(-200), line];
    });
    await new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${why}\n${this.log.join("\n")}`));
      const timer = setTimeout(() => fail("not listening in time"), START_DEADLINE_MS);
      child.once("exit", (code) => fail(`ended with ${code}`));
      createInterface({ input: child.stdout }).on("line", (line) => {
        const [role, name, password] = line.split(" ");
        if (ROLES.includes(role)) this.people[role] = { name, password };
        const address = /^listening on (http:\S+)$/.exec(line)?.[1];
        if (!address) return;
        this.url = address;
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** An empty database of its own. */
async function database() {
  const { hostname, port, username } = new URL(E2E_MYSQL);
  const name = `e2e_${randomBytes(8).toString("hex")}`;
  const where = ["--no-defaults", "-h", hostname, "-P", port, "-u", username];
  await promisify(execFile)("mariadb", [...where, "-e", `CREATE DATABASE ${name}`]);
  return `${E2E_MYSQL}/${name}`;
}
