using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Model;

/// <summary>
/// Some of the hosts or of the services: <c>hosts</c> or <c>hosts:*</c>, <c>services</c>, or one of them with a colon and conditions that must
/// all hold, separated by commas: <c>hosts:type=proxmox,tag=prod</c>. Conditions are on <c>type</c>, <c>tag</c>, <c>name</c>, and for services <c>host</c>.
/// </summary>
/// <param name="IsServices">Services, not hosts.</param>
/// <param name="Conditions">Field, and a pattern over its value: see <see cref="Glob"/>.</param>
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
        foreach (var part in colon < 0 || text.AsSpan(colon + 1).Trim() is "*" ? [] : text[(colon + 1)..].Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var field = equals < 0 ? "" : part[..equals].Trim();
            var value = equals < 0 ? "" : part[(equals + 1)..].Trim();
            if (value.Length is 0 or > Glob.MostCharacters || !(field is "type" or "tag" or "name" || (field == "host" && kind == "services")))
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
        "type" => Glob.Matches(condition.Value, entry.Type),
        "tag" => entry.Tags.Any(tag => Glob.Matches(condition.Value, tag)),
        "name" => Glob.Matches(condition.Value, entry.Name),
        _ => Glob.Matches(condition.Value, entry.Host ?? ""),
    });
}
