using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Mimir.Management.Inventory;

/// <summary>
/// Who may ask at the door of plugins: each process of a plugin is given a pass of its own, a random word that is good for as long as that
/// process lives. Thread-safe.
/// </summary>
public sealed class InventoryPasses
{
    private const int Bytes = 32;
    private readonly ConcurrentDictionary<string, string> _passes = new(StringComparer.Ordinal);

    /// <summary>Makes a pass: 64 characters, 256 of its bits random.</summary>
    /// <param name="plugin">Whose it is.</param>
    public string Issue(string plugin)
    {
        var pass = RandomNumberGenerator.GetHexString(Bytes * 2, lowercase: true);
        _passes[pass] = plugin;
        return pass;
    }

    /// <summary>Makes a pass good for nothing.</summary>
    public void Revoke(string pass) => _passes.TryRemove(pass, out _);

    /// <summary>The plugin whose pass somebody shows; null when it is nobody's. How long it takes tells nothing of the passes that there are.</summary>
    public string? Find(string shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        var bytes = Encoding.UTF8.GetBytes(shown);
        string? found = null;
        foreach (var pass in _passes)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(pass.Key), bytes))
            {
                found = pass.Value;
            }
        }

        return found;
    }
}
