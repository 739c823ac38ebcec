namespace Mimir.Configuration.Tree;

/// <summary>
/// Text in which nothing is replaced: that of files that know no variables, and that of a plugin's manifest, which is often somebody
/// else's word. With <c>${NAME}</c> it could have any variable and, past its <c>credential_refs</c>, any secret.
/// </summary>
internal static class LiteralText
{
    /// <summary>The text as it has to be written so that reading it gives the text.</summary>
    public static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    /// <summary>The tree with every string so written.</summary>
    public static ConfigNode Escape(ConfigNode node) => node.Kind switch
    {
        ConfigKind.Object => ConfigNode.Object(node.Mark, node.Path, [.. node.Members.Select(m => m with { Value = Escape(m.Value) })]),
        ConfigKind.Array => ConfigNode.Array(node.Mark, node.Path, [.. node.Items.Select(Escape)]),
        ConfigKind.String => ConfigNode.Scalar(ConfigKind.String, node.Mark, node.Path, Escape(node.Text)),
        _ => node,
    };

    /// <summary>A string in the place of another node.</summary>
    public static ConfigNode Node(ConfigNode at, string text) => ConfigNode.Scalar(ConfigKind.String, at.Mark, at.Path, Escape(text));
}
