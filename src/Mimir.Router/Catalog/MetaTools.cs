using System.Text;
using Mimir.Protocol.Revisions;

namespace Mimir.Router.Catalog;

/// <summary>The four tools that stand for all others where a namespace is served in meta mode: what clients are told of them.</summary>
internal static class MetaTools
{
    /// <summary>Tells which servers there are.</summary>
    public const string List = "mcp_router_list";

    /// <summary>Tells which tools they have.</summary>
    public const string Help = "mcp_router_help";

    /// <summary>Tells which tools one of them has, and remembers it for the session.</summary>
    public const string Use = "mcp_router_use";

    /// <summary>Calls one of them.</summary>
    public const string Call = "mcp_router_call";

    private const string Reads = """ "annotations":{"readOnlyHint":true,"openWorldHint":false}""";
    private const string Instance = """ "instance_name":{"type":"string","description":"The name of an instance, as mcp_router_list gives it."}""";

    private static readonly CatalogEntry[] s_all =
    [
        Tool(List, "Lists the tool servers (instances) that can be used here, with their states. Begin here.", "", "", Reads),
        Tool(
            Help,
            "Tells which tools the instances have, with descriptions and input schemas: of one instance, or of all when none is named. Read this before mcp_router_call.",
            Instance,
            "",
            Reads),
        Tool(
            Use,
            "Chooses the instance that mcp_router_call uses when it names none, for as long as this session lasts, and tells its tools. Clients without a session name the instance in each call.",
            Instance,
            "\"instance_name\"",
            """ "annotations":{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}"""),
        Tool(
            Call,
            "Calls a tool of an instance and gives its answer.",
            Instance + """
            ,"tool_name":{"type":"string","description":"The name of the tool, as mcp_router_help gives it."},"arguments":{"type":"object","description":"The arguments of the tool, as its inputSchema asks for them."}
            """,
            "\"tool_name\"",
            """ "annotations":{"readOnlyHint":false,"destructiveHint":true,"openWorldHint":true}"""),
    ];

    private static readonly MergedList?[] s_lists = new MergedList?[Revision.All.Length];

    /// <summary>Their definitions.</summary>
    public static IReadOnlyList<CatalogEntry> Written => s_all;

    /// <summary>The list of them as clients of a revision see it.</summary>
    public static MergedList For(Revision revision)
    {
        var at = Revision.All.IndexOf(revision);
        return s_lists[at] ??= MergedList.Of(ListKind.Tools, revision.Era == Era.Modern, All(revision));
    }

    /// <summary>Each of them as clients of a revision see it.</summary>
    public static IReadOnlyList<CatalogEntry> All(Revision revision) => [.. s_all.Select(t => t.For(ListKind.Tools, revision))];

    /// <summary>Which of them a name means: as it is listed, or with dots, as some clients know it; null for none.</summary>
    public static string? Find(ReadOnlySpan<byte> name) => name.Length > 32 ? null : Encoding.UTF8.GetString(name) switch
    {
        List or "mcp.router.list" => List,
        Help or "mcp.router.help" => Help,
        Use or "mcp.router.use" => Use,
        Call or "mcp.router.call" => Call,
        _ => null,
    };

    private static CatalogEntry Tool(string name, string description, string properties, string required, string annotations)
    {
        var json = Encoding.UTF8.GetBytes(
            $$"""{"name":"{{name}}","description":"{{description}}","inputSchema":{"type":"object","properties":{ {{properties.Trim()}} },"required":[{{required}}]},{{annotations.Trim()}}}""");
        return new CatalogEntry(json, EntryKey.Find(json, ListKind.Tools, out _).At, name);
    }
}
