// What is done with server-everything, a server of the session era, by clients of the stateless one: what a session does
// there, a request or a subscription does here.
import assert from "node:assert/strict";
import { everythingCases, makeResource } from "./everything-cases.mjs";

/** A resource that this client alone makes: clients of this era share what a session would keep apart. */
const mine = (server) => `from-${server ?? "alone"}-${process.pid}.gz`;

const asked = (session, since) => session.asked.slice(since).map(({ method, params }) => params?.url ?? method);

/** Does something with a subscription open. */
async function listening(session, filter, body) {
  const subscription = await session.client.listen(filter);
  try {
    assert.deepEqual(subscription.honoredFilter, filter);
    await body();
  } finally {
    await subscription.close();
  }
}

const { "a call can be canceled": cancellation, ...shared } = everythingCases;

export const everythingAcrossCases = {
  // First: a moment after it was greeted the server wants to know the roots, in the middle of whichever call is open then,
  // unless it knows them. What is reported of a call while its client is asked something, nobody hears.
  "roots": shared.roots,
  ...shared,
  "a resource made by a call can be read, and the list says that it changed": (session, server) =>
    listening(session, { resourcesListChanged: true }, async () => {
      const since = session.heard.length;
      await makeResource(session, server, mine(server));
      await session.hears("notifications/resources/list_changed", undefined, { since });
    }),
  "log messages": async (session, server) => {
    const since = session.heard.length;
    const isLog = ({ data }) => /level[ -]message/i.test(String(data));
    await session.call(server, "toggle-simulated-logging");
    // The server logs every five seconds, now and then late; only a request that asks for logs is told, and only while it lasts.
    const meta = { "io.modelcontextprotocol/logLevel": "debug" };
    for (let attempt = 0; attempt < 3 && !session.heard.slice(since).some(({ method, params }) => method === "notifications/message" && isLog(params)); attempt++) {
      await session.call(server, "trigger-long-running-operation", { duration: 6, steps: 1 }, { meta });
    }
    await session.hears("notifications/message", isLog, { since });
    await session.call(server, "toggle-simulated-logging");
  },
  "a subscription": async (session, server) => {
    const uri = `demo://resource/session/${mine(server)}`;
    await listening(session, { resourceSubscriptions: [uri] }, async () => {
      const since = session.heard.length;
      await session.call(server, "toggle-subscriber-updates");
      await session.hears("notifications/resources/updated", (params) => params.uri === uri, { since });
      await session.call(server, "toggle-subscriber-updates");
    });
  },
  "a tool that is a task only, and asks in its middle": async (session, server) => {
    const since = session.asked.length;
    assert.match(await session.text(server, "simulate-research-query", { topic: "python", ambiguous: true }), /python \(programming\)/);
    assert.deepEqual(asked(session, since), ["elicitation/create"]);
  },
  "elicitation by URL": async (session, server) => {
    const since = session.asked.length;
    const url = "https://example.com/consent?x=1&y=%20";
    assert.ok((await session.text(server, "trigger-url-elicitation", { url })).includes(url));
    assert.deepEqual(asked(session, since), [url]);
  },
  "elicitation by error": async (session, server) => {
    const since = session.asked.length;
    const url = `https://example.com/${server}/across/${process.pid}`;
    assert.ok((await session.text(server, "trigger-url-elicitation", { url, errorPath: true })).includes(url));
    // The one that the error asked for, and the one that the call asks for when it is made again.
    assert.deepEqual(asked(session, since), ["https://modelcontextprotocol.io", url]);
  },
  // Last: the server might still ask something for this call, so its process is replaced before the next call that can be
  // asked something, and with it goes what the server keeps, such as that it shall log.
  "a call can be canceled": cancellation,
};
