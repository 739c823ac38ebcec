namespace Mimir.Wicked;

/// <summary>What becomes of a server whose answer was cut.</summary>
internal enum CutEnd
{
    /// <summary>It is killed.</summary>
    Kill,

    /// <summary>It exits with code 0.</summary>
    Exit,

    /// <summary>It closes its stdout and lives on.</summary>
    Close,

    /// <summary>It lives, and not a byte follows.</summary>
    Hang,
}
