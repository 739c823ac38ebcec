namespace Mimir.Configuration.Clients;

/// <summary>A program whose servers can be imported.</summary>
/// <param name="Id">How it is named on the command line, e.g. <c>claude-desktop</c>.</param>
/// <param name="Title">How its makers name it.</param>
public sealed record ImportClient(string Id, string Title)
{
    /// <summary>Which variables it replaces.</summary>
    internal ImportVariables Variables { get; init; }

    /// <summary>How many milliseconds one of its <c>timeout</c> is; 0 when that is not known.</summary>
    internal int TimeoutUnit { get; init; }
}
