using System.Text.Json;
using Mimir.Embed.Databases;

namespace Mimir.Embed.Tests.Databases;

/// <summary>An item that derives from nothing.</summary>
internal sealed class InventoryItem : IMcpDatabaseItem
{
    public string ObjectId { get; set; } = "";

    public string Name { get; set; } = "";

    public string ToJson() => Name == "broken" ? throw new InvalidOperationException("It is broken.") : Name == "garbage" ? "{" : $$"""{"name":{{JsonSerializer.Serialize(Name)}}}""";
}
