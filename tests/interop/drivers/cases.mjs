// What is done with each kind of server, through whichever client. A case throws when it finds fault.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { modernCases, modernResources, modernTools } from "./modern-cases.mjs";
import { ROOTS } from "./session.mjs";

const RESOURCES = ["architecture", "extension", "features", "how-it-works", "instructions", "startup", "structure"]
  .map((name) => `demo://resource/static/document/${name}.md`);

const TOOLS = {
  everything: [
    "echo", "get-annotated-message", "get-env", "get-resource-links", "get-resource-reference", "get-structured-content",
    "get-sum", "get-tiny-image", "gzip-file-as-resource", "toggle-simulated-logging", "toggle-subscriber-updates",
    "trigger-long-running-operation", "get-roots-list", "trigger-elicitation-request", "trigger-url-elicitation",
    "trigger-sampling-request", "simulate-research-query",
  ],
  filesystem: [
    "read_file", "read_text_file", "read_media_file", "read_multiple_files", "write_file", "edit_file", "create_directory",
    "list_directory", "list_directory_with_sizes", "directory_tree", "move_file", "search_files", "get_file_info",
    "list_allowed_directories",
  ],
  memory: [
    "create_entities", "create_relations", "add_observations", "delete_entities", "delete_observations", "delete_relations",
    "read_graph", "search_nodes", "open_nodes",
  ],
  apps: ["get-time"],
  modern: modernTools,
};

const APP = "ui://get-time/mcp-app.html";
const dataUri = (text) => `data:text/plain;base64,${Buffer.from(text).toString("base64")}`;
const only = (result) => result.contents[0];

/** Cases that look at everything at once. `servers` maps a name to its kind. */
export const wholeCases = {
  async "every tool of every server is listed once"(session, servers) {
    const wanted = Object.entries(servers).flatMap(([server, kind]) => TOOLS[kind].map((tool) => session.named(server, tool)));
    let missing;
    // A list does not wait for a server that starts slowly; such a server's tools come later.
    for (const limit = Date.now() + 30_000; ; await delay(100)) {
      const names = (await session.all("listTools", "tools")).map((tool) => tool.name);
      assert.equal(new Set(names).size, names.length, "a name is listed twice");
      missing = wanted.filter((name) => !names.includes(name));
      if (missing.length === 0 || Date.now() > limit) break;
    }
    assert.deepEqual(missing, [], "missing tools");
  },
  async "every name is valid for every client"(session) {
    for (const { name } of await session.all("listTools", "tools")) assert.match(name, /^[A-Za-z0-9_]{1,64}$/);
  },
  async "every listed resource can be read"(session, servers) {
    if (!session.client.getServerCapabilities().resources) return;
    const uris = (await session.all("listResources", "resources")).map((resource) => resource.uri);
    const wanted = [
      ...(Object.values(servers).includes("everything") ? RESOURCES : []),
      ...(Object.values(servers).includes("memory") ? ["memory://knowledge-graph"] : []),
      ...(Object.values(servers).includes("apps") ? [APP] : []),
      ...(Object.values(servers).includes("modern") ? modernResources : []),
    ];
    assert.deepEqual(wanted.filter((uri) => !uris.includes(uri)), [], "missing resources");
    for (const uri of new Set(uris)) assert.equal(only(await session.client.readResource({ uri })).uri, uri);
  },
  async "templates are listed and can be read"(session, servers) {
    if (!session.client.getServerCapabilities().resources) return;
    const templates = (await session.all("listResourceTemplates", "resourceTemplates")).map((template) => template.uriTemplate);
    if (!Object.values(servers).includes("everything")) return;
    assert.ok(templates.includes("demo://resource/dynamic/text/{resourceId}"), JSON.stringify(templates));
    assert.match(only(await session.client.readResource({ uri: "demo://resource/dynamic/text/7" })).text, /Resource 7/);
    assert.ok(only(await session.client.readResource({ uri: "demo://resource/dynamic/blob/8" })).blob.length > 0);
    const { completion } = await session.client.complete({
      ref: { type: "ref/resource", uri: "demo://resource/dynamic/text/{resourceId}" },
      argument: { name: "resourceId", value: "12" },
    });
    assert.deepEqual(completion.values, ["12"]);
  },
  async "forty calls at once are answered to their callers"(session, servers) {
    const everything = Object.keys(servers).filter((server) => servers[server] === "everything");
    if (everything.length === 0) return;
    await Promise.all(Array.from({ length: 40 }, async (_, index) => {
      const message = `caller ${index}`;
      assert.equal(await session.text(everything[index % everything.length], "echo", { message }), `Echo: ${message}`);
    }));
  },
  async "an unknown tool is refused"(session) {
    await assert.rejects(async () => {
      const { isError } = await session.call(undefined, "no_such_tool_anywhere");
      if (isError) throw new Error("refused");
    });
  },
};

/** Cases for one server, by its kind. */
export const serverCases = {
  modern: modernCases,
  everything: {
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
      const name = `from-${server ?? "alone"}.gz`;
      const { content } = await session.call(server, "gzip-file-as-resource", { name, data: dataUri("hello"), outputType: "resourceLink" });
      const link = content.find((item) => item.type === "resource_link");
      assert.equal(only(await session.client.readResource({ uri: link.uri })).uri, link.uri);
      await session.hears("notifications/resources/list_changed", undefined, { since });
    },
    "progress of a long operation": async (session, server) => {
      const seen = [];
      await session.call(server, "trigger-long-running-operation", { duration: 0.4, steps: 4 }, { onprogress: (progress) => seen.push(progress) });
      // The SDKs drop the last one when the result is right behind it.
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
  },
  filesystem: {
    "files are written, edited, moved, found and read": async (session, server) => {
      const [folder] = (await session.text(server, "list_allowed_directories")).split("\n").slice(1);
      const at = (name) => `${folder}/${session.sdk}-${process.pid}/${name}`;
      await session.call(server, "create_directory", { path: at("") });
      await session.call(server, "write_file", { path: at("a.txt"), content: "one\ntwo\nthree\n" });
      assert.match(await session.text(server, "edit_file", { path: at("a.txt"), edits: [{ oldText: "two", newText: "zwei" }] }), /\+zwei/);
      await session.call(server, "move_file", { source: at("a.txt"), destination: at("b.txt") });
      assert.match(await session.text(server, "search_files", { path: at(""), pattern: "*.txt" }), /b\.txt/);
      assert.equal(await session.text(server, "read_text_file", { path: at("b.txt") }), "one\nzwei\nthree\n");
      assert.equal(await session.text(server, "read_file", { path: at("b.txt"), head: 1 }), "one");
      assert.match(await session.text(server, "read_multiple_files", { paths: [at("b.txt")] }), /zwei/);
      assert.match(await session.text(server, "list_directory", { path: at("") }), /\[FILE\] b\.txt/);
      assert.match(await session.text(server, "list_directory_with_sizes", { path: at("") }), /b\.txt/);
      assert.match(await session.text(server, "directory_tree", { path: at("") }), /b\.txt/);
      assert.match(await session.text(server, "get_file_info", { path: at("b.txt") }), /size: 15/);
      assert.equal((await session.call(server, "read_media_file", { path: at("b.txt") })).isError ?? false, false);
    },
    "a path outside is a tool error, not a protocol error": async (session, server) => {
      const result = await session.call(server, "read_text_file", { path: "/etc/hostname" });
      assert.equal(result.isError, true);
    },
  },
  memory: {
    "a graph is built, searched and torn down": async (session, server) => {
      const mine = (name) => `${name} ${session.sdk} ${process.pid}`;
      await session.call(server, "create_entities", {
        entities: [
          { name: mine("Odin"), entityType: "god", observations: ["one eye"] },
          { name: mine("Huginn"), entityType: "raven", observations: [] },
        ],
      });
      await session.call(server, "create_relations", { relations: [{ from: mine("Huginn"), to: mine("Odin"), relationType: "serves" }] });
      await session.call(server, "add_observations", { observations: [{ entityName: mine("Huginn"), contents: ["flies at dawn"] }] });
      assert.match(await session.text(server, "search_nodes", { query: mine("Huginn") }), /flies at dawn/);
      assert.match(await session.text(server, "open_nodes", { names: [mine("Odin")] }), /one eye/);
      assert.match(only(await session.client.readResource({ uri: "memory://knowledge-graph" })).text, new RegExp(mine("Odin")));
      await session.call(server, "delete_relations", { relations: [{ from: mine("Huginn"), to: mine("Odin"), relationType: "serves" }] });
      await session.call(server, "delete_observations", { deletions: [{ entityName: mine("Huginn"), observations: ["flies at dawn"] }] });
      await session.call(server, "delete_entities", { entityNames: [mine("Odin"), mine("Huginn")] });
      assert.ok(!(await session.text(server, "read_graph")).includes(mine("Odin")));
    },
  },
  apps: {
    "the app's tool names its page, and the page can be read": async (session, server) => {
      const tool = (await session.all("listTools", "tools")).find(({ name }) => name === session.named(server, "get-time"));
      assert.equal(tool._meta.ui.resourceUri, APP);
      assert.equal(tool._meta["ui/resourceUri"], APP);
      assert.ok(!Number.isNaN(Date.parse(await session.text(server, "get-time"))));
      const page = only(await session.client.readResource({ uri: APP }));
      assert.equal(page.mimeType, "text/html;profile=mcp-app");
      assert.match(page.text, /<html/i);
    },
  },
};
