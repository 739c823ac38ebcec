namespace Mimir.Functional.Clients;

/// <summary>What every modern request carries.</summary>
internal static class Envelope
{
    /// <summary>The modern revision.</summary>
    public const string Revision = "2026-07-28";

    /// <summary>Params with the modern <c>_meta</c>.</summary>
    /// <param name="members">The other members of params, without braces, possibly empty.</param>
    /// <param name="capabilities">The client capabilities, JSON.</param>
    /// <param name="more">More members of <c>_meta</c>, without braces.</param>
    /// <param name="revision">The revision to claim.</param>
    public static string Params(string members = "", string capabilities = "{}", string? more = null, string revision = Revision) =>
        "{" + (members.Length == 0 ? "" : members + ",")
        + $"\"_meta\":{{\"io.modelcontextprotocol/protocolVersion\":\"{revision}\",\"io.modelcontextprotocol/clientInfo\":{{\"name\":\"raw\",\"version\":\"1\"}},"
        + $"\"io.modelcontextprotocol/clientCapabilities\":{capabilities}{(more is null ? "" : "," + more)}}}}}";
}
