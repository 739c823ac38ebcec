using System.Text;
using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>The bounds of a vault, and what it takes.</summary>
public static class VaultLimits
{
    /// <summary>Most secrets.</summary>
    public const int MostEntries = 1000;

    /// <summary>Longest value, in bytes of UTF-8.</summary>
    public const int MostValueBytes = 64 << 10;

    /// <summary>Most bytes of all names and values.</summary>
    public const int MostBytes = 4 << 20;

    /// <summary>What speaks against a value, without a full stop and without any part of it; null when nothing does.</summary>
    public static string? Fault(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length == 0 ? "is empty"
            : value.Contains('\0', StringComparison.Ordinal) ? "holds the character NUL, which no system passes on"
            : !IsText(value) ? "is no text: half of a pair of characters stands in it"
            : value.Length > MostValueBytes || Encoding.UTF8.GetByteCount(value) > MostValueBytes ? $"is longer than {MostValueBytes >> 10} KiB"
            : null;
    }

    /// <summary>Refuses what a vault does not take.</summary>
    /// <exception cref="VaultException">The name or the value is not taken; the text shows neither.</exception>
    internal static void Check(string file, string name, string value)
    {
        if (CredentialNames.Fault(name) is { } wrong)
        {
            throw Refused(file, $"the name of a secret {wrong}", "Choose another name");
        }

        if (Fault(value) is { } unfit)
        {
            throw Refused(file, $"the value {unfit}", "Give another one");
        }
    }

    /// <summary>An error about what it was to hold.</summary>
    internal static VaultException Refused(string file, string message, string remedy) =>
        new(VaultTrouble.Refused, new CredentialFault(file, message, remedy));

    private static bool IsText(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
