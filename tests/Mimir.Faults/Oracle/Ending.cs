namespace Mimir.Faults.Oracle;

/// <summary>How a call ended.</summary>
internal enum Ending
{
    /// <summary>With its own answer, whole.</summary>
    Ok,

    /// <summary>With an error, in time.</summary>
    Error,

    /// <summary>With the client's own connection, where that is the fault under test.</summary>
    Gone,

    /// <summary>In a way that is a fault of the router; the account has it.</summary>
    Bad,
}
