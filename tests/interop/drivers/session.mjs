// One face for the clients of both official TypeScript SDKs, and what a test wants of it: everything heard is kept, and
// can be waited for.
import { setTimeout as delay } from "node:timers/promises";

const letters = (name) => name.replace(/[^A-Za-z0-9_]/g, "_");

export const ROOTS = [{ uri: "file:///interop/root", name: "interop root" }];

/** The first of the contents of a resource. */
export const only = (result) => result.contents[0];

export class Session {
  /** Notifications in the order of their arrival. */
  heard = [];
  /** Requests of servers in the order of their arrival. */
  asked = [];
  #listeners = new Set();

  /**
   * @param client a client that is not connected yet
   * @param sdk 1 or 2
   * @param servers what stands behind the endpoint, as { name: kind }; one server alone has names without prefix
   */
  constructor(client, sdk, servers) {
    this.client = client;
    this.sdk = sdk;
    this.servers = servers;
    client.fallbackNotificationHandler = async (notification) => {
      this.heard.push(notification);
      for (const listener of this.#listeners) listener(notification);
    };
  }

  /** The name under which a server's tool or prompt is listed. */
  named(server, name) {
    return server === undefined ? name : `${letters(server)}_${letters(name)}`;
  }

  call(server, tool, args = {}, { meta, ...options } = {}) {
    const params = { name: this.named(server, tool), arguments: args, ...(meta && { _meta: meta }) };
    return this.sdk === 1 ? this.client.callTool(params, undefined, options) : this.client.callTool(params, options);
  }

  /** Calls a tool and returns the text of its first content item. */
  async text(server, tool, args, options) {
    const { content } = await this.call(server, tool, args, options);
    return content[0].text;
  }

  prompt(server, name, args) {
    return this.client.getPrompt({ name: this.named(server, name), ...(args && { arguments: args }) });
  }

  /** All pages of a list. */
  async all(method, key) {
    const entries = [];
    let cursor;
    do {
      const page = await this.client[method](cursor === undefined ? undefined : { cursor });
      entries.push(...page[key]);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return entries;
  }

  /** The next notification that fits; those heard before `since` do not count. */
  async hears(method, fits = () => true, { since = 0, within = 10_000 } = {}) {
    const good = (notification) => notification.method === method && fits(notification.params ?? {});
    const old = this.heard.slice(since).find(good);
    if (old) return old;
    const limit = new AbortController();
    try {
      return await Promise.race([
        new Promise((resolve) => {
          const listener = (notification) => {
            if (!good(notification)) return;
            this.#listeners.delete(listener);
            resolve(notification);
          };
          this.#listeners.add(listener);
        }),
        delay(within, undefined, { signal: limit.signal }).then(() => {
          throw new Error(`no ${method} within ${within} ms; heard ${JSON.stringify(this.heard.slice(since).map((n) => n.method))}`);
        }),
      ]);
    } finally {
      limit.abort();
    }
  }
}

/** What this client answers when a server asks. */
export const answers = {
  elicit: ({ params }) => {
    if (params.mode === "url") return { action: "accept" };
    const properties = params.requestedSchema.properties;
    const known = { name: "Ada", integer: 7, color: "blue", ok: true, context: "here", interpretation: properties.interpretation?.oneOf[0].const };
    return { action: "accept", content: Object.fromEntries(Object.entries(known).filter(([key]) => key in properties)) };
  },
  sample: ({ params }) => ({
    role: "assistant",
    model: "interop-model",
    stopReason: "endTurn",
    content: { type: "text", text: `sampled<${[params.messages.at(-1).content].flat()[0].text}>` },
  }),
  roots: () => ({ roots: ROOTS }),
};
