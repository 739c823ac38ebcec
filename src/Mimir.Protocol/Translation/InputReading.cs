namespace Mimir.Protocol.Translation;

/// <summary>How the reading of an <c>input_required</c> result ended.</summary>
public enum InputReading : byte
{
    /// <summary>It asks, or gives a state to come back with.</summary>
    Ok,

    /// <summary>No such result.</summary>
    NotAsked,

    /// <summary>Neither of the two is there, one is of the wrong kind, or a name that decides something stands twice.</summary>
    Malformed,

    /// <summary>It asks for more than <see cref="InputRequests.Most"/> things.</summary>
    TooMany,
}
