using System.Text.Json.Nodes;

namespace Mimir.Embed.Databases;

/// <summary>Some of the items of a database, as they are told.</summary>
/// <param name="Items">The items. One that could not be written is told with its id and what is wrong.</param>
/// <param name="Total">How many there are that were asked for, here and on other pages.</param>
/// <param name="Offset">How many of them lie before these.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
internal sealed record ItemPage(JsonArray Items, int Total, int Offset, int? Next)
{
    /// <summary>As one object.</summary>
    public JsonObject ToJson()
    {
        var page = new JsonObject { ["items"] = Items.DeepClone(), ["total"] = Total, ["offset"] = Offset };
        if (Next is { } next) page["next_offset"] = next;
        return page;
    }
}
