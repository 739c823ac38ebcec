using System.Collections.Immutable;

namespace Mimir.Configuration.Showing;

/// <summary>What would change if another configuration stood in the place of one. Values are as <see cref="ShownKey"/> shows them.</summary>
/// <param name="Changes">Every key that differs, in the order of the guide: those of now, then those that only the other has.</param>
public sealed record ConfigDifference(ImmutableArray<KeyChange> Changes)
{
    /// <summary>Compares.</summary>
    /// <param name="now">The keys in effect.</param>
    /// <param name="other">Those that would be.</param>
    public static ConfigDifference Between(ImmutableArray<ShownKey> now, ImmutableArray<ShownKey> other)
    {
        var (before, after) = (Names(now), Names(other));
        var there = other.ToDictionary(static k => k.Key, StringComparer.Ordinal);
        var here = now.Select(static k => k.Key).ToHashSet(StringComparer.Ordinal);
        var changes = ImmutableArray.CreateBuilder<KeyChange>();
        foreach (var key in now)
        {
            if (!there.TryGetValue(key.Key, out var otherKey) || !string.Equals(key.Raw, otherKey.Raw, StringComparison.Ordinal))
            {
                changes.Add(new KeyChange(Of(key, before, after), key, otherKey));
            }
        }

        foreach (var key in other.Where(k => !here.Contains(k.Key)))
        {
            changes.Add(new KeyChange(Of(key, before, after), null, key));
        }

        return new ConfigDifference(changes.DrainToImmutable());
    }

    private static HashSet<(string, string)> Names(ImmutableArray<ShownKey> keys) => [.. keys.Where(static k => k.Name.Length > 0).Select(static k => (k.Section, k.Name))];

    private static ChangeKind Of(ShownKey key, HashSet<(string, string)> before, HashSet<(string, string)> after)
    {
        var owner = (key.Section, key.Name);
        return key.Name.Length == 0 || (before.Contains(owner) && after.Contains(owner)) ? ChangeKind.Changed : after.Contains(owner) ? ChangeKind.Added : ChangeKind.Removed;
    }
}
