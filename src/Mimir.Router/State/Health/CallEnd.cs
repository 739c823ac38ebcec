namespace Mimir.Router.State.Health;

/// <summary>What the end of a call says of its server.</summary>
public enum CallEnd : byte
{
    /// <summary>Nothing: its client left, it was never sent, or what ended it is counted elsewhere.</summary>
    Left,

    /// <summary>It answered, if only with an error.</summary>
    Answered,

    /// <summary>It gave no answer, or none that is one: a page, nothing, what cannot be read or is too large. A status below 500 that refuses is one.</summary>
    Failed,
}
