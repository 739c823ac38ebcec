using System.Collections.Concurrent;
using System.Text.Json;
using Mimir.Protocol.Revisions;
using Mimir.Router.Catalog;
using Mimir.Router.State;

namespace Mimir.Router.Engine;

/// <summary>
/// The kinds of modern clients: those that see the same servers and can do the same share lists, and the connections to legacy
/// servers. Modern clients say with every request what they can do. At most 16 kinds at a time say more than which questions they
/// take, for that is theirs to make up; of these there are a few dozen at most. Thread-safe.
/// </summary>
internal sealed class ModernKinds(CatalogStore store)
{
    private const int MostSpellings = 256;
    private const int MostPeculiar = 16;
    private const long KeptMs = 5 * 60_000;
    private readonly ConcurrentDictionary<View, Kinds> _views = new();
    private readonly Lock _adding = new();

    /// <summary>The lists of all kinds that are known now.</summary>
    public IEnumerable<ClientCatalog> All => _views.Values.SelectMany(static v => v.Catalogs.Values.Select(static k => k.Catalog));

    /// <summary>The lists of clients that can do what they say.</summary>
    public ClientCatalog CatalogFor(View view, ReadOnlySpan<byte> capabilities)
    {
        var kinds = _views.TryGetValue(view, out var known) ? known : _views.GetOrAdd(view, static _ => new Kinds());
        var found = kinds.Spellings.TryGetValue(capabilities, out var catalog) ? catalog : Add(kinds, view, capabilities);
        found.IsUsed = true;
        return found;
    }

    /// <summary>The profiles of clients that were there lately; the others are forgotten.</summary>
    /// <param name="listened">The lists that clients listen to changes of: they are there as long as their streams are.</param>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public IReadOnlyList<string> TakeUsed(IReadOnlySet<ClientCatalog> listened, long now)
    {
        var used = new List<string>();
        foreach (var kinds in _views.Values)
        {
            foreach (var (key, kind) in kinds.Catalogs)
            {
                if (kind.Catalog.IsUsed || kind.LastUsed == 0 || listened.Contains(kind.Catalog))
                {
                    (kind.Catalog.IsUsed, kind.LastUsed) = (false, now);
                }

                if (now - kind.LastUsed <= KeptMs || ReferenceEquals(kind.Catalog.Profile, ClientProfile.Plain))
                {
                    used.Add(key);
                }
                else if (kinds.Catalogs.TryRemove(key, out _))
                {
                    kinds.Forget(kind.Catalog);
                }
            }
        }

        return used;
    }

    /// <summary>Nobody comes in by a view any more.</summary>
    public void Forget(View view) => _views.TryRemove(view, out _);

    private ClientCatalog Add(Kinds kinds, View view, ReadOnlySpan<byte> capabilities)
    {
        ClientProfile profile;
        try
        {
            profile = ClientProfile.CreateModern(capabilities);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Keys that are no text, or nested deeper than anybody compares: what nobody understands nobody can ask for.
            profile = ClientProfile.Plain;
        }

        lock (_adding)
        {
            // Each kind may take connections of its own at every legacy server. A further one counts as one that can do no more than usual.
            var bare = profile.Bare();
            var fits = ReferenceEquals(bare, profile) || IsKnown(profile) || Peculiar().Count < MostPeculiar;
            var told = fits ? profile : bare;
            var kind = kinds.Catalogs.GetOrAdd(told.Key, _ => new Kind(new ClientCatalog(store, view, Era.Modern, told, null)));
            if (fits)
            {
                kinds.Note(capabilities, kind.Catalog);
            }

            return kind.Catalog;
        }
    }

    private bool IsKnown(ClientProfile profile) => _views.Values.Any(v => v.Catalogs.ContainsKey(profile.Key));

    private HashSet<string> Peculiar() =>
        [.. All.Select(static c => c.Profile).Where(static p => !ReferenceEquals(p.Bare(), p)).Select(static p => p.Key)];

    private sealed class Kind(ClientCatalog catalog)
    {
        public ClientCatalog Catalog { get; } = catalog;

        public long LastUsed { get; set; }
    }

    /// <summary>The kinds behind one view, found by their profile, and by the bytes in which clients spell it.</summary>
    private sealed class Kinds
    {
        private readonly ConcurrentDictionary<byte[], ClientCatalog> _spellings = new(Utf8Comparer.Instance);

        public Kinds() => Spellings = _spellings.GetAlternateLookup<ReadOnlySpan<byte>>();

        public ConcurrentDictionary<string, Kind> Catalogs { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<byte[], ClientCatalog>.AlternateLookup<ReadOnlySpan<byte>> Spellings { get; }

        public void Note(ReadOnlySpan<byte> capabilities, ClientCatalog catalog)
        {
            if (_spellings.Count >= MostSpellings)
            {
                // Whoever spells a kind anew each time pays for it alone.
                _spellings.Clear();
            }

            _spellings[capabilities.ToArray()] = catalog;
        }

        public void Forget(ClientCatalog catalog)
        {
            foreach (var (spelling, named) in _spellings)
            {
                if (ReferenceEquals(named, catalog))
                {
                    _spellings.TryRemove(spelling, out _);
                }
            }
        }
    }
}
