namespace Mimir.Router.Sessions;

/// <summary>Which resources lie below which.</summary>
public static class ResourceTree
{
    /// <summary>
    /// Tells whether a subscription to one resource covers another: itself, and what lies below it, but nothing that is merely
    /// spelled alike.
    /// </summary>
    public static bool Contains(string subscribed, string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(subscribed);
        ArgumentNullException.ThrowIfNull(uri);
        return uri.StartsWith(subscribed, StringComparison.Ordinal)
            && (uri.Length == subscribed.Length || subscribed[^1] == '/' || uri[subscribed.Length] is '/' or '?' or '#');
    }
}
