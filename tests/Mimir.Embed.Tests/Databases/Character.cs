using Mimir.Embed.Databases;

namespace Mimir.Embed.Tests.Databases;

/// <summary>An item that derives from the house's own base.</summary>
internal sealed class Character : DatabaseItem
{
    public string CharacterName = "";

    public string Description = "";

    public int Level { get; set; }

    public bool IsHostile { get; set; }

    public string? Guild { get; set; }

    internal bool IsDestroyed { get; set; }
}
