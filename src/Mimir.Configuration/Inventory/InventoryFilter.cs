namespace Mimir.Configuration.Inventory;

/// <summary>
/// Some of the hosts or of the services: <c>hosts</c>, <c>services</c>, or one of them with a colon and conditions that must all hold,
/// separated by commas: <c>hosts:type=proxmox,tag=prod</c>. Conditions are on <c>type</c>, <c>tag</c>, <c>name</c>, and for services <c>host</c>.
/// </summary>
/// <param name="IsServices">Services, not hosts.</param>
/// <param name="Conditions">Field and value, compared letter for letter.</param>
internal sealed record InventoryFilter(bool IsServices, IReadOnlyList<KeyValuePair<string, string>> Conditions)
{
    /// <summary>How to write one, for messages.</summary>
    public const string Example = "hosts, services, or e.g. hosts:type=proxmox,tag=prod";

    /// <summary>Reads one.</summary>
    /// <returns>Null when it is not written so.</returns>
    public static InventoryFilter? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? text : text[..colon];
        if (kind is not ("hosts" or "services"))
        {
            return null;
        }

        var conditions = new List<KeyValuePair<string, string>>();
        foreach (var part in colon < 0 ? [] : text[(colon + 1)..].Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var field = equals < 0 ? "" : part[..equals].Trim();
            var value = equals < 0 ? "" : part[(equals + 1)..].Trim();
            if (value.Length == 0 || !(field is "type" or "tag" or "name" || (field == "host" && kind == "services")))
            {
                return null;
            }

            conditions.Add(new KeyValuePair<string, string>(field, value));
        }

        return new InventoryFilter(kind == "services", conditions);
    }

    /// <summary>Whether every condition holds.</summary>
    public bool Matches(InventoryEntry entry) => Conditions.All(condition => condition.Key switch
    {
        "type" => entry.Type == condition.Value,
        "tag" => entry.Tags.Contains(condition.Value, StringComparer.Ordinal),
        "name" => entry.Name == condition.Value,
        _ => entry.Host == condition.Value,
    });
}
