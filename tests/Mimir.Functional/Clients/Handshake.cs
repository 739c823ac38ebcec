namespace Mimir.Functional.Clients;

/// <summary>The legacy handshake.</summary>
internal static class Handshake
{
    /// <summary>The members of the params of <c>initialize</c>.</summary>
    public static string Members(string revision, string capabilities) =>
        $"\"protocolVersion\":\"{revision}\",\"capabilities\":{capabilities},\"clientInfo\":{{\"name\":\"raw\",\"version\":\"1\"}}";
}
