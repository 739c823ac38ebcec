// Runs the cases against a session and says how each one went, a line a case; the exit code is the number of failures.
import { serverCases, wholeCases } from "./cases.mjs";

const LIMIT = 45_000;

const within = (promise, what) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${LIMIT} ms`)), LIMIT);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/**
 * @param session the connected session
 * @param servers { name: kind } behind the endpoint; the key "" is a server that stands there alone, un-prefixed
 * @param more further cases, by name
 */
export async function run(session, servers, more = {}) {
  const known = Object.fromEntries(Object.entries(servers).map(([name, kind]) => [name || undefined, kind]));
  const alone = Object.hasOwn(servers, "");
  const cases = [
    ...Object.entries(wholeCases)
      .filter(([name]) => !(alone && name.startsWith("every name")))
      .map(([name, body]) => [name, () => body(alone ? new Proxy(session, { get: bare }) : session, alone ? { alone: servers[""] } : known)]),
    ...Object.entries(servers).flatMap(([server, kind]) =>
      Object.entries(serverCases[kind]).map(([name, body]) => [`${server || "alone"}: ${name}`, () => body(session, server || undefined)])),
    ...Object.entries(more).map(([name, body]) => [name, () => body(session)]),
  ];
  let failures = 0;
  for (const [name, body] of cases) {
    const begun = Date.now();
    try {
      await within(body(), name);
      console.log(`passed ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      failures++;
      console.log(`FAILED ${name} (${Date.now() - begun} ms): ${error.message}${error.data ? ` ${JSON.stringify(error.data)}` : ""}\n${error.stack?.split("\n").slice(1, 4).join("\n")}`);
    }
  }
  console.log(`${cases.length - failures} passed, ${failures} failed`);
  return failures;
}

/** For a server that stands alone no name has a prefix, whatever a case asks for. */
function bare(session, key) {
  const value = session[key];
  if (key === "named") return (_, name) => name;
  if (key === "text") return (_, ...rest) => session.text(undefined, ...rest);
  if (key === "call") return (_, ...rest) => session.call(undefined, ...rest);
  return typeof value === "function" ? value.bind(session) : value;
}
