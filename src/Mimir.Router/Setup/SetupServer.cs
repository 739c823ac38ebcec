namespace Mimir.Router.Setup;

/// <summary>A server that is written down.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>stdio</c> or <c>streamable_http</c> or <c>sse</c>; empty when that could not be read.</param>
/// <param name="Command">The program, or the address without user name and query; empty when that could not be read.</param>
/// <param name="IsOn">Whether it is switched on.</param>
public sealed record SetupServer(string Name, string Kind, string Command, bool IsOn);
