using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Inventory;

/// <summary>What the tools of the inventory say of themselves.</summary>
internal static class InventoryToolDefinitions
{
    public const string Hosts = "inventory_hosts";
    public const string Services = "inventory_services";
    public const string Summary = "inventory_summary";

    private const string Entry = """
        "name":{"type":"string"},
        "type":{"type":"string"},
        "address":{"type":"string","description":"Its name in the network, or its address. That of its host for a service."},
        "host":{"type":"string","description":"The host that a service runs on."},
        "port":{"type":"integer"},
        "auth":{"type":"object","properties":{"method":{"type":"string"},
        "credential_ref":{"type":"string","description":"The name of the secret, never the secret."}}},
        "tags":{"type":"array","items":{"type":"string"}}
        """;

    /// <summary>All tools, in the order they are listed.</summary>
    public static IReadOnlyList<Tool> All { get; } =
    [
        new Tool
        {
            Name = Hosts,
            Title = "Hosts of the inventory",
            Description = "Lists the hosts that the operator wrote down and that the caller may know of: all of them, or those of a type, with a tag or of a name.",
            InputSchema = Json("""
                {"type":"object","properties":{
                "type":{"type":"string","description":"Only hosts of this type, e.g. proxmox."},
                "tag":{"type":"string","description":"Only hosts with this tag."},
                "name":{"type":"string","description":"Only the host of this name."}},"additionalProperties":false}
                """),
            OutputSchema = Listing("hosts"),
            Annotations = ReadOnly,
        },
        new Tool
        {
            Name = Services,
            Title = "Services of the inventory",
            Description = "Lists what runs on the hosts of the inventory, as far as the caller may know of it: all of it, or what is of a type or on a host.",
            InputSchema = Json("""
                {"type":"object","properties":{
                "type":{"type":"string","description":"Only services of this type."},
                "host":{"type":"string","description":"Only services on the host of this name."}},"additionalProperties":false}
                """),
            OutputSchema = Listing("services"),
            Annotations = ReadOnly,
        },
        new Tool
        {
            Name = Summary,
            Title = "Summary of the inventory",
            Description = "Tells how many hosts and services of the inventory the caller may know of, and how many hosts of each type.",
            InputSchema = Json("""{"type":"object","properties":{},"additionalProperties":false}"""),
            OutputSchema = Json("""
                {"type":"object","properties":{"hosts_total":{"type":"integer"},"services_total":{"type":"integer"},
                "host_types":{"type":"object","additionalProperties":{"type":"integer"}}},"required":["hosts_total","services_total","host_types"]}
                """),
            Annotations = ReadOnly,
        },
    ];

    private static ToolAnnotations ReadOnly => new() { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false };

    private static JsonElement Listing(string what) => Json($$$"""
        {"type":"object","properties":{"{{{what}}}":{"type":"array","items":{"type":"object","properties":{{{{Entry}}}},
        "required":["name","type","address","tags"]} } },"required":["{{{what}}}"]}
        """);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
