using Mimir.Embed.Attributes;
using Mimir.Embed.Calls;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Hosting;

/// <summary>The tools of a host. They come and go while it runs, and clients are told.</summary>
public sealed class ToolTable
{
    private readonly Func<CallSettings> _settings;
    private readonly bool _isReadOnly;

    internal ToolTable(Func<CallSettings> settings, bool isReadOnly)
    {
        _settings = settings;
        _isReadOnly = isReadOnly;
    }

    /// <summary>The names, in no order.</summary>
    public IReadOnlyCollection<string> Names => [.. Collection.PrimitiveNames];

    internal ToolCollection Collection { get; } = new();

    /// <summary>Adds a tool. In a host that is read-only, one that changes something is passed over.</summary>
    /// <exception cref="ArgumentException">Its name is no name of a tool, or is taken.</exception>
    public void Add(ToolDefinition tool)
    {
        ToolNames.Check(tool.Name);
        if (_isReadOnly && !tool.IsReadOnly) return;
        if (!Collection.TryAdd(new EmbeddedTool(tool, _settings()))) throw new ArgumentException($"There is a tool {tool.Name} already.");
    }

    /// <summary>Adds a tool that is an object.</summary>
    /// <exception cref="ArgumentException">Its class is not marked, or its name is taken.</exception>
    public void Add(McpToolBase tool) => Add(ToolMaker.Of(tool));

    /// <summary>Adds all methods of an object that are marked with <see cref="McpToolAttribute"/>.</summary>
    /// <exception cref="ArgumentException">There are none, or a name is taken.</exception>
    public void AddMethods(object owner)
    {
        foreach (var tool in ToolMaker.OfMethods(owner).ToList()) Add(tool);
    }

    /// <summary>Adds a function.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="description">What it does, for the model.</param>
    /// <param name="function">What it does. Its parameters are the tool's; a <see cref="ToolContext"/> and a <see cref="CancellationToken"/> are given to it.</param>
    /// <param name="runOn">Where it runs.</param>
    /// <param name="isReadOnly">Whether it changes nothing.</param>
    public void Add(string name, string description, Delegate function, RunOn runOn = RunOn.Main, bool isReadOnly = false) =>
        Add(ToolMaker.OfMethod(new McpToolAttribute(name, description) { RunOn = runOn, IsReadOnly = isReadOnly }, function.Method, function.Target));

    /// <summary>Removes a tool. Calls that run end as they would.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string name) => Collection.TryGetPrimitive(name, out var tool) && tool.ProtocolTool.Name == name && Collection.Remove(tool);

    /// <summary>Has a tool understood by another name, which is not listed.</summary>
    internal void AddAlias(string alias, string name) => Collection.AddAlias(alias, name);
}
