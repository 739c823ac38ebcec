using System.Text.Json;
using Mimir.Embed.Threads;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Prompts;

/// <summary>One use of a prompt.</summary>
public sealed class PromptContext : CallContext
{
    internal PromptContext(IReadOnlyDictionary<string, JsonElement> arguments, IMainThread main, ICallWire wire)
        : base(arguments, main, wire)
    {
    }
}
