using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>One tool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RunAsync">What it does.</param>
/// <param name="Properties">The properties of its input schema, JSON members without braces.</param>
/// <param name="More">More members of its entry in the list, without braces.</param>
internal sealed record Tool(string Name, Func<Call, Task> RunAsync, string Properties = "", string? More = null)
{
    /// <summary>The entry in the list.</summary>
    public string Entry =>
        $"{{\"name\":{Json.Text(Name)},\"description\":\"{Name} for tests\",\"inputSchema\":{{\"type\":\"object\",\"properties\":{{{Properties}}}}}"
        + (More is null ? "}" : "," + More + "}");
}
