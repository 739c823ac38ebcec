namespace Mimir.Router.Bridging;

/// <summary>What becomes of a request that goes on where an earlier one stopped.</summary>
internal enum ResumeVerdict : byte
{
    /// <summary>Its state was used already, or what it stood for has ended.</summary>
    Gone,

    /// <summary>It waits for the parked call now, or was answered.</summary>
    Taken,

    /// <summary>What the server wanted first has happened: the call is to be sent again.</summary>
    SendAgain,
}
