namespace Mimir.Cli.Hosting;

/// <summary>An app on this machine that has an MCP server inside, or one that a server waits for.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Address">Where it is reached, without path; null while it does not run, and of one that comes to routers by itself.</param>
/// <param name="Pid">Its process; null while it does not run.</param>
/// <param name="NeedsToken">Whether it asks for a token.</param>
/// <param name="Servers">The names of the servers that are it.</param>
internal sealed record AppRow(string Name, string? Address, int? Pid, bool NeedsToken, IReadOnlyList<string> Servers)
{
    /// <summary>The command that makes a server of it.</summary>
    public string Offer => $"mimir add NAME --app '{Terminal.SafeText.Line(Name).Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
