namespace Mimir.Configuration.Model;

/// <summary>That a backends file is part of the configuration, and what its environment asks of whoever serves it.</summary>
/// <param name="File">Full path of the file.</param>
/// <param name="IsMain">Whether there is no <c>mimir.json</c> besides.</param>
public sealed record BackendsUse(string File, bool IsMain)
{
    /// <summary>Whether somebody named the file itself; false when it was found in a folder.</summary>
    public bool IsNamed { get; init; }

    /// <summary><c>MCP_HOST</c> as it was set; null when it was not.</summary>
    public string? Host { get; init; }

    /// <summary><c>MCP_SERVER_NAME</c>, 1 to 128 characters; null when it was not set.</summary>
    public string? ServerName { get; init; }

    /// <summary><c>MCP_PORT</c>, 0 to 65535; null when it was not set.</summary>
    public int? Port { get; init; }
}
