using Mimir.Protocol.Revisions;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Bridging;

/// <summary>What survives between a server and clients of each revision, for people. The rules themselves: <see cref="Revision"/>.</summary>
public static class EraTable
{
    /// <summary>Every feature of a server, as clients of a revision have it.</summary>
    /// <param name="server">What was negotiated with the server.</param>
    /// <param name="client">The clients' revision.</param>
    public static IReadOnlyList<FeatureFate> For(Handshake server, Revision client)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(client);
        var from = server.Revision;
        var crosses = from.Era != client.Era;
        var tasks = from.Era == Era.Modern ? server.Has("extensions", "io.modelcontextprotocol/tasks") : server.Has("tasks");
        var completes = server.Has("completions") || !from.KnowsStructuredContent;
        return
        [
            Plain("tools", server.Has("tools")),
            Plain("prompts", server.Has("prompts")),
            Plain("resources", server.Has("resources")),
            Plain("completion", completes),
            Made("list changes", AnyList(server), crosses, client.HasSessions
                ? "told in the session, from a stream that the router keeps open at the server"
                : "told on the client's listen stream"),
            Made("resource subscriptions", server.Has("resources", "subscribe"), crosses, client.HasSessions
                ? "resources/subscribe is kept by the router and joined into its own listen stream"
                : "subscriptions/listen becomes resources/subscribe, counted over all clients"),
            Made("log messages", server.Has("logging"), crosses, client.HasSessions
                ? "logging/setLevel is remembered and goes with every request"
                : "each request's level is set at the server; messages reach the request that asked"),
            Asked("roots", from, client, known: true, serverAsks: true, "roots"),
            Asked("sampling", from, client, known: true, serverAsks: true, "sampling"),
            Asked("elicitation by form", from, client, client.KnowsElicitation, from.KnowsElicitation, "elicitation"),
            Asked("elicitation by URL", from, client, client.KnowsUrlElicitation, from.KnowsUrlElicitation, "elicitation by URL"),
            Content("audio", from.KnowsAudio, client.KnowsAudio, "a text that names its MIME type stands in its place"),
            Content("resource links", from.KnowsResourceLinks, client.KnowsResourceLinks, "a text that names the uri stands in its place"),
            Structured(from, client),
            Content("completion context", completes && from.KnowsCompletionContext, client.KnowsCompletionContext, "its clients send none"),
            Tasks(tasks, from, client),
        ];
    }

    private static bool AnyList(Handshake server) =>
        server.Has("tools", "listChanged") || server.Has("prompts", "listChanged") || server.Has("resources", "listChanged");

    private static FeatureFate Plain(string feature, bool offered) => new(feature, offered ? Fate.AsIs : Fate.NotOffered, "");

    private static FeatureFate Made(string feature, bool offered, bool crosses, string how) =>
        !offered ? new(feature, Fate.NotOffered, "") : crosses ? new(feature, Fate.Translated, how) : new(feature, Fate.AsIs, "");

    private static FeatureFate Content(string feature, bool offered, bool known, string instead) =>
        !offered ? new(feature, Fate.NotOffered, "") : known ? new(feature, Fate.AsIs, "") : new(feature, Fate.Lost, instead);

    private static FeatureFate Asked(string feature, Revision from, Revision client, bool known, bool serverAsks, string capability) =>
        !serverAsks ? new(feature, Fate.NotOffered, "")
        : !known ? new(feature, Fate.Lost, $"such clients cannot be asked: the call fails and names {capability}")
        : from.Era == client.Era ? new(feature, Fate.AsIs, "")
        : new(feature, Fate.Translated, client.MayBeAsked
            ? "the server's input_required becomes a request to the client, whose call stays open"
            : "the server's request becomes input_required; the call is parked until the client comes back");

    private static FeatureFate Structured(Revision from, Revision client) =>
        !from.KnowsStructuredContent ? new("structured content", Fate.NotOffered, "")
        : !client.KnowsStructuredContent ? new("structured content", Fate.Lost, "the text alone, or the JSON as text where the server sent none")
        : client.StructuredMustBeObject && !from.StructuredMustBeObject
            ? new("structured content", Fate.Translated, "what is no object becomes the member result of one, in the schema as well")
            : new("structured content", Fate.AsIs, "");

    private static FeatureFate Tasks(bool offered, Revision from, Revision client) =>
        !offered ? new("tasks", Fate.NotOffered, "")
        : client.Era == Era.Legacy && !client.HasCoreTasks ? new("tasks", Fate.Lost, "the call lasts until the task has ended, and answers with its result")
        : from.Era == client.Era ? new("tasks", Fate.AsIs, "")
        : new("tasks", Fate.Translated, "tasks of 2025-11-25 and the tasks extension of 2026-07-28 stand for each other");
}
