namespace Mimir.Router.Tests.Support;

/// <summary>What is called, by whom: what must be the same when a client comes back.</summary>
/// <param name="Method">The method.</param>
/// <param name="Parameters">Members of <c>params</c>.</param>
/// <param name="View">A server's name for its view alone.</param>
/// <param name="Door">Where the client comes in.</param>
public sealed record ParkedPlace(
    string Method = "tools/call", string Parameters = "\"name\":\"a\",\"arguments\":{\"n\":1}", string? View = null, string Door = "http");
