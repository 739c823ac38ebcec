namespace Mimir.Wicked;

/// <summary>Which eras the server speaks.</summary>
internal enum ScriptEra
{
    /// <summary>Only <c>initialize</c>.</summary>
    Legacy,

    /// <summary>Only per-request <c>_meta</c>.</summary>
    Modern,

    /// <summary>Both, told apart per request.</summary>
    Dual,
}
