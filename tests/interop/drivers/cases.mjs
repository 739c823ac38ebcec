// What is done with each kind of server, through whichever client. A case throws when it finds fault.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { everythingAcrossCases } from "./across-cases.mjs";
import { everythingCases } from "./everything-cases.mjs";
import { modernCases, modernResources, modernTools } from "./modern-cases.mjs";
import { only } from "./session.mjs";

const RESOURCES = ["architecture", "extension", "features", "how-it-works", "instructions", "startup", "structure"]
  .map((name) => `demo://resource/static/document/${name}.md`);

const EVERYTHING = [
  "echo", "get-annotated-message", "get-env", "get-resource-links", "get-resource-reference", "get-structured-content",
  "get-sum", "get-tiny-image", "gzip-file-as-resource", "toggle-simulated-logging", "toggle-subscriber-updates",
  "trigger-long-running-operation", "get-roots-list", "trigger-elicitation-request", "trigger-url-elicitation",
  "trigger-sampling-request", "simulate-research-query",
];

const TOOLS = {
  everything: EVERYTHING,
  "everything across": EVERYTHING,
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

/** Whether a kind is server-everything, used by a client of its era or of the other. */
const isEverything = (kind) => kind.startsWith("everything");

const APP = "ui://get-time/mcp-app.html";

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
      ...(Object.values(servers).some(isEverything) ? RESOURCES : []),
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
    if (!Object.values(servers).some(isEverything)) return;
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
    const everything = Object.keys(servers).filter((server) => isEverything(servers[server]));
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
  everything: everythingCases,
  "everything across": everythingAcrossCases,
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
