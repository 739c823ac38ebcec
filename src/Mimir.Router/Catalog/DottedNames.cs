using System.Text;

namespace Mimir.Router.Catalog;

/// <summary>
/// Names of Mimir's own tools as users of other routers know them: with dots, which most clients do not take in a list. Nobody else's names are
/// looked at so.
/// </summary>
public static class DottedNames
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
        var plain = Plain(text);
        return plain == text ? null : Encoding.UTF8.GetBytes(plain);
    }

    /// <summary>The name as it is listed; the same when it is none of these. Servers of such tools are sent what the client wrote.</summary>
    public static string Plain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return s_families.Any(f => name.StartsWith(f, StringComparison.Ordinal)) ? name.Replace('.', '_') : name;
    }
}
