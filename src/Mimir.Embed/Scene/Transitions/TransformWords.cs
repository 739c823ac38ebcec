namespace Mimir.Embed.Scene.Transitions;

/// <summary>What kinds are called.</summary>
internal static class TransformWords
{
    /// <summary>One.</summary>
    public static string Of(TransformKind kind) => kind switch
    {
        TransformKind.Position => "position",
        TransformKind.Rotation => "rotation",
        _ => "scale",
    };

    /// <summary>Several.</summary>
    public static string Of(IEnumerable<TransformKind> kinds) => string.Join(", ", kinds.Select(static k => Of(k)));
}
