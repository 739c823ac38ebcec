using System.Collections.Immutable;
using System.Text;

namespace Mimir.Management.Inventory;

/// <summary>What somebody may know of the inventory. Immutable.</summary>
/// <param name="Hosts">The hosts, in the order of the operator.</param>
/// <param name="Services">What runs on them, in the same order.</param>
public sealed record InventoryContent(ImmutableArray<InventoryItem> Hosts, ImmutableArray<InventoryItem> Services)
{
    /// <summary>One with nothing in it.</summary>
    public static InventoryContent Empty { get; } = new([], []);

    /// <summary>Hosts as the JSON object <c>{"hosts":[...]}</c>.</summary>
    internal static string HostsJson(IEnumerable<InventoryItem> hosts) => List("hosts", hosts);

    /// <summary>Services as the JSON object <c>{"services":[...]}</c>.</summary>
    internal static string ServicesJson(IEnumerable<InventoryItem> services) => List("services", services);

    /// <summary>How much there is: <c>{"hosts_total","services_total","host_types":{TYPE:COUNT}}</c>, types in the order of their letters.</summary>
    internal string SummaryJson()
    {
        var types = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var host in Hosts)
        {
            types[host.Type] = types.GetValueOrDefault(host.Type) + 1;
        }

        var text = new StringBuilder($$"""{"hosts_total":{{Hosts.Length}},"services_total":{{Services.Length}},"host_types":{""");
        foreach (var type in types)
        {
            text.Append(text[^1] == '{' ? "" : ",").Append(System.Text.Json.JsonSerializer.Serialize(type.Key, InventoryJson.Default.String)).Append(':').Append(type.Value);
        }

        return text.Append("}}").ToString();
    }

    private static string List(string name, IEnumerable<InventoryItem> items) => $$"""{"{{name}}":[{{string.Join(',', items.Select(static item => item.Json))}}]}""";
}
