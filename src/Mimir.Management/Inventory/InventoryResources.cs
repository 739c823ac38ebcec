using ModelContextProtocol.Protocol;

namespace Mimir.Management.Inventory;

/// <summary>The resources of the inventory: lists, and one for each host and service.</summary>
internal static class InventoryResources
{
    private const string Scheme = "inventory://";
    private const string Json = "application/json";

    /// <summary>Those that are always there.</summary>
    public static IReadOnlyList<Resource> All { get; } =
    [
        Listed("hosts", "Hosts", "All hosts of the inventory that the reader may know of."),
        Listed("services", "Services", "All services of the inventory that the reader may know of."),
        Listed("summary", "Summary", "How many there are, and how many hosts of each type."),
    ];

    /// <summary>One for each host and service.</summary>
    public static IReadOnlyList<ResourceTemplate> Templates { get; } =
    [
        new ResourceTemplate { Name = "host", Title = "Host", UriTemplate = Scheme + "hosts/{name}", Description = "The host of a name.", MimeType = Json },
        new ResourceTemplate { Name = "service", Title = "Service", UriTemplate = Scheme + "services/{name}", Description = "The service of a name.", MimeType = Json },
    ];

    /// <summary>What a resource holds now.</summary>
    /// <param name="content">What the reader may know.</param>
    /// <param name="uri">The resource.</param>
    /// <returns>JSON; null when the reader knows of no such resource.</returns>
    public static string? Read(InventoryContent content, string? uri)
    {
        if (uri?.StartsWith(Scheme, StringComparison.Ordinal) != true)
        {
            return null;
        }

        var path = uri[Scheme.Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 ? path : path[..(slash + 1)]) switch
        {
            "hosts" => InventoryContent.HostsJson(content.Hosts),
            "services" => InventoryContent.ServicesJson(content.Services),
            "summary" => content.SummaryJson(),
            "hosts/" => One(content.Hosts, path[(slash + 1)..]),
            "services/" => One(content.Services, path[(slash + 1)..]),
            _ => null,
        };
    }

    /// <summary>A result of <c>resources/read</c>.</summary>
    public static ReadResourceResult Contents(string uri, string json) =>
        new() { Contents = [new TextResourceContents { Uri = uri, MimeType = Json, Text = json }] };

    private static string? One(IEnumerable<InventoryItem> items, string name)
    {
        var wanted = Uri.UnescapeDataString(name);
        return items.FirstOrDefault(item => item.Name == wanted)?.Json;
    }

    private static Resource Listed(string name, string title, string description) =>
        new() { Name = name, Title = title, Uri = Scheme + name, Description = description, MimeType = Json };
}
