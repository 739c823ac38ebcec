using System.Text;

namespace Mimir.Router.Catalog;

/// <summary>
/// Names of Mimir's own tools as users of other routers know them: with dots, which most clients do not take in a list. Nobody else's names are
/// looked at so.
/// </summary>
internal static class DottedNames
{
    private const int Most = 64;
    private static readonly string[] s_families = ["mcpmu.", "mcp.router."];

    /// <summary>The name as it is listed; null when it is none of these.</summary>
    public static byte[]? Plain(ReadOnlySpan<byte> name)
    {
        if (name.Length > Most || !name.StartsWith("mcp"u8) || !name.Contains((byte)'.'))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(name);
        return s_families.Any(f => text.StartsWith(f, StringComparison.Ordinal)) ? Encoding.UTF8.GetBytes(text.Replace('.', '_')) : null;
    }
}
