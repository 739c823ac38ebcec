namespace Mimir.Embed.Subscriptions;

/// <summary>Who of all clients of a host is told of what.</summary>
/// <param name="most">Most subscribers at a time.</param>
internal sealed class SubscriberTable(int most)
{
    private readonly object _gate = new();
    private readonly HashSet<Subscriber> _all = [];
    private readonly Dictionary<string, HashSet<Subscriber>> _byUri = new(StringComparer.Ordinal);

    /// <summary>Subscribers.</summary>
    public int Count
    {
        get { lock (_gate) return _all.Count; }
    }

    /// <summary>Addresses that somebody asks for.</summary>
    public int Uris
    {
        get { lock (_gate) return _byUri.Count; }
    }

    /// <summary>Lets somebody in.</summary>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public void Add(Subscriber subscriber)
    {
        lock (_gate)
        {
            if (_all.Count >= most && !_all.Contains(subscriber)) throw new InvalidOperationException($"{most} clients are told of changes already. Try again later.");
            _all.Add(subscriber);
        }
    }

    /// <summary>Subscribes.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="uri">To what, in its one spelling.</param>
    /// <param name="spelled">As it is told.</param>
    /// <returns>False when that one has too many already, or is not there any more.</returns>
    public bool TrySubscribe(Subscriber subscriber, string uri, string spelled)
    {
        lock (_gate)
        {
            if (!_all.Contains(subscriber) || (subscriber.Uris.Count >= Subscriber.MaxUris && !subscriber.Uris.ContainsKey(uri))) return false;
            subscriber.Uris[uri] = spelled;
            if (!_byUri.TryGetValue(uri, out var set)) _byUri[uri] = set = [];
            set.Add(subscriber);
            return true;
        }
    }

    /// <summary>Unsubscribes; nothing when it is not subscribed.</summary>
    public void Unsubscribe(Subscriber subscriber, string uri)
    {
        lock (_gate)
        {
            if (!subscriber.Uris.TryGetValue(uri, out var spelled)) return;
            subscriber.Uris.Remove(uri);
            subscriber.Forget(spelled);
            Leave(subscriber, uri);
        }
    }

    /// <summary>Forgets somebody, and all that was asked for.</summary>
    public void Remove(Subscriber subscriber)
    {
        subscriber.End();
        lock (_gate)
        {
            _all.Remove(subscriber);
            foreach (var uri in subscriber.Uris.Keys) Leave(subscriber, uri);
            subscriber.Uris.Clear();
        }
    }

    /// <summary>Notes that a resource has changed.</summary>
    public void Updated(string uri)
    {
        lock (_gate)
        {
            if (_byUri.TryGetValue(uri, out var set)) Note(set, uri);
        }
    }

    /// <summary>Notes that all resources have changed whose addresses begin so.</summary>
    public void UpdatedBelow(string prefix)
    {
        lock (_gate)
        {
            foreach (var (uri, set) in _byUri)
            {
                if (uri.StartsWith(prefix, StringComparison.Ordinal)) Note(set, uri);
            }
        }
    }

    private static void Note(HashSet<Subscriber> set, string uri)
    {
        foreach (var subscriber in set) subscriber.NoteUpdated(subscriber.Uris[uri]);
    }

    private void Leave(Subscriber subscriber, string uri)
    {
        if (_byUri.TryGetValue(uri, out var set) && set.Remove(subscriber) && set.Count == 0) _byUri.Remove(uri);
    }
}
