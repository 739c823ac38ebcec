namespace Mimir.Protocol.Headers;

/// <summary>The headers of one request, as whoever received it holds them. Implement it on a struct: calls are then not boxed.</summary>
public interface IHeaderLookup
{
    /// <summary>Finds a header.</summary>
    /// <param name="name">Its name; compared without regard to case.</param>
    /// <param name="value">Its value when it was sent exactly once.</param>
    /// <returns>How many times it was sent.</returns>
    int Find(string name, out string? value);
}
