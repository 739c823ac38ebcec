using System.Text.Json;
using Mimir.Embed.Threads;

namespace Mimir.Embed.Tools;

/// <summary>One call of a tool.</summary>
public sealed class ToolContext : CallContext
{
    internal ToolContext(IReadOnlyDictionary<string, JsonElement> arguments, IMainThread main, ICallWire wire)
        : base(arguments, main, wire)
    {
    }
}
