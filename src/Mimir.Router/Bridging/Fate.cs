namespace Mimir.Router.Bridging;

/// <summary>What becomes of a feature of a server on its way to a client of some revision.</summary>
public enum Fate : byte
{
    /// <summary>The server does not have it.</summary>
    NotOffered,

    /// <summary>It passes as it is.</summary>
    AsIs,

    /// <summary>It reaches the client in another form.</summary>
    Translated,

    /// <summary>The client's revision has no room for it; something is said in its place.</summary>
    Lost,
}
