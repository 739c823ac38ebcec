namespace Mimir.Bench;

/// <summary>What stands between client and upstream.</summary>
internal enum Kind : byte
{
    /// <summary>Nothing.</summary>
    Direct,

    /// <summary>The relay that replaces ids.</summary>
    Floor,

    /// <summary>The router.</summary>
    Mimir,
}
