namespace Mimir.Faults.Oracle;

/// <summary>What must never happen.</summary>
internal enum Wrong
{
    /// <summary>No end, or no more than a broken connection, where there had to be one; or something well that is not to be found.</summary>
    Lost,

    /// <summary>Answered or run twice.</summary>
    Duplicate,

    /// <summary>Another's answer or news.</summary>
    Misdelivered,

    /// <summary>Other bytes than were sent.</summary>
    Corrupt,

    /// <summary>An error that does not say what it must, or says what is not so; or an error where nothing was wrong.</summary>
    Error,

    /// <summary>Something that was not given back: a process, a descriptor, memory; or a server that does not come back.</summary>
    Left,

    /// <summary>Others, or answers that had to come, were held up more than they may be.</summary>
    Slow,

    /// <summary>An end, beyond the deadline and its slack.</summary>
    Late,
}
