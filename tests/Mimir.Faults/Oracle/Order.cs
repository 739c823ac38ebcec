namespace Mimir.Faults.Oracle;

/// <summary>A call to be made.</summary>
/// <param name="Server">The server whose ledger is called.</param>
/// <param name="Deadline">When it has to have ended, from its start.</param>
internal sealed record Order(string Server, TimeSpan Deadline)
{
    /// <summary>How long the server takes for it.</summary>
    public int DelayMs { get; init; }

    /// <summary>Progress notifications that it reports.</summary>
    public int Steps { get; init; }

    /// <summary>Least characters of the answer.</summary>
    public int Fill { get; init; }

    /// <summary>A member that has the answer cut, over stdio.</summary>
    public string Cut { get; init; } = "";

    /// <summary>Its nonce; one is drawn when there is none.</summary>
    public string? Nonce { get; init; }

    /// <summary>Whether it may end with an error.</summary>
    public bool MayFail { get; init; } = true;

    /// <summary>Whether it may end with the one error that its server was lost, even where it may not fail.</summary>
    public bool MayBeLost { get; init; }

    /// <summary>Whether that error may be one the server made.</summary>
    public bool MayBeTheirs { get; init; }

    /// <summary>Whether the client's connection may end before it.</summary>
    public bool MayBreak { get; init; }

    /// <summary>Whether to leave its time out of the account: it measures a start and no call.</summary>
    public bool IsUntimed { get; init; }

    /// <summary>Whether it is made to compare with, beside those that the cell has to make.</summary>
    public bool IsBeside { get; init; }
}
