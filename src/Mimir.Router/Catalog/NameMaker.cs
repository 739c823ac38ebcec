using System.Security.Cryptography;
using System.Text;
using Mimir.Router.Model;

namespace Mimir.Router.Catalog;

/// <summary>
/// Makes the names clients see: letters, digits and <c>_</c>, at most 64, one per tool whatever the order in which servers start.
/// </summary>
/// <remarks>
/// A name is a function of the configuration and of its own server's list alone (with <see cref="PrefixMode.OnCollision"/> also of
/// the other servers' lists). A stable digest of server and original name is added where the plain form is too long, where two names
/// of one server become equal, or where the plain form could as well belong to another server with a longer prefix.
/// </remarks>
internal sealed class NameMaker
{
    private const int MostLength = 64;
    private const int DigestLength = 8;
    private readonly NamingModel _naming;
    private readonly string[] _prefixes;

    /// <param name="naming">The rules.</param>
    /// <param name="prefixes">All configured prefixes.</param>
    public NameMaker(NamingModel naming, IEnumerable<string> prefixes)
    {
        _naming = naming;
        _prefixes = [.. prefixes];
    }

    /// <summary>Names for all entries of one server, in order.</summary>
    /// <param name="server">The server's name, which goes into digests.</param>
    /// <param name="prefix">Its prefix.</param>
    /// <param name="originals">Its names, all different.</param>
    /// <param name="needsPrefix">Says whether one of them gets the prefix.</param>
    public string[] Make(string server, string prefix, IReadOnlyList<string> originals, Func<string, bool> needsPrefix)
    {
        var plain = new string[originals.Count];
        var uses = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < plain.Length; i++)
        {
            var cleaned = Clean(originals[i]);
            plain[i] = needsPrefix(originals[i]) ? prefix + _naming.Separator + cleaned : StartWithLetter(cleaned);
            uses[plain[i]] = uses.GetValueOrDefault(plain[i]) + 1;
        }

        for (var i = 0; i < plain.Length; i++)
        {
            // Of two that become equal the one that needed no cleaning keeps the plain form.
            var untouched = plain[i] == originals[i] || plain[i] == prefix + _naming.Separator + originals[i];
            var twin = uses[plain[i]] > 1 && !untouched;
            if (plain[i].Length > MostLength || twin || CouldBelongToAnother(plain[i], prefix))
            {
                plain[i] = WithDigest(plain[i], server, originals[i]);
            }
        }

        return plain;
    }

    /// <summary>The name without prefix that <see cref="PrefixMode.OnCollision"/> compares.</summary>
    public static string Clean(string name)
    {
        var clean = true;
        foreach (var c in name)
        {
            clean &= char.IsAsciiLetterOrDigit(c) || c == '_';
        }

        if (clean)
        {
            return name;
        }

        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        }

        return text.ToString();
    }

    /// <summary>A short stable digest.</summary>
    public static string Digest(string server, string original)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(server + "\0" + original));
        return Convert.ToHexStringLower(hash.AsSpan(0, DigestLength / 2));
    }

    private static string StartWithLetter(string name) => name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : "t" + (name.StartsWith('_') ? "" : "_") + name;

    /// <summary>A name with the digest of its origin behind it, cut where that would make it too long.</summary>
    public static string WithDigest(string name, string server, string original)
    {
        var keep = Math.Min(name.Length, MostLength - DigestLength - 1);
        return name[..keep] + "_" + Digest(server, original);
    }

    private bool CouldBelongToAnother(string name, string prefix)
    {
        foreach (var other in _prefixes)
        {
            if (other.Length > prefix.Length && name.Length > other.Length + _naming.Separator.Length
                && name.StartsWith(other, StringComparison.Ordinal)
                && name.AsSpan(other.Length).StartsWith(_naming.Separator, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
