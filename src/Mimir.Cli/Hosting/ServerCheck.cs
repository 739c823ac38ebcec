namespace Mimir.Cli.Hosting;

/// <summary>What can be told of a server without starting it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Transport"><c>stdio</c>, <c>http</c> or <c>sse</c>.</param>
/// <param name="Target">The full path of the program, or scheme and host of the address; empty when the program was not found.</param>
/// <param name="Fault">What keeps it from being started, and what to do; null when nothing is seen.</param>
internal sealed record ServerCheck(string Name, string Transport, string Target, string? Fault);
