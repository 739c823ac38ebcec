// What is done with our own server of the stateless era: the servers written by others speak the session era only.
import assert from "node:assert/strict";
import { ROOTS } from "./session.mjs";

export const modernTools = [
  "test_simple_text", "test_image_content", "odd_bytes", "wait", "test_x_mcp_header", "any_structure", "touch_resource",
  "test_trigger_tool_change", "test_input_required_result_elicitation", "test_input_required_result_multi_round", "greet",
];

export const modernResources = ["test://static-text", "test://static-binary", "test://watched-resource"];

const text = async (session, server, tool, args, options) => (await session.call(server, tool, args, options)).content[0].text;

export const modernCases = {
  "text, image, odd bytes, any structure": async (session, server) => {
    assert.match(await text(session, server, "test_simple_text"), /simple text/);
    assert.equal((await session.call(server, "test_image_content")).content[0].mimeType, "image/png");
    const odd = await session.call(server, "odd_bytes");
    assert.equal(odd.content[0].text, "café \u2028 😀 <&> \u0001 / \\ \"");
    assert.deepEqual(odd.structuredContent, { big: 1e21, tiny: 1.5e-9, text: "é\u2029\u007f", unknown: [null, { "": 0 }] });
    assert.deepEqual(odd._meta["example.com/trace"], { a: [1, 2, 3] });
    assert.deepEqual((await session.call(server, "any_structure")).structuredContent, [1, 2.5, 3]);
  },
  "arguments mirrored in headers": async (session, server) => {
    await session.all("listTools", "tools");
    const args = { region: "Þórshöfn", count: 42, dry: false, note: "n" };
    assert.deepEqual(JSON.parse(await text(session, server, "test_x_mcp_header", args)), args);
  },
  "progress": async (session, server) => {
    const seen = [];
    await session.call(server, "test_tool_with_progress", {}, { onprogress: ({ progress }) => seen.push(progress) });
    assert.deepEqual(seen, [0, 50, 100]);
  },
  "a call can be canceled": async (session, server) => {
    const abort = new AbortController();
    const waiting = session.call(server, "wait", { ms: 30_000 }, { signal: abort.signal });
    setTimeout(() => abort.abort("enough"), 100);
    await assert.rejects(waiting);
    assert.match(await text(session, server, "greet", { name: "you" }), /Hello, you!/);
  },
  "questions of every kind, one, many, and in rounds": async (session, server) => {
    assert.equal(await text(session, server, "test_input_required_result_elicitation"), "Hello, Ada!");
    assert.match(await text(session, server, "test_input_required_result_sampling"), /sampled<What is the capital of France\?>/);
    assert.equal(await text(session, server, "test_input_required_result_list_roots"), ROOTS[0].uri);
    assert.equal(await text(session, server, "test_input_required_result_request_state"), "state-ok");
    assert.equal(await text(session, server, "test_input_required_result_multiple_inputs"), "sampled<Generate a greeting> Ada, 1 roots");
    assert.equal(await text(session, server, "test_input_required_result_multi_round"), "Ada likes blue");
  },
  "prompts, one of which asks": async (session, server) => {
    assert.match((await session.prompt(server, "test_prompt_with_arguments", { arg1: "a", arg2: "b" })).messages[0].content.text, /arg1='a', arg2='b'/);
    assert.equal((await session.prompt(server, "test_input_required_result_prompt")).messages[0].content.text, "Use this context: here");
  },
  "completion": async (session, server) => {
    const ref = { type: "ref/prompt", name: session.named(server, "test_prompt_with_arguments") };
    const { completion } = await session.client.complete({ ref, argument: { name: "arg1", value: "par" } });
    assert.deepEqual(completion.values, ["paris", "park", "party"]);
  },
  "resources, by template too, and one that is not there": async (session) => {
    assert.match((await session.client.readResource({ uri: "test://static-text" })).contents[0].text, /static text/);
    assert.equal(JSON.parse((await session.client.readResource({ uri: "test://template/9/data" })).contents[0].text).id, "9");
    await assert.rejects(session.client.readResource({ uri: "test://nowhere" }), ({ code, data }) => {
      assert.equal(code, -32602);
      assert.equal(data.uri, "test://nowhere");
      return true;
    });
  },
  "a subscription hears what it asked for and nothing else": async (session, server) => {
    const since = session.heard.length;
    const subscription = await session.client.listen({ toolsListChanged: true });
    assert.deepEqual(subscription.honoredFilter, { toolsListChanged: true });
    await session.call(server, "test_trigger_prompt_change");
    await session.call(server, "test_trigger_tool_change");
    await session.hears("notifications/tools/list_changed", undefined, { since });
    assert.ok(!session.heard.slice(since).some(({ method }) => method === "notifications/prompts/list_changed"));
    await subscription.close();
    await session.call(server, "test_trigger_prompt_change");
    await session.call(server, "test_trigger_tool_change");
  },
  "a missing capability is named": async (session, server) => {
    assert.match(await text(session, server, "test_missing_capability"), /sampling is declared/);
  },
};
