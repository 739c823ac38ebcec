namespace Mimir.Bench;

/// <summary>What stands between client and upstream.</summary>
internal enum Kind : byte
{
    /// <summary>Nothing.</summary>
    Direct,

    /// <summary>The relay that replaces ids.</summary>
    Floor,

    /// <summary>Between pipes only: the same relay as it is commonly written, on System.IO.Pipelines.</summary>
    Pipelines,

    /// <summary>The router.</summary>
    Mimir,
}
