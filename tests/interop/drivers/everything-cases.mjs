// What is done with server-everything.
import assert from "node:assert/strict";
import { only, ROOTS } from "./session.mjs";

const dataUri = (text) => `data:text/plain;base64,${Buffer.from(text).toString("base64")}`;

/** Makes a resource that lives as long as the session does, and reads it. */
export async function makeResource(session, server, name) {
  const { content } = await session.call(server, "gzip-file-as-resource", { name, data: dataUri("hello"), outputType: "resourceLink" });
  const link = content.find((item) => item.type === "resource_link");
  assert.equal(only(await session.client.readResource({ uri: link.uri })).uri, link.uri);
}

export const everythingCases = {
  "echo, sum, structured content": async (session, server) => {
    assert.equal(await session.text(server, "echo", { message: "grüß dich 🐙" }), "Echo: grüß dich 🐙");
    assert.match(await session.text(server, "get-sum", { a: 2.5, b: 40 }), /42\.5/);
    const { structuredContent } = await session.call(server, "get-structured-content", { location: "Chicago" });
    assert.equal(structuredContent.conditions, "Light rain / drizzle");
  },
  "annotations, image, environment": async (session, server) => {
    const { content } = await session.call(server, "get-annotated-message", { messageType: "error", includeImage: true });
    assert.equal(content[0].annotations.priority, 1);
    assert.equal(content[1].type, "image");
    assert.ok((await session.call(server, "get-tiny-image")).content.some((item) => item.mimeType === "image/png"));
    assert.ok(JSON.parse(await session.text(server, "get-env")).PATH.length > 0);
  },
  "resource links lead to resources": async (session, server) => {
    const { content } = await session.call(server, "get-resource-links", { count: 4 });
    const links = content.filter((item) => item.type === "resource_link");
    assert.equal(links.length, 4);
    for (const { uri } of links) assert.equal(only(await session.client.readResource({ uri })).uri, uri);
    const embedded = await session.call(server, "get-resource-reference", { resourceType: "Blob", resourceId: 3 });
    assert.equal(embedded.content[1].resource.uri, "demo://resource/dynamic/blob/3");
  },
  "a resource made by a call can be read, and the list says that it changed": async (session, server) => {
    const since = session.heard.length;
    await makeResource(session, server, `from-${server ?? "alone"}.gz`);
    await session.hears("notifications/resources/list_changed", undefined, { since });
  },
  "progress of a long operation": async (session, server) => {
    const seen = [];
    await session.call(server, "trigger-long-running-operation", { duration: 2, steps: 4 }, { onprogress: (progress) => seen.push(progress) });
    // The SDKs drop those that the result is right behind.
    assert.deepEqual(seen.slice(0, 3).map(({ progress, total }) => [progress, total]), [[1, 4], [2, 4], [3, 4]]);
  },
  "a call can be canceled": async (session, server) => {
    const abort = new AbortController();
    const begun = Date.now();
    await assert.rejects(session.call(server, "trigger-long-running-operation", { duration: 20, steps: 100 }, {
      signal: abort.signal,
      onprogress: () => abort.abort("enough"),
    }));
    assert.ok(Date.now() - begun < 5_000);
    assert.equal(await session.text(server, "echo", { message: "still here" }), "Echo: still here");
  },
  "log messages": async (session, server) => {
    await session.client.setLoggingLevel("debug");
    const since = session.heard.length;
    await session.call(server, "toggle-simulated-logging");
    await session.hears("notifications/message", ({ data }) => /level[ -]message/i.test(String(data)), { since });
    await session.call(server, "toggle-simulated-logging");
  },
  "a subscription": async (session, server) => {
    const uri = `demo://resource/session/from-${server ?? "alone"}.gz`;
    await session.client.subscribeResource({ uri });
    const since = session.heard.length;
    await session.call(server, "toggle-subscriber-updates");
    await session.hears("notifications/resources/updated", (params) => params.uri === uri, { since });
    await session.call(server, "toggle-subscriber-updates");
    await session.client.unsubscribeResource({ uri });
  },
  "sampling": async (session, server) => {
    const { content } = await session.call(server, "trigger-sampling-request", { prompt: "what is up", maxTokens: 20 });
    assert.match(content[0].text, /sampled<Resource trigger-sampling-request context: what is up>/);
  },
  "elicitation by form": async (session, server) => {
    const { content } = await session.call(server, "trigger-elicitation-request");
    assert.match(content[1].text, /Name: Ada/);
    assert.match(content[1].text, /Favorite Integer: 7/);
  },
  "elicitation by URL": async (session, server) => {
    const url = "https://example.com/consent?x=1&y=%20";
    const { content } = await session.call(server, "trigger-url-elicitation", { url, elicitationId: `visit-${server}` });
    assert.ok(content[0].text.includes(url), content[0].text);
    assert.deepEqual(session.asked.at(-1).params.elicitationId, `visit-${server}`);
  },
  "elicitation by error": async (session, server) => {
    const args = { url: `https://example.com/${server}`, errorPath: true };
    await assert.rejects(session.call(server, "trigger-url-elicitation", args), (error) => {
      assert.equal(error.code, -32042);
      assert.equal(error.data.elicitations[0].url, "https://modelcontextprotocol.io");
      return true;
    });
    assert.ok((await session.text(server, "trigger-url-elicitation", args)).includes(args.url));
  },
  "roots": async (session, server) => {
    assert.ok((await session.text(server, "get-roots-list")).includes(ROOTS[0].uri));
  },
  "prompts": async (session, server) => {
    const names = (await session.all("listPrompts", "prompts")).map((prompt) => prompt.name);
    for (const name of ["simple-prompt", "args-prompt", "completable-prompt", "resource-prompt"]) assert.ok(names.includes(session.named(server, name)), name);
    assert.match((await session.prompt(server, "simple-prompt")).messages[0].content.text, /simple prompt/);
    assert.match((await session.prompt(server, "args-prompt", { city: "Bergen", state: "Vestland" })).messages[0].content.text, /Bergen, Vestland/);
    const { messages } = await session.prompt(server, "resource-prompt", { resourceType: "Text", resourceId: "5" });
    assert.equal(messages[1].content.resource.uri, "demo://resource/dynamic/text/5");
  },
  "completion, with the arguments given so far": async (session, server) => {
    const ref = { type: "ref/prompt", name: session.named(server, "completable-prompt") };
    const department = await session.client.complete({ ref, argument: { name: "department", value: "E" } });
    assert.deepEqual(department.completion.values, ["Engineering"]);
    const name = await session.client.complete({ ref, argument: { name: "name", value: "A" }, context: { arguments: { department: "Engineering" } } });
    assert.deepEqual(name.completion.values, ["Alice"]);
  },
};
